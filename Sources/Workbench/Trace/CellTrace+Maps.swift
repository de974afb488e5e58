import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension CellTrace {
  /// The pooled map, and the expression of each of its cells.
  func pooling<Scalar: Divisible & Sendable>(
    _ x: Tensor<Scalar>, _ isSequence: Bool
  ) throws -> (Tensor<Scalar>, Expression) {
    let layer = try options.pooling(input: x.size, isSequence: isSequence)
    let geometry = try layer.geometry(input: x.size)
    try checkLength(geometry.outputSize, maps: x.batch * x.channels)
    func read(_ picture: Int, _ map: Int, _ row: Int, _ column: Int) -> [String] {
      geometry.rows.taps(ofOutput: row).flatMap { down in
        geometry.columns.taps(ofOutput: column).map { right in
          numberText(x[picture, map, down.input, right.input])
        }
      }
    }
    guard options.operation == .avgPool else {
      let y = try maxPool(x, by: layer)
      return (y, { "max(\(read($0, $1, $2, $3).joined(separator: ", ")))" })
    }
    try checkExactRange(
      x, divisor: SizeBound(layer.kernelSize.height) * SizeBound(layer.kernelSize.width))
    func average(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
      try averagePool(x, by: layer)
    }
    // The mean of ones is the number of cells read over the divisor, which tells the divisor.
    let shares = try average(x.map { _ in Scalar(1) })
    return (
      try average(x),
      { picture, map, row, column in
        let cells = read(picture, map, row, column)
        guard !cells.isEmpty else { return "no input cell" }
        let divisor = Scalar(cells.count) / shares[picture, map, row, column]
        return "(\(sum(cells)))/\(numberText(divisor))"
      }
    )
  }

  /// The enlarged map, and the expression of each of its cells.
  func interpolation<Scalar: Divisible & Sendable>(
    _ x: Tensor<Scalar>, _ isSequence: Bool
  ) throws -> (Tensor<Scalar>, Expression) {
    guard let scale = options.scale else {
      throw ExitStatus.usage("--scale is missing: the whole factor by which the map grows")
    }
    let factor = try scale.size("scale", isSequence: isSequence, neutral: 1)
    try checkScale(factor)
    let size = try enlargedSize(x.size, by: factor)
    try checkLength(size, maps: x.batch * x.channels)
    let step = SizeBound(4) * SizeBound(size.height) * SizeBound(size.width)
    try checkExactRange(x, divisor: step * step)
    func enlarged(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
      try interpolateBilinear(x, scale: factor, alignCorners: options.alignsCorners)
    }
    // Rows and columns are interpolated one after the other, so the weight of an input cell is a
    // product. The weights of one axis are what becomes of a single 1 along it.
    let downwards = try (0..<x.height).map { row in
      try interpolateBilinear(
        Self.impulse(at: row, of: Size(height: x.height, width: 1), like: x),
        scale: Size(height: factor.height, width: 1), alignCorners: options.alignsCorners)
    }
    let across = try (0..<x.width).map { column in
      try interpolateBilinear(
        Self.impulse(at: column, of: Size(height: 1, width: x.width), like: x),
        scale: Size(height: 1, width: factor.width), alignCorners: options.alignsCorners)
    }
    return (
      try enlarged(x),
      { picture, map, row, column in
        var terms: [String] = []
        for r in 0..<x.height where downwards[r][0, 0, row, 0] != 0 {
          for c in 0..<x.width where across[c][0, 0, 0, column] != 0 {
            let weight = downwards[r][0, 0, row, 0] * across[c][0, 0, 0, column]
            terms.append("\(numberText(x[picture, map, r, c]))·\(numberText(weight))")
          }
        }
        return terms.joined(separator: " + ")
      }
    )
  }

  private static func impulse<Scalar: Divisible>(
    at position: Int, of size: Size, like _: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    var x = Tensor<Scalar>.zeros([1, 1, size.height, size.width])
    x.elements[position] = 1
    return x
  }
}

/// `1 + 2 + (-3)`
func sum(_ terms: [String]) -> String {
  terms.enumerated().map { $0 > 0 && $1.hasPrefix("-") ? "(\($1))" : $1 }.joined(separator: " + ")
}
