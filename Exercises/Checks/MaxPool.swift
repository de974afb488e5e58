internal import ConvolutionArithmetic
public import ExerciseKit
public import Tensors

extension Exercises {
  public static var maxPool: Exercise<(Tensor<Int>, Size, Size), Tensor<Int>> {
    Exercise(
      "maxPool", lesson: 8, title: "the largest number in each window",
      hints: [
        "What is the largest of −3, −1, −2? With which number must the search begin?",
        "y[c, r, q] = max over (a, b) of x[c, r·s + a, q·s + b].",
        "Begin with Int.min and take max(largest, x[0, channel, row * stride.height + a, "
          + "column * stride.width + b]) over the window.",
      ],
      cases: {
        [
          (Tensor([[1, 5, 2, 4], [3, 0, 1, 2]]), Size(2), Size(2)),
          (Tensor([[0, -3], [-2, -1]]), Size(2), Size(1)),
          // Below all numbers with which a search is begun by guess, also those of 32 bits.
          (
            Tensor([
              [-5_000_000_000_000_000, -3_000_000_000_000_000],
              [-4_000_000_000_000_000, -6_000_000_000_000_000],
            ]), Size(2), Size(1)
          ),
          (Tensor([[-3, -1], [-2, -4]]), Size(2), Size(1)),
          (tensor([1, 1, 4, 5], seed: 18), Size(height: 2, width: 3), Size(1)),
          (tensor([1, 1, 5, 8], seed: 103), Size(height: 1, width: 2), Size(height: 2, width: 3)),
          (tensor([1, 2, 5, 7], seed: 19), Size(2), Size(height: 1, width: 2)),
          (tensor([1, 3, 6, 4], seed: 20).map { -abs($0) }, Size(height: 3, width: 2), Size(2)),
        ]
      },
      show: { x, k, s in [Shown("x", x), named("kernelSize", k), named("stride", s)] },
      expected: { x, k, s in try pooled(x, k, s) { $0.max()! } },
      arithmetic: { input, cell in
        let (x, k, s) = input
        let values = try windowValues(x, k, s, cell)
        return [
          "the window's numbers are " + values.map(String.init).joined(separator: ", ")
            + "; the largest is \(values.max()!)"
        ]
      },
      decoys: [
        Decoy("begun at 0", "Where all numbers are negative, 0 wins although it is not there.") {
          x, k, s in try pooled(x, k, s) { max(0, $0.max()!) }
        },
        Decoy("stride taken from the kernel", "The stride is given by itself.") { x, k, _ in
          try pooled(x, k, k) { $0.max()! }
        },
        Decoy("smallest taken for largest", "The largest number of each window is asked for.") {
          x, k, s in
          try pooled(x, k, s) { $0.min()! }
        },
        Decoy("summed", "A pooling with max picks one number; it does not add.") { x, k, s in
          try pooled(x, k, s) { $0.reduce(0, +) }
        },
        Decoy("the last number of each window", "Keep what is largest, not what comes last.") {
          x, k, s in try pooled(x, k, s) { $0.last! }
        },
        Decoy("the first number of each window", "All numbers of the window are compared.") {
          x, k, s in try pooled(x, k, s) { $0[0] }
        },
        Decoy("averaged", "A pooling with max picks one number.") { x, k, s in
          try pooled(x, k, s) { $0.reduce(0, +) / $0.count }
        },
        Decoy("only the first row of each window", "The window has kernelSize.height rows.") {
          x, k, s in
          try pooled(x, k, s) { $0.prefix(k.width).max()! }
        },
        Decoy("only the first column of each window", "The window has kernelSize.width columns.") {
          x, k, s in
          try pooled(x, k, s) { v in stride(from: 0, to: v.count, by: k.width).map { v[$0] }.max()!
          }
        },
        Decoy("the largest by magnitude", "Signs count: the largest of −3 and −1 is −1.") {
          x, k, s in
          try pooled(x, k, s) { $0.max { abs($0) < abs($1) }! }
        },
        Decoy("the largest kept from window to window", "Each window begins anew.") { x, k, s in
          var largest = Int.min
          return try pooled(x, k, s) {
            largest = max(largest, $0.max()!)
            return largest
          }
        },
        Decoy("the largest kept within a map", "Each window begins anew.") { x, k, s in
          try runningMaxima(x, k, s) { $2 == 0 && $3 == 0 }
        },
        Decoy("the largest kept within a row", "Each window begins anew.") { x, k, s in
          try runningMaxima(x, k, s) { $3 == 0 }
        },
        Decoy("stride forgotten", "Window (r, q) begins at row r·s, column q·s.") { x, k, s in
          let y = try pooled(x, k, s) { $0[0] }
          return reindexed(y, from: try pooled(x, k, 1) { $0.max()! }) { $0 }
        },
        Decoy("windows that hang over the edge", "A window must lie within the map.") { x, k, s in
          let places = Size(
            height: (x.height - k.height + s.height - 1) / s.height + 1,
            width: (x.width - k.width + s.width - 1) / s.width + 1)
          let like = Tensor<Int>.zeros([1, x.channels, places.height, places.width])
          return Tensor(
            shape: like.shape,
            elements: (0..<like.shape.count).map { position in
              let at = like.coordinates(of: position)
              let (top, left) = (at[2] * s.height, at[3] * s.width)
              return (top..<min(x.height, top + k.height)).flatMap { r in
                (left..<min(x.width, left + k.width)).map { x[0, at[1], r, $0] }
              }.max() ?? 0
            })
        },
        Decoy("height and width of the kernel swapped", "kernelSize.height counts rows.") {
          x, k, s in
          try pooled(x, Size(height: k.width, width: k.height), s) { $0.max()! }
        },
        Decoy(
          "height and width of the stride swapped", "stride.height goes down, stride.width across."
        ) {
          x, k, s in try pooled(x, k, Size(height: s.width, width: s.height)) { $0.max()! }
        },
      ])
  }
}

/// One number for each window.
func pooled(
  _ x: Tensor<Int>, _ kernelSize: Size, _ stride: Size, _ value: ([Int]) -> Int
) throws -> Tensor<Int> {
  let size = try Convolution(kernelSize: kernelSize, stride: stride).outputSize(input: x.size)
  let shape: Shape = [1, x.channels, size.height, size.width]
  let empty = Tensor<Int>.zeros(shape)
  return Tensor(
    shape: shape,
    elements: try (0..<shape.count).map {
      value(try windowValues(x, kernelSize, stride, empty.coordinates(of: $0)))
    })
}

/// The numbers in the window of one output cell, from its taps.
func windowValues(
  _ x: Tensor<Int>, _ kernelSize: Size, _ stride: Size, _ cell: [Int]
) throws -> [Int] {
  let geometry = try Convolution(kernelSize: kernelSize, stride: stride).geometry(input: x.size)
  return geometry.rows.taps(ofOutput: cell[2]).flatMap { down in
    geometry.columns.taps(ofOutput: cell[3]).map { x[0, cell[1], down.input, $0.input] }
  }
}

/// Maxima that begin anew only where `begins` says so of an output cell.
private func runningMaxima(
  _ x: Tensor<Int>, _ kernelSize: Size, _ stride: Size, _ begins: (Int, Int, Int, Int) -> Bool
) throws -> Tensor<Int> {
  var y = try pooled(x, kernelSize, stride) { $0.max()! }
  for position in y.elements.indices.dropFirst() {
    let at = y.coordinates(of: position)
    if !begins(at[0], at[1], at[2], at[3]) {
      y.elements[position] = max(y.elements[position - 1], y.elements[position])
    }
  }
  return y
}
