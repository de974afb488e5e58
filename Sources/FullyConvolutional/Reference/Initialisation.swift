public import Tensors
import Primitives

/// The tensors of a network by parameter name.
public typealias Weights<Scalar> = [String: Tensor<Scalar>]

extension Network {
  /// Weights from which training starts: convolutions after He, the classifier's last layer of deviation
  /// 0.01, the layers that give class scores for pixels zero, transposed convolutions bilinear, biases zero.
  ///
  /// A stage of training starts from the one before: tensors that `source` has under the same name and
  /// shape are taken from there, so that FCN-16s begins with what FCN-32s has learned and FCN-32s with
  /// what a classifier has.
  ///
  /// - Parameters:
  ///   - source: tensors to keep.
  ///   - seed: the random numbers of the others.
  public func initialWeights(
    from source: Weights<Float> = [:], seed: UInt64 = 0
  ) -> Weights<Float> {
    var generator = SplitMix64(seed: seed)
    var weights: Weights<Float> = [:]
    for layer in layers {
      for parameter in parameters(of: layer) {
        // Drawn even if the source has the tensor, so that each draw depends on the seed alone.
        let fresh = fresh(parameter, of: layer, using: &generator)
        let kept = source[parameter.name].flatMap { $0.shape == parameter.shape ? $0 : nil }
        weights[parameter.name] = kept ?? fresh
      }
    }
    return weights
  }

  private func fresh(
    _ parameter: Parameter, of layer: Layer, using generator: inout SplitMix64
  ) -> Tensor<Float> {
    let shape = parameter.shape
    if shape.rank == 1 || layer.name.hasPrefix("score") { return .zeros(shape) }
    if case .transposedConvolution = layer.operation {
      return bilinearKernels(classes: shape[0], kernelSize: Size(shape[2]))
    }
    // He, Zhang, Ren and Sun (arXiv 1502.01852): variance 2 / inputs of one output cell.
    // The classifier's last layer begins with small scores, so that no class is sure of itself.
    let deviation =
      layer.name == "fc8" ? 0.01 : (2 / Double(shape[1] * shape[2] * shape[3])).squareRoot()
    return Tensor(
      shape: shape, elements: (0..<shape.count).map { _ in Float(deviation * generator.normal()) })
  }
}

extension SplitMix64 {
  /// A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform ones, less 6.
  ///
  /// It uses addition alone, so that it has the same bits on every machine.
  public mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + unit() }
  }
}
