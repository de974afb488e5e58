public import ConvolutionArithmetic
public import Tensors

/// Returns each number divided by a power of the squares around it, across channels: AlexNet's local
/// response normalization.
///
///     y[c] = x[c] / (k + α/size · Σ x[j]²)^β,  j from c − ⌊size/2⌋ to c + ⌊size/2⌋, inside the map
///
/// ```swift
/// try localResponseNormalization(x)   // as in AlexNet: size 5, α = 1e-4, β = ¾, k = 1
/// ```
///
/// α is divided by the size, as in Caffe, PyTorch and ONNX; the paper's own α is not. Source:
/// Krizhevsky, Sutskever and Hinton (2012), section 3.3.
///
/// - `x`: (batch, channels, height, width).
/// - `size`: channels in the window, an odd number.
/// - Throws: `GeometryError` if the input is not of rank 4 or the size is even or below 1.
public func localResponseNormalization<Scalar: Transcendental>(
  _ x: Tensor<Scalar>, size: Int = 5, alpha: Scalar = 1e-4, beta: Scalar = 0.75, k: Scalar = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let bases = try normalizationBases(x, size: size, alpha: alpha, k: k)
  return Tensor(
    shape: x.shape, elements: zip(x.elements, bases.elements).map { $0 / Scalar.pow($1, beta) })
}

/// Returns the gradient of local response normalization by its input.
///
///     x̂[i] = ŷ[i] / s[i]^β − 2αβ/size · x[i] · Σ ŷ[c] · x[c] / s[c]^(β + 1),
///     s[c] = k + α/size · Σ x[j]²
///
/// with c over the channels in whose window i is, which are those in the window of i. The first part is
/// that of the number itself, the second what it does to the divisor of each neighbour.
///
/// - `gradient`: ŷ, the gradient by the output.
/// - `x`: the input; the other parameters are the forward ones.
/// - Throws: `GeometryError` if shapes do not fit each other or the size is even or below 1.
public func localResponseNormalizationGradient<Scalar: Transcendental>(
  _ gradient: Tensor<Scalar>, input x: Tensor<Scalar>, size: Int = 5, alpha: Scalar = 1e-4,
  beta: Scalar = 0.75, k: Scalar = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try requireShape("the gradient by the output", gradient.shape, x.shape)
  let bases = try normalizationBases(x, size: size, alpha: alpha, k: k)
  let own = Tensor(
    shape: x.shape,
    elements: zip(gradient.elements, bases.elements).map { $0 / Scalar.pow($1, beta) })
  let pull = Tensor(
    shape: x.shape,
    elements: x.elements.indices.map { own[$0] * x[$0] / bases[$0] })
  let factor = 2 * alpha * beta / Scalar(size)
  var result = own
  for (cell, sum) in neighbourSums(pull, size: size).elements.enumerated() {
    result[cell] -= factor * x[cell] * sum
  }
  return result
}

/// k + α/size · Σ x[j]²: what is raised to the power β.
private func normalizationBases<Scalar: Transcendental>(
  _ x: Tensor<Scalar>, size: Int, alpha: Scalar, k: Scalar
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  guard size >= 1, size % 2 == 1 else {
    throw GeometryError("the size is \(size); it must be an odd number, at least 1")
  }
  return neighbourSums(x.map { $0 * $0 }, size: size).map { k + alpha / Scalar(size) * $0 }
}

/// The sums over a window of so many channels around each, inside the map.
private func neighbourSums<Scalar: Numeric>(_ x: Tensor<Scalar>, size: Int) -> Tensor<Scalar> {
  var sums = Tensor<Scalar>.zeros(x.shape)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for j in max(0, c - size / 2)...min(x.channels - 1, c + size / 2) {
        for row in 0..<x.height {
          for column in 0..<x.width { sums[n, c, row, column] += x[n, j, row, column] }
        }
      }
    }
  }
  return sums
}
