public import ConvolutionArithmetic
public import Tensors

/// Returns the input with its negative numbers replaced by 0: max(x, 0).
///
/// ```swift
/// relu(Tensor(row: [-2, 0, 3]))   // 0 0 3
/// ```
///
/// A NaN stays NaN.
public func relu<Scalar: Numeric & Comparable>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.map { $0 < .zero ? .zero : $0 }
}

/// Returns the gradient of ReLU by its input: the output's gradient where the input is above 0, and 0
/// elsewhere (at 0 itself too, as in PyTorch and Caffe).
///
/// - Parameters:
///   - gradient: the gradient by the output.
///   - x: ReLU's input; its output does as well.
/// - Throws: `GeometryError` if the shapes differ.
public func reluGradient<Scalar: Numeric & Comparable>(
  _ gradient: Tensor<Scalar>, input x: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  try requireShape("the gradient by the output", gradient.shape, x.shape)
  var result = gradient
  for cell in x.elements.indices where x[cell] <= .zero { result[cell] = .zero }
  return result
}

/// What dropout drops as one.
public enum DropoutUnit: String, Hashable, Sendable, CaseIterable {
  /// Single elements: Caffe's dropout, PyTorch's `Dropout`. FCN was trained with this.
  case element
  /// Whole channels of a picture: PyTorch's `Dropout2d`.
  case channel
}

/// Returns a mask to multiply the input with: 0 where something is dropped, 1/(1 − p) elsewhere, so
/// that the mean stays the same.
///
/// ```swift
/// var random = SplitMix64(seed: 7)
/// let mask = try dropoutMask([1, 4096, 16, 16], probability: Fraction(1, 2), using: &random) as Tensor<Float>
/// let y = try multiplied(x, by: mask)            // forward
/// let dx = try multiplied(dy, by: mask)          // backward: the same mask
/// ```
///
/// Dropout is for training alone; at inference nothing is done.
///
/// - Parameters:
///   - shape: the input's; of rank 4 when channels are dropped.
///   - probability: p, from 0 to below 1.
///   - unit: single elements or whole channels.
///   - random: where the choice comes from; the same state gives the same mask.
/// - Throws: `GeometryError` if the probability is out of range or the rank does not fit.
public func dropoutMask<Scalar: Divisible>(
  _ shape: Shape, probability: Fraction, unit: DropoutUnit = .element,
  using random: inout SplitMix64
) throws(GeometryError) -> Tensor<Scalar> {
  guard 0 <= probability && probability < 1 else {
    throw GeometryError(
      "the probability of dropping is \(probability); it must be from 0 to below 1")
  }
  let kept = Scalar(1 / (1 - probability))
  let threshold = probability.doubleValue
  switch unit {
  case .element:
    return Tensor(
      shape: shape,
      elements: (0..<shape.count).map { _ in random.unit() < threshold ? .zero : kept })
  case .channel:
    guard shape.rank == 4 else { throw wrongRank("the input", shape, expected: 4) }
    return Tensor(
      shape: shape,
      elements: (0..<(shape[0] * shape[1])).flatMap { _ in
        let scale = random.unit() < threshold ? .zero : kept
        return Array(repeating: scale, count: shape[2] * shape[3])
      })
  }
}

/// Returns the product cell by cell, as dropout multiplies its input, and its gradient, by the mask.
///
/// - Throws: `GeometryError` if the shapes differ.
public func multiplied<Scalar: Numeric>(
  _ x: Tensor<Scalar>, by mask: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  try requireShape("the mask", mask.shape, x.shape)
  return Tensor(shape: x.shape, elements: zip(x.elements, mask.elements).map { $0 * $1 })
}
