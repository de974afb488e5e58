internal import ConvolutionArithmetic
public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var maxPoolGradient: Exercise<(Tensor<Int>, Tensor<Int>, Size, Size), Tensor<Int>> {
    Exercise(
      "maxPoolGradient", lesson: 42, title: "the gradient of a max pooling goes to the winners",
      hints: [
        "Which cells of a window can be pushed a little without changing its largest number?",
        "result[place of the window's largest] += gradient[window], and 0 elsewhere.",
        "Begin with the window's first cell as the winner; a cell that is > it takes its place; after "
          + "the window add gradient[0, 0, row, column] to result[0, 0, winnerRow, winnerColumn].",
      ],
      cases: {
        let wide = Size(height: 1, width: 2)
        return [
          (row([7]), row([3]), Size(1), Size(1)),
          (row([1, 5, 2, 2, 9, 3]), row([10, 20, 30]), wide, wide),
          (row([4, 4]), row([5]), wide, Size(1)),
          (row([1, 5, 2, 2, 9, 3]), row([1, 1, 1, 1]), Size(height: 1, width: 3), Size(1)),
          // Equal ones across rows: row after row the upper right comes before the lower left.
          (Tensor([[1, 6], [6, 2]]), Tensor([[8]]), Size(2), Size(2)),
          (Tensor([[0, 0], [0, 0]]), Tensor([[-7]]), Size(2), Size(1)),
          (Tensor([[-3, -1], [-2, -4]]), Tensor([[5]]), Size(2), Size(1)),
          (Tensor([[-9, -8, -1], [-3, -4, -6]]), Tensor([[5, -2]]), Size(2), Size(1)),
          (
            Tensor([[-5_000_000_000_000_000, -4_000_000_000_000_000, 1, 2]]), row([2, 3]), wide,
            wide
          ),
          (row([3, 1, 8, 2, 6, 6, 9]), row([4, 5]), wide, Size(height: 1, width: 3)),
          (
            Tensor([[1, 1, 1], [1, 9, 1], [1, 1, 1]]), Tensor([[1, 20], [300, 4000]]), Size(2),
            Size(1)
          ),
          (
            tensor([1, 1, 4, 5], seed: 210), tensor([1, 1, 3, 3], seed: 211),
            Size(height: 2, width: 3), Size(1)
          ),
          (
            tensor([1, 1, 6, 9], seed: 212), tensor([1, 1, 2, 4], seed: 213),
            Size(height: 3, width: 2), Size(height: 3, width: 2)
          ),
          (
            tensor([1, 1, 7, 8], seed: 214).map { $0 / 3 }, tensor([1, 1, 3, 6], seed: 215),
            Size(3), Size(height: 2, width: 1)
          ),
          (
            tensor([1, 1, 8, 7], seed: 216).map { $0 / 4 }, tensor([1, 1, 5, 2], seed: 217),
            Size(height: 4, width: 3), Size(height: 1, width: 3)
          ),
          (
            tensor([1, 1, 9, 5], seed: 218).map { -abs($0) }, tensor([1, 1, 3, 2], seed: 219),
            Size(height: 1, width: 2), Size(height: 4, width: 3)
          ),
        ]
      },
      show: { x, gradient, k, s in
        [Shown("x", x), Shown("gradient", gradient), named("kernelSize", k), named("stride", s)]
      },
      expected: { x, gradient, k, s in try toWinners(x, gradient, k, s) },
      arithmetic: { input, cell in
        let (x, gradient, k, s) = input
        let geometry = try Convolution(kernelSize: k, stride: s).geometry(input: x.size)
        let place = cell[2] * x.width + cell[3]
        let winners = try maxPoolWithIndices(x, by: Pooling(kernelSize: k, stride: s)).indices
        var won: [Int] = []
        var lines: [String] = []
        for down in geometry.rows.taps(ofInput: cell[2]) {
          for right in geometry.columns.taps(ofInput: cell[3]) {
            let window = "window (\(down.output), \(right.output))"
            let winner = winners[0, 0, down.output, right.output]
            guard winner == place else {
              lines += [
                "\(window) is won by cell (\(winner / x.width), \(winner % x.width)), "
                  + "\(x.elements[winner]) there, \(x.elements[place]) here"
              ]
              continue
            }
            won.append(gradient[0, 0, down.output, right.output])
            lines += ["\(window) is won by this cell and brings \(won.last!)"]
          }
        }
        if lines.isEmpty { return ["no window reads cell (\(cell[2]), \(cell[3])): 0"] }
        return lines + [
          "cell (\(cell[2]), \(cell[3])): "
            + (won.isEmpty ? "it wins no window: 0" : sumText(won.map { "\($0)" }))
            + (won.count > 1 ? " = \(won.reduce(0, +))" : "")
        ]
      },
      decoys: [
        Decoy("the last of equals", "Of equal numbers the first wins: > and not >=.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in [v.lastIndex(of: v.max()!)!: 1] }
        },
        Decoy("the first of equals, column by column", "Search a window row after row.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in
            let all = v.indices.filter { v[$0] == v.max()! }
            return [all.min { ($0 % k.width, $0) < ($1 % k.width, $1) }!: 1]
          }
        },
        Decoy("all equals win", "Of equal numbers one wins, the first.") { x, gradient, k, s in
          try shared(x, gradient, k, s) { v in
            Dictionary(
              uniqueKeysWithValues: v.indices.filter { v[$0] == v.max()! }.map { ($0, 1) })
          }
        },
        Decoy("equals share", "Of equal numbers one wins, the first, and gets all.") {
          x, gradient, k, s in
          try divided(x, gradient, k, s) { v in v.indices.filter { v[$0] == v.max()! } }
        },
        Decoy("overwritten instead of added", "A cell may win several windows: add.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s, combine: { $1 }) { v in [v.firstIndex(of: v.max()!)!: 1] }
        },
        Decoy("the first window alone", "A cell may win several windows: add.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s, combine: { $0 == 0 ? $1 : $0 }) { v in
            [v.firstIndex(of: v.max()!)!: 1]
          }
        },
        Decoy("every cell of the window", "Only the winner changed the pooled number.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in
            Dictionary(uniqueKeysWithValues: v.indices.map { ($0, 1) })
          }
        },
        Decoy("shared by the window", "An average pooling shares; here the winner gets all.") {
          x, gradient, k, s in try divided(x, gradient, k, s) { Array($0.indices) }
        },
        Decoy("the first cell of the window", "The largest number wins, wherever it stands.") {
          x, gradient, k, s in try shared(x, gradient, k, s) { _ in [0: 1] }
        },
        Decoy("the last cell of the window", "The largest number wins, wherever it stands.") {
          x, gradient, k, s in try shared(x, gradient, k, s) { [$0.count - 1: 1] }
        },
        Decoy("the smallest wins", "The largest number of the window made the pooled one.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in [v.firstIndex(of: v.min()!)!: 1] }
        },
        Decoy("the largest by magnitude", "Signs count: the largest of −3 and −1 is −1.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in
            [v.firstIndex { abs($0) == v.map(abs).max()! }!: 1]
          }
        },
        Decoy("times the number", "A push on the winner is the same push on the pooled number.") {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in [v.firstIndex(of: v.max()!)!: v.max()!] }
        },
        Decoy("only where the number is above 0", "That is ReLU; a pool's winner may be negative.")
        {
          x, gradient, k, s in
          try shared(x, gradient, k, s) { v in v.max()! > 0 ? [v.firstIndex(of: v.max()!)!: 1] : [:]
          }
        },
        Decoy("negative winners not found", "A search that begins at 0 finds no negative number.") {
          x, gradient, k, s in
          var result = try shared(x, gradient, k, s) { v in
            v.max()! > 0 ? [v.firstIndex(of: v.max()!)!: 1] : [:]
          }
          let y = try pooled(x, k, s) { $0.max()! }
          for window in y.elements.indices where y.elements[window] <= 0 {
            result.elements[0] += gradient.elements[window]
          }
          return result
        },
        Decoy("wins counted", "A window brings its gradient, not 1.") { x, gradient, k, s in
          try toWinners(x, gradient.map { _ in 1 }, k, s)
        },
        Decoy("averaged over the windows won", "What several windows bring back adds up.") {
          x, gradient, k, s in
          let wins = try toWinners(x, gradient.map { _ in 1 }, k, s)
          let sums = try toWinners(x, gradient, k, s)
          return Tensor(
            shape: x.shape, elements: zip(sums.elements, wins.elements).map { $0 / max(1, $1) })
        },
        Decoy("places counted from the window", "The window begins at row · stride, in the map.") {
          x, gradient, k, s in
          var result = x.map { _ in 0 }
          for window in gradient.elements.indices {
            let v = try windowValues(x, k, s, gradient.coordinates(of: window))
            let winner = v.firstIndex(of: v.max()!)!
            result[0, 0, winner / k.width, winner % k.width] += gradient.elements[window]
          }
          return result
        },
        Decoy("windows one cell apart", "Windows stand `stride` apart.") { x, gradient, k, _ in
          let all = try pooled(x, k, 1) { $0.max()! }
          var padded = all.map { _ in 0 }
          for window in gradient.elements.indices {
            let at = gradient.coordinates(of: window)
            padded[0, 0, at[2], at[3]] = gradient.elements[window]
          }
          return try toWinners(x, padded, k, 1)
        },
        Decoy("the gradient turned", "gradient[o] belongs to window o.") { x, gradient, k, s in
          try toWinners(x, gradient.flipped(), k, s)
        },
        Decoy("all to the largest of the map", "Each window has a winner of its own.") {
          x, gradient, _, _ in
          var result = x.map { _ in 0 }
          result.elements[x.elements.firstIndex(of: x.elements.max()!)!] =
            gradient.elements.reduce(0, +)
          return result
        },
      ])
  }
}

/// By the book's own pooling, which keeps where each number came from.
private func toWinners(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, _ k: Size, _ s: Size
) throws -> Tensor<Int> {
  let pooled = try maxPoolWithIndices(x, by: Pooling(kernelSize: k, stride: s))
  return try maxPoolGradient(gradient, indices: pooled.indices, inputSize: x.size)
}

/// The gradients with another rule for who gets how many times a window's gradient.
private func shared(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, _ k: Size, _ s: Size,
  combine: (Int, Int) -> Int = { $0 + $1 }, _ factors: ([Int]) -> [Int: Int]
) throws -> Tensor<Int> {
  var result = x.map { _ in 0 }
  for window in gradient.elements.indices {
    let at = gradient.coordinates(of: window)
    for (cell, factor) in factors(try windowValues(x, k, s, at)) {
      let (r, c) = (at[2] * s.height + cell / k.width, at[3] * s.width + cell % k.width)
      result[0, 0, r, c] = combine(result[0, 0, r, c], factor * gradient.elements[window])
    }
  }
  return result
}

/// The gradients where several cells get an equal part of a window's, in whole numbers.
private func divided(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, _ k: Size, _ s: Size, _ winners: ([Int]) -> [Int]
) throws -> Tensor<Int> {
  var result = x.map { _ in 0 }
  for window in gradient.elements.indices {
    let at = gradient.coordinates(of: window)
    let cells = winners(try windowValues(x, k, s, at))
    for cell in cells {
      result[0, 0, at[2] * s.height + cell / k.width, at[3] * s.width + cell % k.width] +=
        gradient.elements[window] / cells.count
    }
  }
  return result
}
