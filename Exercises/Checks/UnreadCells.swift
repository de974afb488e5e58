internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var unreadCells: Exercise<(Int, Int, Int, Int), [Int]> {
    Exercise(
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
          (3, 3, 1, 0), (6, 3, 2, 0), (5, 1, 2, 0), (5, 1, 2, 1), (3, 2, 2, 2), (4, 1, 3, 2),
          (6, 3, 2, 1), (6, 3, 3, 1), (7, 2, 4, 3), (8, 3, 5, 2), (11, 3, 4, 0), (11, 3, 5, 1),
          (9, 2, 3, 1), (10, 1, 4, 0), (40, 2, 3, 0),
        ]
      },
      show: { i, k, s, p in
        named(("input", i), ("kernelSize", k), ("stride", s), ("padding", p))
      },
      expected: { i, k, s, p in
        try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
      },
      arithmetic: { input, cell in
        let (i, k, s, p) = input
        let axis = try Window(kernelSize: k, stride: s, padding: p).axis(input: i)
        let unread = axis.unreadInputs
        let reads = (0..<axis.outputSize).map { o in
          let cells = axis.taps(ofOutput: o).map { "\($0.input)" }.joined(separator: " ")
          return "place \(o) reads \(cells.isEmpty ? "padding only" : cells)"
        }
        return reads + [
          unread.indices.contains(cell[0])
            ? "none of them reads \(unread[cell[0]])" : "every other cell is read"
        ]
      },
      replay: { i, k, s, p in sizeCommand("conv", i, k, s, p) },
      decoys: [
        Decoy("only the far end", "A stride above the kernel size steps over cells between places.")
        {
          i, k, s, p in
          let places = (i + 2 * p - k) / s + 1
          return (0..<i).filter { $0 >= (places - 1) * s - p + k }
        },
        Decoy("padding forgotten", "Place 0 begins in the padding, at cell −p.") { i, k, s, _ in
          try Window(kernelSize: k, stride: s).axis(input: i).unreadInputs
        },
        Decoy("only the gaps", "After the last place cells may be left over as well.") {
          i, k, s, p in
          let places = (i + 2 * p - k) / s + 1
          return try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
            .filter { $0 < (places - 1) * s - p + k }
        },
        Decoy("the cells that are read", "The others were asked for.") { i, k, s, p in
          let unread = try Window(kernelSize: k, stride: s, padding: p).axis(input: i).unreadInputs
          return (0..<i).filter { !unread.contains($0) }
        },
        Decoy("a window that begins at 0", "Place o reads from o·s − p on, also where that is < 0.")
        {
          i, k, s, p in
          unread(i, places(i, k, s, p)) { o in max(0, o * s - p)..<max(0, o * s - p) + k }
        },
        Decoy("padding in the number of places alone", "Place o begins at o·s − p.") { i, k, s, p in
          unread(i, places(i, k, s, p)) { o in o * s..<o * s + k }
        },
        Decoy("padding in the windows alone", "There are ⌊(i + 2p − k)/s⌋ + 1 places.") {
          i, k, s, p in
          unread(i, places(i, k, s, 0)) { o in o * s - p..<o * s - p + k }
        },
        Decoy("padding at one end only", "The places are those of the row with 2p zeros.") {
          i, k, s, p in unread(i, (i + p - k) / s + 1) { o in o * s - p..<o * s - p + k }
        },
        Decoy("padding with the wrong sign", "Place 0 begins before the row, at −p.") {
          i, k, s, p in
          unread(i, places(i, k, s, p)) { o in o * s + p..<o * s + p + k }
        },
        Decoy("a place too few", "There are ⌊(i + 2p − k)/s⌋ + 1 places.") { i, k, s, p in
          unread(i, places(i, k, s, p) - 1) { o in o * s - p..<o * s - p + k }
        },
        Decoy("a place too many", "A window that hangs over the padded row does not count.") {
          i, k, s, p in unread(i, places(i, k, s, p) + 1) { o in o * s - p..<o * s - p + k }
        },
        Decoy("windows of k + 1", "Place o reads k cells, the last is o·s − p + k − 1.") {
          i, k, s, p in
          unread(i, places(i, k, s, p)) { o in o * s - p..<o * s - p + k + 1 }
        },
        Decoy("stride forgotten", "Places stand s cells apart.") { i, k, s, p in
          unread(i, places(i, k, s, p)) { o in o - p..<o - p + k }
        },
        Decoy("only where windows begin", "A place reads k cells, not only its first.") {
          i, k, s, p in
          unread(i, places(i, k, s, p)) { o in o * s - p..<o * s - p + 1 }
        },
        Decoy(
          "the numbers of the cells left over", "Those that lie between places are unread, too."
        ) {
          i, k, s, p in Array((i - (i + 2 * p - k) % s)..<i)
        },
      ])
  }
}

private func places(_ i: Int, _ k: Int, _ s: Int, _ p: Int) -> Int { (i + 2 * p - k) / s + 1 }

private func unread(_ input: Int, _ places: Int, _ window: (Int) -> Range<Int>) -> [Int] {
  (0..<input).filter { cell in !(0..<places).contains { window($0).contains(cell) } }
}
