import ConvolutionArithmetic
import LessonKit
import Lessons
import Tensors
import Testing

/// Lessons on the learner's own numbers: true, and good English, whatever the numbers are.
@Suite struct OwnNumbersTests {
  /// Every value of a parameter that is tried with every value of the others.
  private static let small: [Parameter: ClosedRange<Int>] = [
    .input: 1...5, .kernel: 1...4, .stride: 1...3, .padding: 0...2, .dilation: 1...3,
    .outputPadding: 0...2, .scale: 1...8,
  ]

  /// All small numbers crossed, and the ends of each range with the lesson's other numbers.
  private func cases(of lesson: Lesson) -> [Parameters] {
    let names = lesson.parameters.names
    let crossed = names.reduce([[:]]) { (cases: [[Parameter: Int]], name) in
      let values =
        names.count == 1 ? lesson.range(of: name) : Self.small[name]!
      return cases.flatMap { numbers in values.map { numbers.merging([name: $0]) { $1 } } }
    }
    let ends = names.flatMap { name in
      [lesson.range(of: name).lowerBound, lesson.range(of: name).upperBound].map { [name: $0] }
    }
    return (crossed + ends).map { Parameters($0) }
  }

  @Test(arguments: LessonIndex.all.filter { !$0.parameters.names.isEmpty }.map(\.number))
  func `claims hold and sentences are whole for all small numbers, or the geometry is refused`(
    number: Int
  ) throws {
    let lesson = try #require(LessonIndex.lesson(number))
    var worked = 0
    var read: Set<String> = []
    for own in cases(of: lesson) {
      do {
        let steps = try lesson.steps(own: own)
        worked += 1
        for step in steps {
          if case .claim(let claim) = step, !claim.holds {
            Issue.record(
              "lesson \(number) \(own.commandLine): \(claim.sentence): \(claim.evidence)")
          }
          for text in sentences(of: step) where read.insert(text).inserted {
            if let fault = fault(in: text) {
              Issue.record("lesson \(number) \(own.commandLine): \(fault): \(text)")
            }
          }
          if case .prediction(let prediction) = step {
            #expect(prediction.accepts(prediction.answer), "\(own.commandLine)")
          }
        }
      } catch {
        if let fault = fault(in: error.description) {
          Issue.record("lesson \(number) \(own.commandLine): \(fault): \(error.description)")
        }
      }
    }
    #expect(worked > 0)
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `the sentences of every lesson are whole`(number: Int) throws {
    for step in try LessonRuns.steps(number) {
      for text in sentences(of: step) {
        if let fault = fault(in: text) { Issue.record("lesson \(number): \(fault): \(text)") }
      }
    }
  }

  @Test(arguments: [
    ("there are 1 cells", true), ("there is 1 cell", false), ("all 1 of them", true),
    ("a stride of 1 gives 1 input sizes", true), ("the 2 cell", true), ("inputs of 3 to 2", true),
    ("k − 1 cells", false), ("padding 0, map 1", false),
    ("it gives  nothing", true), ("an input of , and", true), ("", true), ("of 2 cells.", false),
    ("1 zero between 2 cells", false), ("a cell ( ) is", true), ("21 cells and 1.1 cells", false),
  ])
  func `the reader sees what is wrong with a sentence`(text: String, isWrong: Bool) {
    #expect((fault(in: text) != nil) == isWrong, "\(text)")
  }

  @Test func `a number the lesson does not take is refused`() throws {
    let lesson = try #require(LessonIndex.lesson(5))
    #expect(throws: UnknownParameter.self) { try lesson.check([.dilation: 2]) }
  }

  /// What stands in a step as words.
  private func sentences(of step: Step) -> [String] {
    switch step {
    case .heading(let text), .prose(let text): [text]
    case .prediction(let prediction): [prediction.question, prediction.answer, prediction.why]
    case .claim(let claim): [claim.sentence, claim.evidence]
    case .table(let table): table.rows.isEmpty ? [""] : table.columns.filter { !$0.isEmpty }
    case .grids(let grids, _): grids.map { $0.rows.joined().isEmpty ? "" : $0.title }
    case .trace(let trace): trace.given.map(\.title)
    case .formula(let lines): lines.isEmpty ? [""] : []
    case .pictures, .files, .figure: []
    }
  }

  private func trimmed(_ word: String) -> String {
    String(word.reversed().drop { ",;:.!?".contains($0) }.reversed())
  }

  /// What is wrong with a sentence as English, whatever it says.
  private func fault(in text: String) -> String? {
    guard !text.isEmpty else { return "nothing is said" }
    for (part, name) in [
      ("  ", "two blanks"), (" ,", "a gap"), (" . ", "a gap"), ("( )", "empty"), ("()", "empty"),
      ("nil", "nil"), ("Optional", "nil"), ("all 1 ", "all of one"), ("the 1 ", "all of one"),
      ("[]", "empty"), (",,", "a gap"), (" of.", "a gap"), (" and.", "a gap"),
    ] where text.contains(part) { return name }
    let nouns = [
      "cell", "size", "zero", "window", "group", "map", "row", "column", "number", "pixel",
      "channel", "product", "place", "input", "output", "class", "layer", "neighbour", "step",
    ]
    // A word that ends in a comma says nothing of the next, and k − 1 is not one.
    let words = text.split { " ()".contains($0) }.map(String.init)
    for (index, word) in words.enumerated() {
      let before = index > 0 ? words[index - 1] : ""
      guard let count = Int(word), index + 1 < words.count, !"−-+·/=".contains(before.last ?? "a")
      else { continue }
      let next = trimmed(words[index + 1])
      let noun =
        ["input", "output", "padded", "kernel"].contains(next) && index + 2 < words.count
        ? trimmed(words[index + 2]) : next
      if count == 1, nouns.contains(where: { noun == $0 + "s" || noun == $0 + "es" }) {
        return "one of many"
      }
      if count != 1, noun != next, nouns.contains(noun) { return "many of one" }
      if count != 1, nouns.contains(next), !["input", "output"].contains(next) {
        return "many of one"
      }
      if next == "to", before != "from", index + 2 < words.count,
        let end = Int(trimmed(words[index + 2])), end < count
      {
        return "a range that runs back"
      }
      if count < 0, nouns.contains(where: { noun.hasPrefix($0) }) { return "less than nothing" }
    }
    return nil
  }
}
