internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var restoredSizes: Exercise<(Int, Int, Int, Int), [Int]> {
    Exercise(
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
          (2, 3, 1, 0), (2, 2, 2, 0), (1, 5, 2, 2), (3, 1, 2, 0), (6, 5, 3, 2), (3, 3, 2, 1),
          (1, 3, 4, 0),
          (4, 4, 5, 1), (2, 7, 2, 3),
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
          "\(size) gives ⌊(\(size) + 2·\(p) − \(k))/\(s)⌋ + 1 = \((size + 2 * p - k) / s + 1)"
            + (cell[0] < s ? "" : ": one place more, so the list ends before it"),
          "the smallest is s(o − 1) + k − 2p = \(s)·(\(o) − 1) + \(k) − 2·\(p) = \(least)",
        ] + (cell[0] < s ? ["number \(cell[0]) is \(least) + \(cell[0]) = \(size)"] : [])
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
        Decoy("padding at one end only", "2p of the row that the window slides over are padding.") {
          o, k, s, p in (0..<s).map { s * (o - 1) + k - p + $0 }
        },
        Decoy("padding added", "The padding is not part of the input: − 2p.") { o, k, s, p in
          (0..<s).map { s * (o - 1) + k + 2 * p + $0 }
        },
        Decoy("kernel forgotten", "The last place itself has k cells.") { o, _, s, p in
          (0..<s).map { s * (o - 1) - 2 * p + $0 }
        },
        Decoy(
          "up to the smallest", "The smallest size is s(o − 1) + k − 2p; the others are larger."
        ) {
          o, k, s, p in (0..<s).map { s * (o - 1) + k - 2 * p - s + 1 + $0 }
        },
        Decoy("the smallest and the largest", "All sizes between them count, too.") { o, k, s, p in
          let least = s * (o - 1) + k - 2 * p
          return [least, least + s - 1]
        },
        Decoy("the largest alone", "Every size with this output is asked for.") { o, k, s, p in
          [s * o - 1 + k - 2 * p]
        },
        Decoy("as many as the kernel has cells", "There are s of them.") { o, k, s, p in
          (0..<k).map { s * (o - 1) + k - 2 * p + $0 }
        },
        Decoy("as many as there are outputs", "There are s of them.") { o, k, s, p in
          (0..<o).map { s * (o - 1) + k - 2 * p + $0 }
        },
      ])
  }
}
