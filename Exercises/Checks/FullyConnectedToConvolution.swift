public import ExerciseKit
public import Tensors

extension Exercises {
  public static var fullyConnectedToConvolution: Exercise<(Tensor<Int>, Int, Size), Tensor<Int>> {
    Exercise(
      "fullyConnectedToConvolution", lesson: 22, title: "a fully connected layer as a convolution",
      hints: [
        "In which order does the fully connected layer read a map of 2 channels of 2×3?",
        "kernel[o, c, r, q] = w[o, (c · height + r) · width + q].",
        "Nothing moves in memory: w.reshaped([…]) with the four extents is enough.",
      ],
      cases: {
        [
          (matrix(1, 2, 49), 2, Size(1)), (matrix(1, 6, 50), 1, Size(height: 2, width: 3)),
          (matrix(3, 12, 51), 2, Size(height: 2, width: 3)),
          (matrix(6, 6, 52), 3, Size(height: 1, width: 2)),
          (matrix(4, 24, 53), 4, Size(height: 3, width: 2)),
        ]
      },
      show: { w, channels, size in
        [Shown("w", w), Shown("channels", channels), named("size", size)]
      },
      expected: { w, channels, size in
        kernels(w, channels, size) { ($0 * size.height + $1) * size.width + $2 }
      },
      arithmetic: { input, cell in
        let (w, _, size) = input
        let place = (cell[1] * size.height + cell[2]) * size.width + cell[3]
        return [
          "(c · height + r) · width + q = (\(cell[1])·\(size.height) + \(cell[2]))·\(size.width) + "
            + "\(cell[3]) = \(place)",
          "w[\(cell[0]), \(place)] = \(w[cell[0], place])",
        ]
      },
      decoys: [
        Decoy("channels last", "The layer reads channel by channel, not cell by cell.") {
          w, channels, size in
          kernels(w, channels, size) { ($1 * size.width + $2) * channels + $0 }
        },
        Decoy("columns before rows", "Within a channel the layer reads row by row.") {
          w, channels, size in
          kernels(w, channels, size) { ($0 * size.width + $2) * size.height + $1 }
        },
        Decoy("kernels turned", "Correlation needs no turn.") { w, channels, size in
          kernels(w, channels, size) {
            ($0 * size.height + size.height - 1 - $1) * size.width + size.width - 1 - $2
          }
        },
        Decoy("matrix transposed", "A row of w belongs to one output.") { w, channels, size in
          let (outs, ins) = (w.shape[0], w.shape[1])
          let flat = (0..<outs * ins).map { w.elements[$0 % ins * outs + $0 / ins] }
          return Tensor(shape: [outs, channels, size.height, size.width], elements: flat)
        },
        Decoy("channels before outputs", "The kernels are (out, channels, height, width).") {
          w, channels, size in
          Tensor(shape: [channels, w.shape[0], size.height, size.width], elements: w.elements)
        },
        Decoy("width before height", "The kernels are (out, channels, height, width).") {
          w, channels, size in
          Tensor(shape: [w.shape[0], channels, size.width, size.height], elements: w.elements)
        },
        Decoy("channels at the end of the shape", "The kernels are (out, channels, height, width).")
        {
          w, channels, size in
          Tensor(shape: [w.shape[0], size.height, size.width, channels], elements: w.elements)
        },
        Decoy("every channel like channel 0", "Channel c begins at c · height · width.") {
          w, channels, size in kernels(w, channels, size) { $1 * size.width + $2 }
        },
        Decoy("every output like output 0", "Output o has row o of w.") { w, channels, size in
          let right = kernels(w, channels, size) { ($0 * size.height + $1) * size.width + $2 }
          return reindexed(right) { [0, $0[1], $0[2], $0[3]] }
        },
        Decoy("channels in reverse order", "Channel c begins at c · height · width.") {
          w, channels, size in
          kernels(w, channels, size) {
            ((channels - 1 - $0) * size.height + $1) * size.width + $2
          }
        },
      ])
  }
}

private func matrix(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor<Int> {
  // Counted, so that every weight can be told from the others.
  tensor([rows, columns], seed: seed).map { $0 * 100 }.numbered()
}

extension Tensor<Int> {
  fileprivate func numbered() -> Tensor<Int> {
    Tensor(shape: shape, elements: elements.enumerated().map { $1 + $0 })
  }
}

private func kernels(
  _ w: Tensor<Int>, _ channels: Int, _ size: Size, _ place: (Int, Int, Int) -> Int
) -> Tensor<Int> {
  let shape: Shape = [w.shape[0], channels, size.height, size.width]
  let like = Tensor<Int>.zeros(shape)
  return Tensor(
    shape: shape,
    elements: (0..<shape.count).map {
      let cell = like.coordinates(of: $0)
      return w[cell[0], place(cell[1], cell[2], cell[3])]
    })
}
