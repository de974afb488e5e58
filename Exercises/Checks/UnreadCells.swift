internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  /// Lesson 5: the cells that no window reads.
  public static let unreadCells = Exercise<(Int, Int, Int, Int), [Int]>(
    "unreadCells", lesson: 5, title: "the input cells that no window reads",
    hints: [
      "Which cells does place 0 read, which does place 1? What lies between them, and after the "
        + "last?",
      "Place o reads the cells o·s − p … o·s − p + k − 1; a cell is unread if that holds for no o.",
      "Filter 0..<input by a cell for which no o in 0..<places has "
        + "o * stride - padding <= cell && cell < o * stride - padding + kernelSize.",
    ],
    cases: {
      [
        (3, 3, 1, 0), (6, 3, 2, 0), (5, 1, 2, 0), (6, 3, 2, 1), (11, 3, 4, 0), (11, 3, 5, 1),
        (9, 2, 3, 1), (10, 1, 4, 0),
      ]
    },
    show: { i, k, s, p in
      named(("input", i), ("kernelSize", k), ("stride", s), ("padding", p))
    },
    expected: { i, k, s, p in
      try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
    },
    arithmetic: { input, _ in
      let (i, k, s, p) = input
      let axis = try Window(kernelSize: k, stride: s, padding: p).axis(input: i)
      return (0..<axis.outputSize).map { o in
        let cells = axis.taps(ofOutput: o).map { "\($0.input)" }.joined(separator: " ")
        return "place \(o) reads \(cells.isEmpty ? "padding only" : cells)"
      }
    },
    replay: { i, k, s, p in sizeCommand("conv", i, k, s, p) },
    decoys: [
      Decoy("only the far end", "A stride above the kernel size steps over cells between places.") {
        i, k, s, p in
        let places = (i + 2 * p - k) / s + 1
        return (0..<i).filter { $0 >= (places - 1) * s - p + k }
      },
      Decoy("padding forgotten", "Place 0 begins in the padding, at cell −p.") { i, k, s, _ in
        try Window(kernelSize: k, stride: s).axis(input: i).unreadInputs
      },
      Decoy("only the gaps", "After the last place cells may be left over as well.") { i, k, s, p in
        let places = (i + 2 * p - k) / s + 1
        return try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
          .filter { $0 < (places - 1) * s - p + k }
      },
      Decoy("the cells that are read", "The others were asked for.") { i, k, s, p in
        let unread = try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
        return (0..<i).filter { !unread.contains($0) }
      },
    ])
}
