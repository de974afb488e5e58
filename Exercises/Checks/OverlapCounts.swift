internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var overlapCounts: Exercise<(Int, Int, Int), [Int]> {
    Exercise(
      "overlapCounts", lesson: 17, title: "how many stamps reach each cell",
      hints: [
        "Stamp three kernels of length 3 on paper, two cells apart. Which cells lie under two?",
        "counts[i·s + k] += 1 for every input cell i and kernel cell k; s(i − 1) + k cells in all.",
        "Begin with that many zeros and count in two loops over 0..<input and 0..<kernelSize.",
      ],
      cases: {
        [
          (1, 2, 1), (2, 2, 1), (3, 1, 2), (3, 3, 2), (3, 4, 2), (4, 5, 3), (2, 2, 3), (5, 7, 2),
          (6, 6, 1),
        ]
      },
      show: { i, k, s in named(("input", i), ("kernelSize", k), ("stride", s)) },
      expected: { i, k, s in
        let axis = try Window(kernelSize: k, stride: s).transposed().axis(input: i)
        return (0..<axis.inputSize).map { axis.taps(ofInput: $0).count }
      },
      arithmetic: { input, cell in
        let (i, k, s) = input
        let axis = try Window(kernelSize: k, stride: s).transposed().axis(input: i)
        guard cell[0] < axis.inputSize else {
          return [
            "the last stamp ends after s(i − 1) + k = \(s)·(\(i) − 1) + \(k) = \(axis.inputSize) cells"
          ]
        }
        let stamps = axis.taps(ofInput: cell[0]).map {
          "stamp \($0.output) with kernel cell \($0.kernel)"
        }
        return [
          "cell \(cell[0]) lies under "
            + (stamps.isEmpty ? "no stamp" : stamps.joined(separator: " and "))
            + ": \(stamps.count)"
        ]
      },
      decoys: [
        Decoy("the same everywhere", "Near the ends fewer stamps overlap.") { i, k, s in
          Array(repeating: (k + s - 1) / s, count: s * (i - 1) + k)
        },
        Decoy("stride forgotten", "Stamps stand stride cells apart.") { i, k, _ in
          let axis = try Window(kernelSize: k).transposed().axis(input: i)
          return (0..<axis.inputSize).map { axis.taps(ofInput: $0).count }
        },
        Decoy("reached or not", "Every stamp counts, not only the first.") { i, k, s in
          let axis = try Window(kernelSize: k, stride: s).transposed().axis(input: i)
          return (0..<axis.inputSize).map { min(1, axis.taps(ofInput: $0).count) }
        },
        Decoy("the end cut off", "The last stamp is whole: s(i − 1) + k cells.") { i, k, s in
          let axis = try Window(kernelSize: k, stride: s).transposed().axis(input: i)
          return (0..<min(axis.inputSize, s * i)).map { axis.taps(ofInput: $0).count }
        },
        Decoy("kernels one cell too short", "Every stamp has kernelSize cells.") { i, k, s in
          counts(i, k, s, stamps: 0..<i, cells: 0..<k - 1)
        },
        Decoy("the last stamp forgotten", "There are input stamps, 0 to input − 1.") { i, k, s in
          counts(i, k, s, stamps: 0..<i - 1, cells: 0..<k)
        },
        Decoy("the first stamp forgotten", "There are input stamps, 0 to input − 1.") { i, k, s in
          counts(i, k, s, stamps: 1..<i, cells: 0..<k)
        },
        Decoy("only where stamps begin", "A stamp reaches all its k cells.") { i, k, s in
          counts(i, k, s, stamps: 0..<i, cells: 0..<1)
        },
        Decoy("values for counts", "The kernel is of ones: each stamp adds 1.") { i, k, s in
          var sums = Array(repeating: 0, count: s * (i - 1) + k)
          for cell in 0..<i {
            for offset in 0..<k { sums[cell * s + offset] += cell }
          }
          return sums
        },
        Decoy("s·i + k cells", "The last stamp begins at s(i − 1).") { i, k, s in
          counts(i, k, s, stamps: 0..<i, cells: 0..<k) + Array(repeating: 0, count: s)
        },
        Decoy("never more than two", "As many stamps count as reach the cell.") { i, k, s in
          counts(i, k, s, stamps: 0..<i, cells: 0..<k).map { min(2, $0) }
        },
        Decoy("kernel and stride swapped", "Stamps have k cells and stand s apart.") { i, k, s in
          counts(i, s, k, stamps: 0..<i, cells: 0..<s)
        },
      ])
  }
}

private func counts(
  _ i: Int, _ k: Int, _ s: Int, stamps: Range<Int>, cells: Range<Int>
) -> [Int] {
  var counts = Array(repeating: 0, count: s * (i - 1) + k)
  for cell in stamps {
    for offset in cells { counts[cell * s + offset] += 1 }
  }
  return counts
}
