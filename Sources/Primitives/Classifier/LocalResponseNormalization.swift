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
/// - Parameters:
///   - x: (batch, channels, height, width).
///   - size: channels in the window, an odd number.
/// - Throws: `GeometryError` if the input is not of rank 4 or the size is even or below 1.
public func localResponseNormalization<Scalar: Transcendental>(
  _ x: Tensor<Scalar>, size: Int = 5, alpha: Scalar = 1e-4, beta: Scalar = 0.75, k: Scalar = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  guard size >= 1, size % 2 == 1 else {
    throw GeometryError("the size is \(size); it must be an odd number, at least 1")
  }
  var y = x
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      let neighbours = max(0, c - size / 2)...min(x.channels - 1, c + size / 2)
      for row in 0..<x.height {
        for column in 0..<x.width {
          let squares = neighbours.reduce(Scalar.zero) { sum, j in
            sum + x[n, j, row, column] * x[n, j, row, column]
          }
          y[n, c, row, column] /= Scalar.pow(k + alpha / Scalar(size) * squares, beta)
        }
      }
    }
  }
  return y
}
