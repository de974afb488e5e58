import Foundation
import Tensors
import Testing

/// `trace --format svg` and `--format gif`, as they are typed.
@Suite struct FigureCommandTests {
  @Test(arguments: [
    (
      "conv --input 5x5 --kernel 3 --stride 2 --padding 1",
      "convolution, kernel 3, stride 2, padding 1: 5×5 → 3×3"
    ),
    ("conv --input 3 --kernel 2 --bias 10 --cell 1", "output 1 = 2·1 + 3·2 + 10 = 18"),
    (
      "conv-transpose --input 1,2 --weight 1,2 --form scatter",
      "input 1 = 2 adds 2·1 at 1, 2·2 at 2"
    ),
    ("max-pool --input 1,9,2,3 --kernel 2", "output 1 = max(2, 3) = 3"),
    ("avg-pool --input 2x2 --kernel 2", "(1 + 2 + 3 + 4)/4 = 5/2"),
    ("bilinear --input 0,4 --scale 2 --cell 1", "output 1 = 0·¾ + 4·¼ = 1"),
    ("linear --input 1,2 --weight 3,4/5,6 --cell 0,1", "output 1 = 1·5 + 2·6 = 17"),
    ("softmax --input 0,0", "0.500000"),
    // Around row 2 and column 40 lie the rows to 6 and the columns from 36.
    ("conv --input 90x90 --kernel 3 --cell 2,40", "rows 0 to 7, columns 37 to 45"),
    // Rows 5 to 6 read rows 5 to 6 + 3 − 1.
    ("conv --input 90x20 --kernel 3 --rows 5..6", "rows 5 to 8, columns 0 to 19"),
    ("conv --input 90x20 --kernel 3 --rows 5..6", "rows 5 to 6, columns 0 to 17"),
    ("conv --input 90 --kernel 3 --columns 50..52", "columns 50 to 54"),
    // A kernel of each map: 1·1 + 2·2 + 3·3 + 4·4 of the first, 5·5 + 6·6 + 7·7 + 8·8 of the second.
    ("conv --input 2x2x2 --kernel 2", "= 204"),
    ("conv --input 2x2x2 --kernel 2 --groups 2", "2 maps of 1×1"),
    ("conv-transpose --input 2x1x1 --kernel 1", "1·1 + 2·2 = 5"),
    ("conv --input 90x20 --kernel 3 --rows 5 --columns 3..4 --animate", "the map goes on"),
    ("max-pool --input 90x20 --kernel 2 --rows 5..6", "rows 10 to 13, columns 0 to 19"),
    // −1·2 is taken away, in the sum and on the stamp.
    ("conv --input 1,-1 --weight 1,2", "output 0 = 1·1 - 1·2 = -1"),
    ("conv-transpose --input 2,-1 --weight 1 --form scatter", "-1</text>"),
    ("avg-pool --input 1,-8/7; --kernel 2", "(1 - 8/7)/2 = -1/14"),
  ])
  func `every operation is drawn, with its sum`(line: String, text: String) throws {
    let outcome = try Convbook.run("trace \(line) --format svg")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.hasPrefix("<svg ") && outcome.output.hasSuffix("</svg>\n"))
    #expect(outcome.output.contains(text), "\(outcome.output)")
    try XMLDocumentCheck(outcome.output).check()
  }

  @Test(arguments: [
    ("--format svg --form all --animate", "<svg ", "</svg>\n"),
    ("--format gif --size 400 --seconds 5", "GIF89a", ";"),
  ])
  func `what moves is one file`(options: String, first: String, last: String) throws {
    let fixture = try Fixture()
    let name = first == "GIF89a" ? "moves.gif" : "moves.svg"
    let outcome = try fixture.run(
      "trace conv-transpose --input 2x2 --kernel 2 \(options) --output \(name)")
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.error)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path(name)))
    #expect(
      bytes.starts(with: first.utf8) && bytes.suffix(last.utf8.count).elementsEqual(last.utf8))
  }

  @Test(arguments: [
    ("--format gif", 64, "--output is missing"),
    ("--format gif --animate --output a.gif", 64, "a GIF always moves"),
    ("--format gif --size 5 --output a.gif", 64, "from 200 to 2000"),
    ("--format gif --size 200 --output a.gif", 65, "the letters of this drawing touch"),
    ("--format svg --size 300", 64, "--size is for --format gif"),
    ("--format svg --seconds 5", 64, "--animate"),
    ("--format svg --width 60", 64, "--width is for text in a terminal"),
    ("--animate", 64, "write --format svg too"),
    ("--output a.svg", 64, "--format svg or --format gif"),
    ("--format gif --output a.svg", 64, "the name must end in .gif"),
    ("--format svg --output a.gif", 64, "the name must end in .svg"),
    ("--format png", 64, "terminal, markdown, json, svg or gif"),
    ("--form all", 64, "--form all is for a drawing"),
    ("--form all --format json", 64, "--form all is for a drawing"),
    ("--format svg --output nowhere/a.svg", 73, "nowhere"),
    ("--format svg --form zero-insertion", 65, "no zero-insertion form"),
    ("--format svg --cell 9,9", 65, "9,9"),
    ("--format svg --cell 1", 64, "--cell is 1, and these maps have rows and columns"),
    ("--cell 1", 64, "write both, such as --cell 0,1"),
    ("--cell 9", 64, "write both, such as --cell 0,9"),
    ("--rows 0..1", 64, "--rows is for a drawing"),
    ("--format svg --rows 1..0", 64, "such as 2..5"),
    ("--format svg --rows a", 64, "such as 2..5"),
    ("--format svg --rows 1..5", 65, "its rows go from 0 to 1"),
    ("--format svg --rows 0 --cell 1,1", 65, "of which are drawn: rows 0 to 0"),
    ("--format svg --rows 0 --form matrix", 65, "the form matrix is drawn whole"),
    ("--format svg --picture 1", 65, "there is no picture 1; the input has 1 picture"),
    ("--format svg --output=", 64, "--output is empty"),
  ])
  func `what cannot be drawn says why`(options: String, code: Int32, text: String) throws {
    let outcome = try Fixture().run("trace conv --input 3x3 --kernel 2 \(options)")
    #expect(outcome.code == code, "\(outcome.error)")
    #expect(outcome.error.contains(text) && outcome.output.isEmpty, "\(outcome.error)")
  }

  @Test func `no group at all is refused also where there are several maps`() throws {
    let outcome = try Convbook.run("trace conv --input 2x2x2 --kernel 2 --groups 0")
    #expect(outcome.code == 65 && outcome.error.contains("groups is 0"), "\(outcome.error)")
  }

  @Test func `all forms of a cell show the last stamp that it adds up`() throws {
    // Output 2 of 1, 2 spread by 2 with a kernel of 3: 1·3 + 2·1, of inputs 0 and 1.
    let line = "trace conv-transpose --input 1,2,4 --kernel 3 --stride 2 --form all --format svg"
    let text = try Convbook.run("\(line) --cell 2").output
    #expect(
      text.contains("1·3 + 2·1 = 5") && text.contains("input 1 = 2 goes to"), "\(text.suffix(3000))"
    )
  }

  @Test func `maps that are too large say what fits, and offer a cell where that helps`() throws {
    let large = try Convbook.run("trace conv --input 90x90 --kernel 3 --format svg")
    #expect(large.code == 65 && large.error.contains("room for 52 each way"), "\(large.error)")
    #expect(large.error.contains("--cell draws the part around one cell"))
    let matrix = try Convbook.run("trace conv --input 9x9 --kernel 3 --form matrix --format svg")
    #expect(
      matrix.code == 65 && matrix.error.contains("of the form window --cell, --rows"),
      "\(matrix.error)")
    // At once, without a matrix of millions of cells.
    let all = try Convbook.run(
      "trace conv-transpose --input 100x100 --kernel 4 --stride 2 --cell 150,150 --form all --format svg"
    )
    #expect(all.code == 65 && all.output.isEmpty, "\(all.error)")
  }

  @Test func `with a cell what moves begins there; one cell of a large map does not move`() throws {
    let line = "trace conv --input 3x3 --kernel 2 --cell 1,0"
    let moving = try Fixture().run("\(line) --format svg --animate --seconds 8")
    // Moment 2 of 4.
    #expect(moving.output.contains("8s step-end -4.000s infinite"), "\(moving.error)")
    let large = "trace conv --input 90x90 --kernel 3 --cell 5,5"
    let still = try Fixture().run("\(large) --format svg --animate")
    #expect(still.code == 65 && still.error.contains("leave out --animate"), "\(still.error)")
    let gif = try Fixture().run("\(large) --format gif --output a.gif")
    #expect(gif.code == 65 && gif.error.contains("write --format svg"), "\(gif.error)")
    let explored = try Convbook.run("explore conv --input 5x5 --kernel 3 --cell 1")
    #expect(
      explored.code == 64 && explored.error.contains("such as --cell 0,1"), "\(explored.error)")
  }

  @Test func `of a batch one picture is drawn, and its title says which`() throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [2, 1, 1, 2], [1, 2, 3, 4])
    let line = "trace conv --input x.npy --kernel 1 --format svg"
    let first = try fixture.run(line)
    #expect(first.output.contains(", picture 0 of 2</text>"), "\(first.error)")
    let second = try fixture.run("\(line) --picture 1")
    #expect(
      second.output.contains(", picture 1 of 2</text>") && second.output.contains("= 4</text>"))
  }

  @Test func `numbers of a file are rounded in their cells and in full below`() throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 1, 2], [0.1, -12345.678])
    let drawn = try fixture.run("trace conv --input x.npy --kernel 1 --format svg --cell 0")
    let full = Double(Float(0.1))
    #expect(drawn.output.contains(">0.1</text>") && drawn.output.contains("\(full)·1"))
    #expect(drawn.output.contains(">-12346</text>"), "\(drawn.output)")
  }

  @Test func `a bias among stamps is told, in the drawing and in the terminal`() throws {
    // 1·1 + 10 = 11 in the first cell, which one stamp reaches.
    let line = "trace conv-transpose --input 2x2 --kernel 2 --bias 10 --form scatter"
    let drawn = try Fixture().run("\(line) --format svg")
    #expect(drawn.output.contains("with bias 10"), "\(drawn.error)")
    let told = try Fixture().run("\(line) --plain")
    #expect(told.output.contains("bias on output (3x3)"), "\(told.output)")
    let without = try Fixture().run("trace conv-transpose --input 2x2 --kernel 2 --form scatter")
    #expect(!without.output.contains("bias"))
  }

  @Test func `a pooling's drawing calls what its windows reach by that name`() throws {
    // (6 + 2·1 − 3)/2 + 1 = 3 windows reach 2·2 + 3 = 7 of the 8 padded cells.
    let drawn = try Fixture().run(
      "trace max-pool --input 6x6 --kernel 3 --stride 2 --padding 1 --format svg")
    #expect(drawn.output.contains("its windows reach 7×7"), "\(drawn.error)")
    #expect(!drawn.output.contains("with padding 7×7"))
  }

  @Test func `a drawing never replaces its input`() throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 2, 2], [1, 2, 3, 4])
    try FileManager.default.createSymbolicLink(
      atPath: fixture.folder.path + "/x.svg", withDestinationPath: "x.npy")
    let outcome = try fixture.run("trace conv --input x.npy --kernel 1 --format svg --output x.svg")
    #expect(outcome.code == 64 && outcome.error.contains("would replace the input"))
  }
}

/// Whether every tag of a text is closed in its order.
struct XMLDocumentCheck {
  let text: String
  struct Malformed: Error, CustomStringConvertible { let description: String }

  init(_ text: String) { self.text = text }

  func check() throws {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      let tag = part.prefix { $0 != ">" }
      guard tag.count < part.count else { throw Malformed(description: "\(part)") }
      let name = tag.prefix { !" />".contains($0) || $0 == "/" && tag.hasPrefix("/") }
      if tag.hasSuffix("/") { continue }
      if !tag.hasPrefix("/") {
        open.append(name)
      } else if open.popLast() != name.dropFirst() {
        throw Malformed(description: "\(tag) closes nothing")
      }
    }
    guard open.isEmpty else { throw Malformed(description: "\(open) stay open") }
  }
}
