public import ConvolutionArithmetic
public import Tensors

/// Winograd's minimal filtering: two outputs of a kernel of three with 4 multiplications instead of 6,
/// and 2×2 outputs of a 3×3 kernel with 16 instead of 36.
///
///     y = Aᵀ [(G g) ⊙ (Bᵀ d)]              in one dimension
///     Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A       in two
///
/// d are four neighbouring inputs, g the kernel, ⊙ the product cell by cell. The divisions by 2 in G
/// touch the kernel alone, once for the whole picture. In fractions the result is exact; in floating
/// point the sums and differences before the products cost some accuracy. Source: Lavin and Gray,
/// "Fast Algorithms for Convolutional Neural Networks" (2016), sections 4.1 and 4.2.
public enum Winograd {
  /// Bᵀ: what is done to four inputs before the products.
  public static let inputTransform: [[Fraction]] = [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ]

  /// G: what is done to the three kernel cells.
  public static let kernelTransform: [[Fraction]] = [
    [1, 0, 0],
    [Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)],
    [Fraction(1, 2), Fraction(-1, 2), Fraction(1, 2)],
    [0, 0, 1],
  ]

  /// Aᵀ: how the four products become two outputs.
  public static let outputTransform: [[Fraction]] = [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ]
}

/// The numbers on the way of one Winograd tile, for reading along.
public struct WinogradTile<Scalar> {
  /// Bᵀ d, or Bᵀ d B: 4 cells, or 4×4.
  public let input: Tensor<Scalar>
  /// G g, or G g Gᵀ: as many.
  public let kernel: Tensor<Scalar>
  /// The products cell by cell: all the multiplications there are.
  public let products: Tensor<Scalar>
  /// The outputs: 2 cells, or 2×2.
  public let output: Tensor<Scalar>
}

/// Returns F(2, 3): the two outputs of four inputs and a kernel of three, with all steps on the way.
///
/// ```swift
/// try winograd1D([1, 2, 3, 4] as [Fraction], [1, 0, -1]).output   // -2 -2
/// ```
///
/// - Throws: `GeometryError` unless there are 4 inputs and 3 kernel cells.
public func winograd1D<Scalar: Divisible>(
  _ d: [Scalar], _ g: [Scalar]
) throws(GeometryError) -> WinogradTile<Scalar> {
  guard d.count == 4, g.count == 3 else {
    throw GeometryError(
      "\(d.count) inputs and \(g.count) kernel cells came; F(2, 3) takes 4 and 3")
  }
  let input = try matrixProduct(
    matrix(Winograd.inputTransform), Tensor(shape: [4, 1], elements: d))
  let kernel = try matrixProduct(
    matrix(Winograd.kernelTransform), Tensor(shape: [3, 1], elements: g))
  let products = try multiplied(input, by: kernel)
  let output = try matrixProduct(matrix(Winograd.outputTransform), products)
  return WinogradTile(
    input: input.reshaped([4]), kernel: kernel.reshaped([4]), products: products.reshaped([4]),
    output: output.reshaped([2]))
}

/// Returns F(2×2, 3×3): the 2×2 outputs of 4×4 inputs and a 3×3 kernel, with all steps on the way.
///
/// - Parameters:
///   - d: the inputs, a matrix (4, 4).
///   - g: the kernel, a matrix (3, 3).
/// - Throws: `GeometryError` if the shapes are others.
public func winograd2D<Scalar: Divisible>(
  _ d: Tensor<Scalar>, _ g: Tensor<Scalar>
) throws(GeometryError) -> WinogradTile<Scalar> {
  try requireShape("the input tile", d.shape, [4, 4])
  try requireShape("the kernel", g.shape, [3, 3])
  let input = try sandwich(matrix(Winograd.inputTransform), d)
  let kernel = try sandwich(matrix(Winograd.kernelTransform), g)
  let products = try multiplied(input, by: kernel)
  let output = try sandwich(matrix(Winograd.outputTransform), products)
  return WinogradTile(input: input, kernel: kernel, products: products, output: output)
}

/// Returns the convolution with 3×3 kernels and stride 1, computed in tiles of F(2×2, 3×3).
///
/// The same result as ``convolve(_:_:bias:stride:padding:dilation:groups:)``, exactly so in fractions.
/// Where the last tile hangs over, what is beyond the output is dropped.
///
/// - `x`: (batch, channels, height, width).
/// - `w`: (out, channels, 3, 3).
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func convolveByWinograd<Scalar: Divisible>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, padding: Padding = 0
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = try Convolution(kernelSize: 3, padding: padding)
  _ = try ChannelGroups(convolution, input: x.shape, weight: w.shape)
  let size = try convolution.outputSize(input: x.size)
  let kernels = try (0..<(w.shape[0] * w.channels)).map { pair throws(GeometryError) in
    try sandwich(
      matrix(Winograd.kernelTransform),
      Tensor(shape: [3, 3], elements: Array(w.elements[(pair * 9)..<(pair * 9 + 9)])))
  }
  var y = try zeros(x.batch, w.shape[0], size, like: x)
  for n in 0..<x.batch {
    for row in stride(from: 0, to: size.height, by: 2) {
      for column in stride(from: 0, to: size.width, by: 2) {
        let inputs = try (0..<x.channels).map { c throws(GeometryError) in
          try sandwich(
            matrix(Winograd.inputTransform),
            tile(x, n, c, row - padding.top, column - padding.left))
        }
        for m in 0..<w.shape[0] {
          var products = Tensor<Scalar>.zeros([4, 4])
          for c in 0..<x.channels {
            let kernel = kernels[m * x.channels + c]
            for cell in 0..<16 { products[cell] += inputs[c][cell] * kernel[cell] }
          }
          let output = try sandwich(matrix(Winograd.outputTransform), products)
          for down in 0..<min(2, size.height - row) {
            for right in 0..<min(2, size.width - column) {
              y[n, m, row + down, column + right] = output[down, right]
            }
          }
        }
      }
    }
  }
  return y
}

/// M x Mᵀ.
private func sandwich<Scalar: Numeric>(
  _ m: Tensor<Scalar>, _ x: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  try matrixProduct(matrixProduct(m, x), m.transposed())
}

private func matrix<Scalar: Divisible>(_ rows: [[Fraction]]) -> Tensor<Scalar> {
  Tensor(
    shape: [rows.count, rows[0].count], elements: rows.flatMap { $0.map { Scalar($0) } })
}

/// The 4×4 cells from (row, column) on, zeros outside the map.
private func tile<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ n: Int, _ c: Int, _ row: Int, _ column: Int
) -> Tensor<Scalar> {
  var tile = Tensor<Scalar>.zeros([4, 4])
  for down in 0..<4 where 0 <= row + down && row + down < x.height {
    for right in 0..<4 where 0 <= column + right && column + right < x.width {
      tile[down, right] = x[n, c, row + down, column + right]
    }
  }
  return tile
}
