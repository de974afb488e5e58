public import ConvolutionArithmetic
public import Tensors

/// Returns the fully connected layer's output: every output number sees every input number.
///
///     y[…, m] = bias[m] + Σ over j of  x[…, j] · w[m, j]
///
/// ```swift
/// try linear(Tensor(shape: [1, 2], elements: [1, 2]), Tensor(shape: [2, 2], elements: [1, 0, 3, 4]))
/// // 1 11
/// ```
///
/// - Parameters:
///   - x: rank 1 or more; the last dimension is the input.
///   - w: the weights, (out, in).
///   - bias: one number for each output; none means 0.
/// - Returns: the shape of `x` with `out` as its last extent.
/// - Throws: `GeometryError` if shapes do not fit each other.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
public func linear<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  guard w.shape.rank == 2 else { throw wrongRank("the weights", w.shape, expected: 2) }
  let (outputs, inputs) = (w.shape[0], w.shape[1])
  guard x.shape.rank >= 1, x.shape[x.shape.rank - 1] == inputs else {
    throw GeometryError(
      "the input has shape \(x.shape); its last extent must be \(inputs), for the weights are "
        + "\(w.shape)")
  }
  if let bias, bias.count != outputs {
    throw GeometryError(
      "the bias has \(bias.count) numbers; one for each of the \(outputs) outputs is expected")
  }
  let rows = x.shape.dimensions.dropLast().reduce(1, *)
  var y = try zeros(rows, outputs, like: x)
  for row in 0..<rows {
    for m in 0..<outputs {
      var sum = bias?[m] ?? .zero
      for j in 0..<inputs {
        sum += x[row * inputs + j] * w[m, j]
      }
      y[row, m] = sum
    }
  }
  return y.reshaped(Shape(x.shape.dimensions.dropLast() + [outputs]))
}

/// The gradients of a fully connected layer.
public struct LinearGradients<Scalar> {
  /// By the input, in its shape.
  public let input: Tensor<Scalar>
  /// By the weights, (out, in).
  public let weight: Tensor<Scalar>
  /// By the bias, one number for each output.
  public let bias: [Scalar]
}

/// Returns the gradients of a fully connected layer by its input, weights and bias.
///
///     x̂[n, j] = Σ ŷ[n, m] · w[m, j],   ŵ[m, j] = Σ ŷ[n, m] · x[n, j],   b̂[m] = Σ ŷ[n, m]
///
/// - Parameters:
///   - gradient: ŷ, the gradient by the output, (batch, out).
///   - x: the input, (batch, in).
///   - w: the weights, (out, in).
/// - Throws: `GeometryError` if shapes do not fit each other.
public func linearGradients<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, input x: Tensor<Scalar>, weight w: Tensor<Scalar>
) throws(GeometryError) -> LinearGradients<Scalar> {
  guard x.shape.rank == 2 else { throw wrongRank("the input", x.shape, expected: 2) }
  guard w.shape.rank == 2 else { throw wrongRank("the weights", w.shape, expected: 2) }
  try requireShape("the weights", w.shape, [w.shape[0], x.shape[1]])
  try requireShape("the gradient by the output", gradient.shape, [x.shape[0], w.shape[0]])
  var (dx, dw) = (Tensor<Scalar>.zeros(x.shape), Tensor<Scalar>.zeros(w.shape))
  var bias = Array(repeating: Scalar.zero, count: w.shape[0])
  for n in 0..<x.shape[0] {
    for m in 0..<w.shape[0] {
      bias[m] += gradient[n, m]
      for j in 0..<w.shape[1] {
        dx[n, j] += gradient[n, m] * w[m, j]
        dw[m, j] += gradient[n, m] * x[n, j]
      }
    }
  }
  return LinearGradients(input: dx, weight: dw, bias: bias)
}
