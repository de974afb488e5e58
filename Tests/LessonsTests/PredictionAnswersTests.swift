import LessonKit
import Lessons
import Tensors
import Testing

/// What people type where a lesson asks.
@Suite struct PredictionAnswersTests {
  struct Asked: CustomTestStringConvertible {
    let lesson: Int
    let right: [String]
    let wrong: [String]

    init(_ lesson: Int, right: [String], wrong: [String]) {
      (self.lesson, self.right, self.wrong) = (lesson, right, wrong)
    }

    var testDescription: String { "lesson \(lesson)" }
  }

  /// The predictions in the order of the book.
  static let asked = [
    Asked(
      1, right: ["-2", "−2", "minus 2", "= -2", "2·1 + 3·0 + 4·(-1)", "2*1+3*0-4"],
      wrong: ["2", "-3", "0"]),
    Asked(2, right: ["2 2 2", "2, 2, 2", "[2 2 2]"], wrong: ["-2 -2 -2", "2 2", "2"]),
    Asked(3, right: ["14", "14.0", "= 14"], wrong: ["12", "41", "1 4"]),
    Asked(4, right: ["6", "six", "6 cells"], wrong: ["5", "7", "not 6"]),
    Asked(5, right: ["5 6", "5 and 6", "6 5", "5 or 6", "5-6"], wrong: ["5", "5 7", "5 6 7"]),
    Asked(6, right: ["3", "three", "7 - 5 + 1 = 3"], wrong: ["5", "7", "2"]),
    Asked(7, right: ["25", "5 + 20 = 25"], wrong: ["5", "18", "20"]),
    Asked(8, right: ["88", "88 cells"], wrong: ["87", "87 or 88", "87.5"]),
    Asked(9, right: ["81", "9·9 = 81", "81 of them"], wrong: ["225", "9", "144"]),
    Asked(
      10, right: ["no", "n", "No, only the shape", "not the values"],
      wrong: ["yes", "y", "yes and no", "perhaps"]),
    Asked(
      11, right: ["1 2 5 4 6", "1,2,5,4,6", "[1, 2, 5, 4, 6]", "1-2-5-4-6"],
      wrong: ["1 2 3 2 4 6", "1 2 2 4 6", "6 4 5 2 1"]),
    Asked(12, right: ["3 2 7 4 2", "3, 2, 7, 4, 2"], wrong: ["1 2 5 4 6", "3 2 1 6 4 2"]),
    Asked(13, right: ["2 5 4", "2,5,4"], wrong: ["1 2 5", "5", "4 5 2"]),
    Asked(14, right: ["2 5 4 6", "2;5;4;6"], wrong: ["2 5 4 0", "0 2 5 4", "2 5 4"]),
    Asked(
      15, right: ["16 17", "17 16", "16 and 17", "16–17"], wrong: ["16", "16 17 18", "15 17"]),
    Asked(
      16, right: ["(512, 21, 4, 4)", "512x21x4x4", "512 × 21 × 4 × 4", "512*21*4*4", "512 21 4 4"],
      wrong: ["21x512x4x4", "512 21 4", "4x4x21x512"]),
    Asked(17, right: ["1 1 2 2 2 2 1 1", "1,1,2,2,2,2,1,1"], wrong: ["1 2 2 2 2 2 2 1", "2"]),
    Asked(
      18, right: ["¾ 1 1 1 1 1 1 ¾", "0.75 1 1 1 1 1 1 0.75", "3/4, 1, 1, 1, 1, 1, 1, 3/4"],
      wrong: ["1 1 1 1 1 1 1 1", "¾ 1 1 1 1 ¾", "¼ 1 1 1 1 1 1 ¼"]),
    Asked(19, right: ["yes", "y", "yes, at the border", "Yes."], wrong: ["no", "n", "never"]),
    Asked(20, right: ["10", "ten", "2·3 + 4 = 10"], wrong: ["8", "12", "9"]),
    Asked(
      21, right: ["no", "all the same", "the same", "They are identical", "equal"],
      wrong: ["yes", "different", "zero"]),
    Asked(22, right: ["2", "two", "1·2 = 2"], wrong: ["1", "4", "1 2"]),
    Asked(23, right: ["4", "4 pixels"], wrong: ["2", "8"]),
    Asked(24, right: ["11/2", "5.5", "5½", "5 1/2", "5,5"], wrong: ["5", "6", "55", "7/2"]),
    Asked(25, right: ["22", "(544 − 500)/2 = 22"], wrong: ["19", "44"]),
    Asked(26, right: ["193", "193 pixels", "193x193"], wrong: ["192", "224"]),
    Asked(27, right: ["544", "32·15 + 64 = 544"], wrong: ["512", "500"]),
    Asked(28, right: ["5", "44 − 34 − 5 = 5"], wrong: ["10", "6"]),
    Asked(
      29, right: ["37", "thirty-seven", "568 - 500 - 31 = 37", "568 - 500 - 31"],
      wrong: ["31", "68"]),
    Asked(
      29, right: ["post", "the post", "Post.", "posts"],
      wrong: ["lamp", "background", "lamp or post"]),
    Asked(30, right: ["3", "3 pixels"], wrong: ["-3", "28"]),
    Asked(31, right: ["533", "512 + 21 = 533"], wrong: ["512", "21"]),
    Asked(32, right: ["0", "zero", "0.0", "nothing"], wrong: ["1", "not 0"]),
    Asked(33, right: ["5", "5.0"], wrong: ["6", "1 2 3"]),
    Asked(34, right: ["yes", "y", "longer"], wrong: ["no", "shorter", "as long"]),
    Asked(34, right: ["ring", "the ring", "Ring."], wrong: ["cross", "ring or cross"]),
    Asked(35, right: ["9/20", ".45", "0.45", "45%"], wrong: ["0.5", "45", "4/9"]),
    Asked(36, right: ["36", "9·4 = 36"], wrong: ["9", "4"]),
    Asked(37, right: ["16", "4·4 = 16"], wrong: ["4", "8", "36"]),
    Asked(38, right: ["312", "312 rows"], wrong: ["250", "281"]),
    Asked(38, right: ["background", "the background"], wrong: ["cross", "ring"]),
    Asked(39, right: ["4", "3 + 1 = 4", "four"], wrong: ["3", "1", "10"]),
    Asked(40, right: ["104", "8·13 = 104", "104 cells"], wrong: ["96", "100", "102", "108"]),
    Asked(41, right: ["12", "2·1·6 = 12", "twelve"], wrong: ["28", "9", "6"]),
    Asked(
      42, right: ["0 0 7 -4 0 0", "0,0,7,−4,0,0"], wrong: ["7 -4", "0 0 7 -4", "7 -4 0 0 0 0"]),
    Asked(43, right: ["0", "zero", "nothing"], wrong: ["1", "1/4"]),
    Asked(44, right: ["1/3", "1/(1 + 2)", "⅓"], wrong: ["1/2", "2/3", "0"]),
    Asked(45, right: ["5", "1·2 + 3·1 = 5"], wrong: ["2", "3", "4"]),
    Asked(46, right: ["3", "24/8 = 3", "three"], wrong: ["0", "1", "9"]),
    Asked(47, right: ["-2", "1 - 3/4·4 = -2", "minus 2"], wrong: ["2", "3", "-3/2"]),
    Asked(48, right: ["1.79", "ln 6"], wrong: ["6", "1/6", "0.17"]),
    Asked(49, right: ["-1", "1 + 2 - 4"], wrong: ["1", "0", "-2"]),
    Asked(50, right: ["1/2", "½", "0.5", "half", "50%"], wrong: ["1/10", "9/10", "1"]),
  ]

  private func predictions() throws -> [(lesson: Int, prediction: Prediction)] {
    try LessonIndex.all.flatMap { lesson in
      try LessonRuns.steps(lesson.number).compactMap {
        if case .prediction(let prediction) = $0 { (lesson.number, prediction) } else { nil }
      }
    }
  }

  @Test func `each prediction takes what a person would type, and wrong answers stay wrong`() throws
  {
    let predictions = try predictions()
    try #require(predictions.map(\.lesson) == Self.asked.map(\.lesson))
    for ((lesson, prediction), asked) in zip(predictions, Self.asked) {
      for reply in asked.right {
        #expect(prediction.accepts(reply), "lesson \(lesson), \(prediction.answer): \(reply)")
      }
      for reply in asked.wrong + ["", "?", "42 43"] {
        #expect(!prediction.accepts(reply), "lesson \(lesson), \(prediction.answer): \(reply)")
      }
    }
  }

  /// Lessons where the number of the answer stands above the question as the number of something
  /// else.
  static let chance = [
    1: "the first cell, which is shown, happens to have the same value",
    28: "the crop begins at 5, which the question says",
    32: "class 0 and ln 1 are 0 too",
    33: "an output has 5 cells",
    43: "y is 0 for the other classes",
    46: "the sum of three ones is 3 as well",
  ]

  @Test(arguments: LessonIndex.all.map(\.number))
  func `no answer stands above its question`(number: Int) throws {
    var above: [Step] = []
    for step in try LessonRuns.steps(number) {
      if case .prediction(let prediction) = step, let place = shown(prediction.answer, in: above) {
        #expect(
          Self.chance[number] != nil, "lesson \(number): \(prediction.answer) stands in \(place)")
      }
      above.append(step)
    }
  }

  /// Where the answer is given: as a result in a formula, in an output map or as its size, in a table,
  /// or, if it is a list, anywhere.
  private func shown(_ answer: String, in steps: [Step]) -> String? {
    let wanted = answer.split(separator: " ").map(String.init)
    guard wanted.allSatisfy({ $0.contains { $0.isNumber } }) else { return nil }
    for step in steps {
      let results: [String] =
        switch step {
        case .formula(let lines): lines
        case .trace(let trace):
          trace.equations.map(\.text) + (trace.outcome + trace.stamps).flatMap(texts)
        case .grids(let grids, _): grids.filter { $0.role == .output }.flatMap(texts)
        case .table(let table): table.rows.joined() + table.rows.map { $0.joined(separator: " ") }
        case .claim(let claim): [claim.evidence]
        case .prose(let text): [text]
        default: []
        }
      for text in results {
        let words = text.split { " ,;()".contains($0) }.map(String.init)
        if wanted.count >= 3 {
          let starts = words.indices.dropLast(wanted.count - 1)
          if starts.contains(where: { Array(words[$0..<$0 + wanted.count]) == wanted }) {
            return text
          }
        } else if wanted.count == 1, step.kind != "prose", step.kind != "claim",
          words == wanted || words.suffix(2) == ["=", wanted[0]]
        {
          return text
        }
      }
    }
    return nil
  }

  private func texts(_ grid: Grid) -> [String] {
    grid.rows.map { $0.map(\.text).joined(separator: " ") } + grid.rows.joined().map(\.text)
      + (grid.size.height == 1 ? ["\(grid.size.width)"] : [])
  }
}
