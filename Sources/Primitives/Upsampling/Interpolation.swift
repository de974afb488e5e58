public import ConvolutionArithmetic
public import Tensors

/// Returns each map enlarged by a whole factor by bilinear interpolation, as PyTorch's `interpolate`.
///
///     y[o] = (1 − t) · x[i] + t · x[i + 1],  i + t = the place of o in the input
///
/// along each axis. With half-pixel centres the place is (o + ½)/f − ½, held at 0 and at the last cell;
/// with aligned corners it is o · (i − 1)/(o − 1), so that the outermost cells fall on each other.
///
/// ```swift
/// let across = Size(height: 1, width: 2)
/// try interpolateBilinear(Tensor<Fraction>(row: [0, 4]), scale: across)   // 0 1 3 4
/// ```
///
/// - Parameters:
///   - x: (batch, channels, height, width).
///   - scale: the factor downwards and to the right, at least 1.
///   - alignCorners: whether the centres of the outermost cells coincide.
/// - Returns: maps `scale` times as large.
/// - Throws: `GeometryError` if the input is not of rank 4 or empty, or a factor is below 1.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func interpolateBilinear<Scalar: Divisible>(
  _ x: Tensor<Scalar>, scale: Size, alignCorners: Bool = false
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireFactor(scale)
  guard x.size.height >= 1, x.size.width >= 1 else {
    throw GeometryError("the input has maps of \(x.size); at least one cell is needed")
  }
  // The largest extent is found by the window that repeats each cell `scale` times.
  let size = try TransposedWindow2D(kernelSize: scale, stride: scale).outputSize(input: x.size)
  let rows = blends(from: x.height, to: size.height, scale.height, alignCorners) as [Blend<Scalar>]
  let columns = blends(from: x.width, to: size.width, scale.width, alignCorners) as [Blend<Scalar>]

  var y = try zeros(x.batch, x.channels, size, like: x)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for (r, row) in rows.enumerated() {
        for (column, place) in columns.enumerated() {
          let upper = place.mix(x[n, c, row.first, place.first], x[n, c, row.first, place.second])
          let lower = place.mix(x[n, c, row.second, place.first], x[n, c, row.second, place.second])
          y[n, c, r, column] = row.mix(upper, lower)
        }
      }
    }
  }
  return y
}

/// The two input cells that an output cell lies between, and the weight of the second.
struct Blend<Scalar: Divisible> {
  let first: Int
  let second: Int
  let weight: Scalar

  func mix(_ a: Scalar, _ b: Scalar) -> Scalar {
    (1 - weight) * a + weight * b
  }
}

private func blends<Scalar: Divisible>(
  from input: Int, to output: Int, _ factor: Int, _ alignCorners: Bool
) -> [Blend<Scalar>] {
  (0..<output).map { o in
    let place =
      alignCorners
      ? Fraction(o * (input - 1), max(output - 1, 1))
      : max(0, Fraction(2 * o + 1, 2 * factor) - Fraction(1, 2))
    let first = place.floor
    return Blend(
      first: first, second: min(first + 1, input - 1), weight: Scalar(place - Fraction(first)))
  }
}
