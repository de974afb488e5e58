import LessonKit
import Tensors
import Testing

@testable import Workbench

/// Whatever keys are pressed: the display keeps its size, and the command that is printed makes what is
/// shown.
@Suite struct ExplorationCommandTests {
  @Test(arguments: [
    "conv", "conv --input 7 --kernel 3", "conv --input 1/2,3;4,1/3; --weight 1,-2/3,0",
    "conv-transpose --stride 2", "max-pool", "avg-pool --padding 1 --count-include-pad",
    "bilinear --align-corners", "linear --bias 1,2,3", "argmax --input 3,1,2/4,4,0",
    "softmax --input 4", "conv --input 2;", "conv --padding same-upper --stride 2",
  ])
  func `a hundred keys of chance`(line: String) throws {
    var random = SplitMix64(seed: 7)
    var walk = try Walk(line)
    let keys: [Key] =
      [.up, .down, .left, .right, .right, .down, .tab, .enter, .home, .end, .escape]
      + "kKtTpPdDoOiIxfnNruwmvb23-/?c".map { .character($0) }
    for count in 0..<100 {
      let key = keys[random.integer(in: 0...keys.count - 1)]
      walk.press(key)
      (walk.width, walk.height) = [(60, 16), (80, 24), (133, 40)][count % 3]
      let lines = walk.lines
      #expect(lines.count == walk.height)
      #expect(lines.filter { $0.count > walk.width } == [])
      guard count % 9 == 0 else { continue }
      let exploration = walk.exploration
      let isBoth = ["conv", "conv-transpose"].contains(exploration.explored.operation.rawValue)
      guard isBoth || exploration.state.question == .output else { continue }
      let command = exploration.explored.command(cell: exploration.cell)
      let shown = try exploration.sight
      let printed = printed(by: command)
      #expect(printed.code == 0, "\(command): \(printed.text)")
      for equation in shown.equations {
        #expect(printed.text.contains(squeezed(equation.text)), "\(command): \(equation.text)")
      }
      for line in shown.lines where exploration.explored.form != .zeroInsertion {
        #expect(printed.text.contains(line), "\(command): \(line)")
      }
    }
  }

  @Test func `c shows the command and keeps it for the end; what a shell would read is quoted`()
    throws
  {
    var walk = try Walk("conv --input 1/2,3;4,1/3; --kernel 2")
    walk.press("tc")
    let command =
      "convbook trace conv --input '1/2,3;4,1/3;' --kernel 2 --stride 2 --cell 0,0"
    #expect(walk.text.replacing("\n ", with: "").contains(command))
    walk.press("c")
    walk.press(.tab)
    walk.press("c")
    #expect(walk.exploration.farewell == [command])
    #expect(printed(by: command).text.contains("output (0, 0)"))
    #expect(quoted("it's") == #"'it'\''s'"# && quoted("") == "''")
  }

  /// What the command prints, its blanks squeezed.
  private func printed(by command: String) -> (code: Int32, text: String) {
    let kept = KeptOutput()
    let words = Array(words(command).dropFirst()) + ["--width", "400"]
    let code = KeptOutput.$current.withValue(kept) { runConvbook(words) }
    return (code, squeezed(kept.output + kept.error))
  }

  private func squeezed(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// The words of a line as a shell takes them.
  private func words(_ line: String) -> [String] {
    var (words, isQuoted) = ([""], false)
    for character in line {
      switch character {
      case "'": isQuoted.toggle()
      case " " where !isQuoted: words.append("")
      default: words[words.count - 1].append(character)
      }
    }
    return words
  }
}
