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
  guard x.size.height >= 1, x.size.width >= 1 else {
    throw GeometryError("the input has maps of \(x.size); at least one cell is needed")
  }
  let size = try enlargedSize(x.size, by: scale)
  return try interpolate(
    x, rows: blends(from: x.height, to: size.height, scale.height, alignCorners),
    columns: blends(from: x.width, to: size.width, scale.width, alignCorners))
}

/// Returns maps of which every cell is mixed from two rows and two columns of the input.
///
/// - Throws: `GeometryError` if the input is not of rank 4.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func interpolate<Scalar: Divisible>(
  _ x: Tensor<Scalar>, rows: [Blend<Scalar>], columns: [Blend<Scalar>]
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  var y = try zeros(
    x.batch, x.channels, Size(height: rows.count, width: columns.count), like: x)
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

/// The size of a map that grows by a whole factor: that of the transpose of a window as large as its
/// stride, which covers each input cell `factor` times.
///
/// - Throws: `GeometryError` if a factor is below 1, or the size is out of range.
public func enlargedSize(_ size: Size, by factor: Size) throws(GeometryError) -> Size {
  try requireFactor(factor)
  return try Convolution(kernelSize: factor, stride: factor).transposed().outputSize(input: size)
}

/// Checks that both factors are at least 1.
func requireFactor(_ factor: Size) throws(GeometryError) {
  guard factor.height >= 1, factor.width >= 1 else {
    throw GeometryError("the factor is \(factor); it must be at least 1 in both directions")
  }
}

/// The two input cells that an output cell lies between, and the weight of the second.
public struct Blend<Scalar: Divisible> {
  public let first: Int
  public let second: Int
  public let weight: Scalar

  /// What lies at a place of an axis of so many cells; before the first and behind the last cell that
  /// cell itself.
  public init(at place: Fraction, of cells: Int) {
    let place = min(max(place, 0), Fraction(cells - 1))
    first = place.floor
    second = min(first + 1, cells - 1)
    weight = Scalar(place - Fraction(first))
  }

  /// The cells that count, each with its weight.
  public var shares: [(cell: Int, weight: Scalar)] {
    first == second
      ? [(cell: first, weight: Scalar(1))]
      : [(first, 1 - weight), (second, weight)].filter { $0.1 != 0 }
  }

  func mix(_ a: Scalar, _ b: Scalar) -> Scalar {
    (1 - weight) * a + weight * b
  }
}

/// Where each of `output` cells lies in an axis of `input` cells.
public func blends<Scalar: Divisible>(
  from input: Int, to output: Int, _ factor: Int, _ alignCorners: Bool
) -> [Blend<Scalar>] {
  (0..<output).map { o in
    let place =
      alignCorners
      ? Fraction(o * (input - 1), max(output - 1, 1))
      : Fraction(2 * o + 1, 2 * factor) - Fraction(1, 2)
    return Blend(at: place, of: input)
  }
}

/// Returns each map upsampled by a whole factor with a transposed convolution: stride f, the bilinear
/// kernel of size 2f − f mod 2, and padding ⌈(f−1)/2⌉.
///
/// ```swift
/// let across = Size(height: 1, width: 2)
/// try upsampleBilinear(Tensor<Fraction>(row: [1, 1, 1]), factor: across)   // ¾ 1 1 1 1 ¾
/// ```
///
/// The result is f times as large in each direction. But for the ⌊f/2⌋ outermost cells at each side it
/// equals ``interpolateBilinear(_:scale:alignCorners:)`` with half-pixel centres, exactly. In those
/// cells it fades, because beyond the border the transposed convolution has nothing (zeros), where
/// interpolation repeats the last cell. Source: Long, Shelhamer and Darrell, "Fully Convolutional
/// Networks for Semantic Segmentation" (2015), section 3.3: upsampling is backwards strided
/// convolution.
///
/// - Parameters:
///   - x: (batch, channels, height, width).
///   - factor: at least 1 in each direction.
/// - Throws: `GeometryError` if the input is not of rank 4 or a factor is below 1.
public func upsampleBilinear<Scalar: Divisible>(
  _ x: Tensor<Scalar>, factor: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireFactor(factor)
  let kernelSize = Size(
    height: 2 * factor.height - factor.height % 2, width: 2 * factor.width - factor.width % 2)
  return try transposedConvolve(
    x, bilinearKernels(classes: x.channels, kernelSize: kernelSize, fill: .perGroup),
    stride: factor,
    padding: Padding(Size(height: factor.height / 2, width: factor.width / 2)),
    groups: x.channels)
}

/// Returns the weights of the bilinear kernel of size k along one axis: a tent.
///
///     weight[i] = 1 − |i − centre| / f,  f = ⌈k/2⌉,  centre = f − 1 for odd k, f − ½ for even k
///
/// ```swift
/// bilinearWeights(4)   // ¼ ¾ ¾ ¼
/// bilinearWeights(3)   // ½ 1 ½
/// ```
///
/// The kernel upsamples by its factor f: sizes 2f and 2f − 1 both belong to f. Away from borders the
/// weights that meet in one output cell then sum to 1, so constants are kept. Source: the filler of
/// the FCN reference code, the same as Caffe's.
///
/// - Parameter kernelSize: at least 1.
public func bilinearWeights(_ kernelSize: Int) -> [Fraction] {
  precondition(kernelSize >= 1, "the kernel size is \(kernelSize); it must be at least 1")
  let factor = (kernelSize + 1) / 2
  let centre =
    kernelSize.isMultiple(of: 2) ? Fraction(factor) - Fraction(1, 2) : Fraction(factor - 1)
  return (0..<kernelSize).map { 1 - (Fraction($0) - centre).magnitude / Fraction(factor) }
}

/// Returns one bilinear kernel: the product of a tent downwards and a tent to the right.
///
/// ```swift
/// bilinearKernel(3) as Tensor<Fraction>   // ¼ ½ ¼ / ½ 1 ½ / ¼ ½ ¼
/// ```
///
/// - Returns: (1, 1, height, width), exact for `Fraction`, rounded once for the others.
public func bilinearKernel<Scalar: Divisible>(_ kernelSize: Size) -> Tensor<Scalar> {
  let (down, right) = (bilinearWeights(kernelSize.height), bilinearWeights(kernelSize.width))
  return Tensor(down.map { row in right.map { Scalar(row * $0) } })
}

/// Which pairs of an input and an output class get the bilinear kernel.
public enum BilinearFill: Hashable, Sendable {
  /// Each class to itself: (classes, classes, k, k) with zeros off the diagonal. This is right.
  case diagonal
  /// The same without storing the zeros: (classes, 1, k, k), with as many groups as classes.
  case perGroup
  /// Every class to every class: a well-known mistake, by which all classes become the same sum.
  case everyPair
}

/// Returns the kernels of a transposed convolution that upsamples each class on its own.
///
/// ```swift
/// bilinearKernels(classes: 2, kernelSize: 4) as Tensor<Float>   // (2, 2, 4, 4)
/// ```
///
/// - Parameters:
///   - classes: the number of score maps.
///   - kernelSize: 2f or 2f − 1 for a factor f.
///   - fill: the diagonal, unless a mistake is to be shown.
/// - Returns: in the layout of a transposed convolution, (in, out / groups, height, width).
public func bilinearKernels<Scalar: Divisible>(
  classes: Int, kernelSize: Size, fill: BilinearFill = .diagonal
) -> Tensor<Scalar> {
  let kernel: Tensor<Scalar> = bilinearKernel(kernelSize)
  let blank = kernel.elements.map { _ in Scalar.zero }
  let columns = fill == .perGroup ? 1 : classes
  let elements = (0..<classes).flatMap { from in
    (0..<columns).flatMap { to in
      fill == .diagonal && from != to ? blank : kernel.elements
    }
  }
  return Tensor(
    shape: [classes, columns, kernelSize.height, kernelSize.width], elements: elements)
}
