internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  /// Lesson 17: how often each cell is reached.
  public static let overlapCounts = Exercise<(Int, Int, Int), [Int]>(
    "overlapCounts", lesson: 17, title: "how many stamps reach each cell",
    hints: [
      "Stamp three kernels of length 3 on paper, two cells apart. Which cells lie under two?",
      "counts[i·s + k] += 1 for every input cell i and kernel cell k; s(i − 1) + k cells in all.",
      "Begin with that many zeros and count in two loops over 0..<input and 0..<kernelSize.",
    ],
    cases: {
      [(1, 2, 1), (2, 2, 1), (3, 3, 2), (3, 4, 2), (4, 5, 3), (2, 2, 3), (5, 7, 2)]
    },
    show: { i, k, s in named(("input", i), ("kernelSize", k), ("stride", s)) },
    expected: { i, k, s in
      let axis = try TransposedWindow(kernelSize: k, stride: s).axis(input: i)
      return (0..<axis.inputSize).map { axis.taps(ofInput: $0).count }
    },
    arithmetic: { input, cell in
      let (i, k, s) = input
      let axis = try TransposedWindow(kernelSize: k, stride: s).axis(input: i)
      let stamps = axis.taps(ofInput: cell[0]).map {
        "stamp \($0.output) with kernel cell \($0.kernel)"
      }
      return [
        "cell \(cell[0]) lies under "
          + (stamps.isEmpty ? "no stamp" : stamps.joined(separator: " and ")) + ": \(stamps.count)"
      ]
    },
    decoys: [
      Decoy("the same everywhere", "Near the ends fewer stamps overlap.") { i, k, s in
        Array(repeating: (k + s - 1) / s, count: s * (i - 1) + k)
      },
      Decoy("stride forgotten", "Stamps stand stride cells apart.") { i, k, _ in
        let axis = try TransposedWindow(kernelSize: k).axis(input: i)
        return (0..<axis.inputSize).map { axis.taps(ofInput: $0).count }
      },
      Decoy("reached or not", "Every stamp counts, not only the first.") { i, k, s in
        let axis = try TransposedWindow(kernelSize: k, stride: s).axis(input: i)
        return (0..<axis.inputSize).map { min(1, axis.taps(ofInput: $0).count) }
      },
      Decoy("the end cut off", "The last stamp is whole: s(i − 1) + k cells.") { i, k, s in
        let axis = try TransposedWindow(kernelSize: k, stride: s).axis(input: i)
        return (0..<min(axis.inputSize, s * i)).map { axis.taps(ofInput: $0).count }
      },
    ])
}
