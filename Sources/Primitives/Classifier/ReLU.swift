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
