import Networks
import Primitives
import Tensors

extension Network {
  /// Weights in which no layer is zero, so that every stream counts; upsampling between class scores is
  /// bilinear.
  func noise(seed: UInt64) -> Weights<Float> {
    var generator = SplitMix64(seed: seed)
    var weights: Weights<Float> = [:]
    for parameter in parameters {
      let shape = parameter.shape
      let inputs = shape.dimensions.dropFirst().reduce(1, *)
      let deviation = Float((2 / Double(inputs)).squareRoot())
      weights[parameter.name] =
        parameter.name.hasSuffix(".running_var")
        ? generator.noise(shape).map { 1 + abs($0) }
        : isUpsampling(parameter.name)
          ? bilinearKernels(classes: shape[0], kernelSize: Size(height: shape[2], width: shape[3]))
          : generator.noise(shape).map { $0 * deviation }
    }
    return weights
  }
}

extension SplitMix64 {
  /// Numbers of mean 0 and variance 1.
  mutating func noise(_ shape: Shape) -> Tensor<Float> {
    var elements: [Float] = []
    for _ in 0..<shape.count { elements.append(Float(normal())) }
    return Tensor(shape: shape, elements: elements)
  }
}
