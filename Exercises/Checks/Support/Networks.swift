internal import ConvolutionArithmetic
internal import ExerciseKit
internal import Tensors

/// Seeded feature maps of the sizes that VGG16 with padding 100 gives for a picture of this size, with
/// two or three channels for hundreds.
func networkParts(_ imageSize: Size, _ seed: UInt64) -> NetworkParts {
  let layers = vggLayers(padding: 100)
  let pools = layers.indices.filter { layers[$0].stride == 2 }
  func cells(_ side: Int, _ count: Int) -> Int {
    layers[..<count].reduce(side) { cells, layer in
      let window = try? Window(
        kernelSize: layer.kernelSize, stride: layer.stride, padding: layer.padding)
      return (try? window?.rounding(layer.ceil ? .ceil : .floor).outputSize(input: cells)) ?? 0
    }
  }
  func map(_ channels: Int, _ count: Int, _ seed: UInt64) -> Tensor<Int> {
    tensor(
      [1, channels, cells(imageSize.height, count), cells(imageSize.width, count)], seed: seed)
  }
  let pool3 = map(2, pools[2] + 1, seed + 100)
  let pool4 = map(2, pools[3] + 1, seed + 200)
  let fc7 = map(3, layers.count, seed + 300)
  return NetworkParts(
    imageSize: imageSize, pool3: pool3, pool4: pool4, fc7: fc7,
    scoreKernels: (
      pool3: tensor([2, 2, 1, 1], seed: seed + 400), pool4: tensor([2, 2, 1, 1], seed: seed + 500),
      fc7: tensor([2, 3, 1, 1], seed: seed + 600)
    ))
}

/// The sizes of the parts.
@Sendable func showParts(_ parts: NetworkParts) -> [Shown] {
  [
    named("picture", parts.imageSize), named("pool3", parts.pool3.size),
    named("pool4", parts.pool4.size), named("fc7", parts.fc7.size),
  ]
}

/// How one cell of a cropped enlargement comes about.
func enlarging(
  _ x: Tensor<Int>, by factor: Int, offset: Int, cell: [Int], map: String
) -> [String] {
  func weight(_ k: Int) -> Int { 2 * factor - abs(2 * k + 1 - 2 * factor) }
  func taps(_ position: Int, _ extent: Int) -> [(cell: Int, kernel: Int)] {
    (0..<extent).filter { (0..<2 * factor).contains(position - $0 * factor) }.map {
      ($0, position - $0 * factor)
    }
  }
  let (row, column) = (cell[2] + offset, cell[3] + offset)
  let terms = taps(row, x.height).flatMap { down in
    taps(column, x.width).map { right in
      (x[0, cell[1], down.cell, right.cell], weight(down.kernel) * weight(right.kernel))
    }
  }
  return [
    "cropped at \(offset), cell (\(cell[2]), \(cell[3])) is (\(row), \(column)) of the enlarged map",
    "from \(map), class \(cell[1]): " + sumText(terms),
  ]
}
