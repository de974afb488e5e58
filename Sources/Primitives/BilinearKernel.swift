public import Tensors

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
