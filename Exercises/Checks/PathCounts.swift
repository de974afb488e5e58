internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var pathCounts: Exercise<([[LayerGeometry]], Int, Int), [Int]> {
    Exercise(
      "pathCounts", lesson: 39, title: "the paths from every cell to one behind a join",
      hints: [
        "Which cells does the cell of the last layer read? By how many paths does each of them lead to it?",
        "Begin with one path at the cell; each layer, from the last to the first, hands the paths of output "
          + "o to the cells o·s + d·k − p that exist; the branches are added up.",
        "For each branch: find the sizes, then for (layer, size) in zip(layers, sizes).reversed() make "
          + "before with size zeros, and add paths[output] to before[output * s + k * d - p] for every k.",
      ],
      cases: {
        let three = LayerGeometry(kernelSize: 3, padding: 1)
        let half = LayerGeometry(kernelSize: 2, stride: 2)
        let apart = LayerGeometry(kernelSize: 3, padding: 2, dilation: 2)
        let wide = LayerGeometry(kernelSize: 4, stride: 3, padding: 2, dilation: 2)
        return [
          ([[]], 3, 1), ([[LayerGeometry(kernelSize: 2)]], 3, 1), ([[three]], 4, 0),
          ([[LayerGeometry(kernelSize: 2, padding: 2)]], 3, 4),
          ([[three, three], []], 7, 3), ([[three, three]], 4, 0), ([[half, half]], 9, 1),
          ([[LayerGeometry(kernelSize: 3, stride: 2, padding: 1), three]], 9, 2),
          ([[three, half], [half]], 8, 2), ([[apart]], 6, 0), ([[apart], [three], []], 6, 5),
          ([[wide, three], [LayerGeometry(kernelSize: 3, stride: 3), three]], 14, 3),
          ([[LayerGeometry(kernelSize: 1, stride: 2, padding: 2), three]], 7, 0),
          ([[LayerGeometry(kernelSize: 5, padding: 2), three, apart], [], []], 9, 2),
          ([[three, LayerGeometry(kernelSize: 4, stride: 2, padding: 1)]], 10, 4),
          ([[LayerGeometry(kernelSize: 2, padding: 1), LayerGeometry(kernelSize: 3)]], 5, 3),
        ]
      },
      show: { branches, input, cell in
        branches.enumerated().map { shown("branch \($0)", $1) }
          + named(("input", input), ("cell", cell))
      },
      expected: { branches, input, cell in
        try counted(branches, input, cell).reduce(into: []) { sum, row in
          sum = sum.isEmpty ? row : zip(sum, row).map(+)
        }
      },
      arithmetic: { given, place in
        let (branches, input, cell) = given
        guard place[0] < input else { return ["the row has \(input) cells"] }
        let rows = try counted(branches, input, cell)
        let shares = rows.enumerated().map { "branch \($0) has \($1[place[0]])" }
        let numbers = rows.map { "\($0[place[0]])" }
        return shares + [
          "paths from cell \(place[0]): \(numbers.joined(separator: " + ")) = "
            + "\(rows.reduce(0) { $0 + $1[place[0]] })"
        ]
      },
      decoys: [
        Decoy("the first branch alone", "A sum hears every branch.") { branches, input, cell in
          try sum(Array(branches.prefix(1)), input, cell)
        },
        Decoy("the last branch alone", "A sum hears every branch.") { branches, input, cell in
          try sum(Array(branches.suffix(1)), input, cell)
        },
        Decoy("cells seen, not paths", "Several paths may lead from one cell.") {
          branches, input, cell in
          try sum(branches, input, cell).map { min($0, 1) }
        },
        Decoy("branches joined by the larger", "The paths of all branches are added up.") {
          branches, input, cell in
          try counted(branches, input, cell).reduce(into: []) { most, row in
            most = most.isEmpty ? row : zip(most, row).map(max)
          }
        },
        Decoy("layers from first to last", "The way back begins with the last layer.") {
          branches, input, cell in
          try sum(branches.map { $0.reversed() }, input, cell)
        },
        Decoy("padding forgotten", "Output o begins to read at o·s − p.") { branches, input, cell in
          try walked(branches, input, cell) { $0 * $1.stride + $2 * $1.dilation }
        },
        Decoy("dilation forgotten", "Taps lie d cells apart.") { branches, input, cell in
          try walked(branches, input, cell) { $0 * $1.stride + $2 - $1.padding }
        },
        Decoy("stride forgotten", "Output o begins to read at o·s − p.") { branches, input, cell in
          try walked(branches, input, cell) { $0 + $2 * $1.dilation - $1.padding }
        },
        Decoy("padding of every map counted as cells", "A path ends where it meets padding.") {
          branches, input, cell in
          try walked(branches, input, cell, ends: false) {
            $0 * $1.stride + $2 * $1.dilation - $1.padding
          }
        },
        Decoy("an empty branch left out", "The row itself is a branch, too: one path.") {
          branches, input, cell in
          try sum(branches.filter { !$0.isEmpty }, input, cell)
        },
        Decoy("cell 0 in place of the cell", "The paths to the cell that was asked for count.") {
          branches, input, _ in try sum(branches, input, 0)
        },
        Decoy("paths into the border kept at the border", "Padding is no cell of the row.") {
          branches, input, cell in
          try walked(branches, input, cell, clamps: true) {
            $0 * $1.stride + $2 * $1.dilation - $1.padding
          }
        },
      ])
  }
}

/// The paths of each branch, from the taps of every layer.
private func counted(
  _ branches: [[LayerGeometry]], _ input: Int, _ cell: Int
) throws -> [[Int]] {
  try branches.map { layers in
    var axes: [Axis] = []
    for layer in layers {
      let window = try Window(
        kernelSize: layer.kernelSize, stride: layer.stride, dilation: layer.dilation,
        padding: layer.padding)
      axes.append(try window.axis(input: axes.last?.outputSize ?? input))
    }
    // Forwards: how many paths lead from one cell of the row to every cell of the last map.
    return (0..<input).map { source in
      let last = axes.reduce((0..<input).map { $0 == source ? 1 : 0 }) { paths, axis in
        axis.tapsByOutput.map { taps in taps.reduce(0) { $0 + paths[$1.input] } }
      }
      return last.indices.contains(cell) ? last[cell] : 0
    }
  }
}

private func sum(_ branches: [[LayerGeometry]], _ input: Int, _ cell: Int) throws -> [Int] {
  try counted(branches, input, cell).reduce(Array(repeating: 0, count: input)) { sum, row in
    zip(sum, row).map(+)
  }
}

/// Backwards, with another rule for the cell that an output reads with a kernel cell.
///
/// - Parameters:
///   - ends: whether a path ends in the padding of maps on the way.
///   - clamps: whether it goes on at the border there.
private func walked(
  _ branches: [[LayerGeometry]], _ input: Int, _ cell: Int, ends: Bool = true,
  clamps: Bool = false, _ place: (_ output: Int, LayerGeometry, _ kernel: Int) -> Int
) throws -> [Int] {
  var counts = Array(repeating: 0, count: input)
  for layers in branches {
    var sizes = [input]
    for layer in layers {
      sizes.append(
        (sizes.last! + 2 * layer.padding - layer.effectiveKernelSize) / layer.stride + 1)
    }
    var paths = [cell: 1]
    for (layer, size) in zip(layers, sizes).reversed() {
      var before: [Int: Int] = [:]
      for (output, count) in paths {
        for kernel in 0..<layer.kernelSize {
          var cell = place(output, layer, kernel)
          if clamps { cell = min(max(cell, 0), size - 1) }
          if !ends || (0..<size).contains(cell) { before[cell, default: 0] += count }
        }
      }
      paths = before
    }
    for (place, count) in paths where counts.indices.contains(place) { counts[place] += count }
  }
  return counts
}
