internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  /// Lesson 15: the inputs that give one output.
  public static let restoredSizes = Exercise<(Int, Int, Int, Int), [Int]>(
    "restoredSizes", lesson: 15, title: "the input sizes that give one output size",
    hints: [
      "What is the smallest row on which 6 places exist? By how much may it grow before there is "
        + "a seventh?",
      "s(o − 1) + k − 2p, and the next s − 1 sizes.",
      "let least = stride * (output - 1) + kernelSize - 2 * padding; return the list from least to "
        + "least + stride - 1.",
    ],
    cases: {
      [
        (2, 3, 1, 0), (2, 2, 2, 0), (6, 5, 3, 2), (3, 3, 2, 1), (1, 3, 4, 0), (4, 4, 5, 1),
        (2, 7, 2, 3),
      ]
    },
    show: { o, k, s, p in
      named(("output", o), ("kernelSize", k), ("stride", s), ("padding", p))
    },
    expected: { o, k, s, p in
      // By counting: try every size.
      let window = try Window(kernelSize: k, stride: s, padding: p)
      return (1...200).filter { (try? window.outputSize(input: $0)) == o }
    },
    arithmetic: { input, cell in
      let (o, k, s, p) = input
      let least = s * (o - 1) + k - 2 * p
      let size = least + cell[0]
      return [
        "the smallest is s(o − 1) + k − 2p = \(s)·(\(o) − 1) + \(k) − 2·\(p) = \(least)",
        "\(size) gives ⌊(\(size) + 2·\(p) − \(k))/\(s)⌋ + 1 = \((size + 2 * p - k) / s + 1)",
      ]
    },
    decoys: [
      Decoy("only the smallest", "With a stride of s there are s of them.") { o, k, s, p in
        [s * (o - 1) + k - 2 * p]
      },
      Decoy("one too many", "least + s is the first size that gives one more output.") {
        o, k, s, p in (0...s).map { s * (o - 1) + k - 2 * p + $0 }
      },
      Decoy("stride times output", "Between o places there are o − 1 steps.") { o, k, s, p in
        (0..<s).map { s * o + k - 2 * p + $0 }
      },
      Decoy("padding forgotten", "2p of the row that the window slides over are padding.") {
        o, k, s, _ in (0..<s).map { s * (o - 1) + k + $0 }
      },
    ])
}
