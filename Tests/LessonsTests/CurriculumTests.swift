import LessonKit
import Lessons
import Testing

@Suite struct CurriculumTests {
  /// The worked numbers that each lesson is to show, as they stand in its text.
  private static let worked: [(lesson: Int, numbers: [String])] = [
    (1, ["-2 -2 -2", "1·1 + 2·0 + 3·(-1)"]),
    (2, ["2 2 2"]),
    (3, ["12 12 17", "10 17 19", "9 6 14"]),
    (4, ["0 before, 1 after"]),
    (5, ["6 17 3", "8 17 13", "6 4 4", "Answer: 5 6"]),
    (6, ["effective kernel size = d(k − 1) + 1 = 2·(3 − 1) + 1 = 5", "1 0 3 0 6 0 7 0 6 0 3 0 1"]),
    (7, ["64·3·3·3 + 64 = 1792"]),
    (8, ["698 349 175 88 44 22", "175 2 2 0 87 88 88", "5 1 3 0 2 2 3"]),
    (9, ["matrix C (4×16)", "Answer: 81"]),
    (10, ["14 20", "14 48 82 60"]),
    (11, ["0 0 1 / 0 4 6 / 4 12 9"]),
    (12, ["1 2 5 4 6", "3 2 7 4 2"]),
    (13, ["2 5 4"]),
    (14, ["2 5 4 6", "1 2 5 4 6 0"]),
    (15, ["16 17", "18 2 6 16 18"]),
    (16, ["(in, out / groups, kernel height, kernel width)"]),
    (17, ["1 1 2 1 2 1 2 1 1", "1 1 2 2 2 2 1 1"]),
    (18, ["¼ ¾ ¾ ¼", "¾ 1 1 1 1 1 1 ¾"]),
    (19, ["0 2 6 7 5 4 4 6 10 9"]),
    (20, ["1 3 6 10 12 12 10 6 3 1", "2 6 10 14 14 10 6 2", "= 0.5625", "≈ 0.9690"]),
    (21, ["Answer: no", "0 0 1 1 2 2"]),
    (22, ["fc6 4096×1×1 (4096, 512, 7, 7) 102,760,448", "6×6 = 6×6"]),
    (24, ["pool5 212 32", "fc6 404 32"]),
    (25, ["19 5 27 5 9 31 18", "P + 15 − 16·(k − 1) = 19"]),
    (26, ["81 0, 8, 12 33", "97 16, 24, 28 1", "100 19, 27, 31 1"]),
    (27, ["698 349 175 88 44 22 16 544 500"]),
    (28, ["16 34 44 560 5 27", "0.9690", "0.5625"]),
    (29, ["16 34 70 568", "upscore8 x + 31 input x 31 37"]),
    (30, ["134489759 134507010", "0.914", "0.761"]),
    (31, ["4 16 40 88", "388×388"]),
    (32, ["1/40000 = 2.5e-5"]),
    (
      34,
      [
        "equal on both sides: score_pool4.bias score_pool4.weight", "0.336 < 0.685 < 0.880",
        "ring 0.001 0.393 0.767", "cross 0.000 0.344 0.699", "FCN-32s, the control 2000 0.364",
      ]
    ),
    (35, ["½ 2/5 9/20", "0.498413"]),
    (36, ["windows as columns (9×4)"]),
    (37, ["m0 + m1 + m2 = -6 + 15/2 + ½ = 2", "4 6 = 4 6"]),
    (38, ["5 9 31 = 5 9 31", "Answer: background", "0.378 < 0.621 < 0.849", "sheet.png"]),
    (39, ["0 1 2 4 2 1 0", "1 + 10·(2 + 2)", "188 or 204"]),
    (40, ["28 14 7 13 25", "28 14 7 14 28", "12 more than a multiple of 16, from 188"]),
  ]

  @Test func `the worked numbers of the curriculum appear`() throws {
    for (number, expected) in CurriculumTests.worked {
      let lesson = try #require(LessonIndex.lesson(number))
      let text = TextRenderer(width: 200).text(
        of: lesson, steps: try LessonRuns.steps(lesson.number))
      let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      for numbers in expected {
        #expect(words.contains(numbers), "lesson \(number) does not show \(numbers)")
      }
    }
  }
}
