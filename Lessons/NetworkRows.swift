import ConvolutionArithmetic
import Networks
import Tensors

extension Network {
  /// The shape of one layer's maps for a picture of this size.
  func shape(of name: String, input: Size) throws(GeometryError) -> MapShape {
    try shapes(input: input)[layers.firstIndex { $0.name == name }!]
  }

  /// The numbers of one layer: learned, or bilinear and fixed.
  func parameterCount(of name: String) -> Int {
    parameters(of: self[name]!).reduce(0) { $0 + $1.shape.count }
  }

  /// The numbers of all layers.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// The size chain along one axis, each size worked out from the one before:
  /// `pool3   ⌈(175 − 2)/2⌉ + 1 = 88`.
  ///
  /// Layers that keep the size are left out.
  func chain(to last: String, input: Int) throws(GeometryError) -> [String] {
    var lines: [String] = []
    var size = input
    for layer in try path(to: last) {
      let next = try layer.outputSize(input: size)
      if next != size {
        lines.append(
          layer.name + String(repeating: " ", count: max(1, 16 - layer.name.count))
            + substitution(layer, input: size) + " = \(next)")
      }
      size = next
    }
    return lines
  }

  private func substitution(_ layer: AxisLayer, input: Int) -> String {
    switch layer.operation {
    case .window(let window) where window.isTransposed:
      return "\(window.stride)·(\(input) − 1) + \(window.effectiveKernelSize)"
    case .window(let window):
      let (k, s, p) = (window.effectiveKernelSize, window.stride, window.paddingBefore)
      let padded = p > 0 ? "\(input) + 2·\(p)" : "\(input)"
      guard s > 1 else { return "\(padded) − \(k) + 1" }
      return window.rounding == .floor
        ? "⌊(\(padded) − \(k))/\(s)⌋ + 1" : "⌈(\(padded) − \(k))/\(s)⌉ + 1"
    case .crop(let offset, _):
      return "\(input) − \(offset)"
    }
  }
}

extension [AxisLayer] {
  /// The same layers, with poolings that round down.
  var roundingDown: [AxisLayer] {
    map { layer in
      guard let window = layer.window, window.rounding == .ceil else { return layer }
      return AxisLayer(layer.name, window.rounding(.floor))
    }
  }
}

/// A picture of 500×500 with a disc and a bar on black.
func discAndBar() -> Tensor<Float> {
  var x = Tensor<Float>.zeros([1, 1, 500, 500])
  for row in 0..<500 {
    for column in 0..<500 {
      let (down, right) = (row - 190, column - 180)
      let isDisc = down * down + right * right <= 110 * 110
      let isBar = (330..<440).contains(column) && (60..<450).contains(row)
      if isDisc || isBar { x[0, 0, row, column] = 1 }
    }
  }
  return x
}

/// 1 where the number is at least `threshold`, 0 elsewhere.
func labels(_ y: Tensor<Float>, from threshold: Float) -> Tensor<Int> {
  y.map { $0 >= threshold ? 1 : 0 }
}
