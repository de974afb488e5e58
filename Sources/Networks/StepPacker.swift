import ConvolutionArithmetic
import FastKernels
import Tensors

/// Packs the weights of the steps for the kernels.
struct StepPacker {
  let network: Network
  let weights: WeightSource
  let packed: PackedWeights
  let exact: Bool
  let threads: Threads
  let level: Level
  private let channels: [String: Int]

  init(
    _ network: Network, weights: WeightSource, packed: PackedWeights, exact: Bool,
    threads: Threads, level: Level
  ) {
    self.packed = packed
    (self.network, self.weights, self.exact) = (network, weights, exact)
    (self.threads, self.level) = (threads, level)
    channels = network.channels
  }

  /// The steps with their weights.
  func steps(_ outlines: [StepOutline], progress: (Double) -> Void) throws -> [FastStep] {
    let total = Double(network.parameters.reduce(0) { $0 + $1.shape.count })
    var packed = 0.0
    var steps: [FastStep] = []
    for outline in outlines {
      steps.append(FastStep(outline: outline, packed: try pack(outline.work)))
      if let layer = network[outline.name] {
        packed += Double(network.parameters(of: layer).reduce(0) { $0 + $1.shape.count })
      }
      progress(packed / max(total, 1))
    }
    return steps
  }

  private func pack(_ work: StepOutline.Work) throws -> FastStep.Packed {
    switch work {
    case .convolution(let layer, let relu, let pool, let factor):
      .convolution(try convolution(layer, relu: relu, pool: pool, factor: factor))
    case .transposedConvolution(let layer, _):
      .transposedConvolution(try transposedConvolution(layer))
    default: .nothing
    }
  }

  private func convolution(
    _ layer: Network.Layer, relu: Bool, pool: Bool, factor: Float
  ) throws -> PreparedConvolution {
    guard case .convolution(let convolution, let outputs, _, _) = layer.operation
    else { preconditionFailure("\(layer.name) is no convolution") }
    return try withTensors(of: layer, factor: factor) { weight, bias in
      PreparedConvolution(
        convolution, weights: weight, bias: bias, outputs: outputs,
        inputs: channels[layer.inputs[0]]!, rectify: relu, pool: pool, exact: exact,
        packed: packed[layer.name], threads: threads, level: level)
    }
  }

  private func transposedConvolution(_ layer: Network.Layer) throws -> PreparedTransposedConvolution
  {
    guard case .transposedConvolution(let convolution, let outputs, _) = layer.operation
    else { preconditionFailure("\(layer.name) is no transposed convolution") }
    return try withTensors(of: layer, factor: 1) { weight, bias in
      PreparedTransposedConvolution(
        convolution, weights: weight, bias: bias, outputs: outputs,
        inputs: channels[layer.inputs[0]]!, threads: threads, level: level)
    }
  }

  /// Calls `body` with the layer's weight times `factor`, and its bias.
  private func withTensors<Result>(
    of layer: Network.Layer, factor: Float,
    _ body: (_ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?) throws -> Result
  ) throws -> Result {
    var result: Result?
    let names = network.parameters(of: layer).map(\.name)
    try weights.read(names[0]) { weight in
      func withBias(_ weight: UnsafePointer<Float>) throws {
        guard names.count > 1 else {
          result = try body(weight, nil)
          return
        }
        try weights.read(names[1]) { result = try body(weight, $0.baseAddress!) }
      }
      if factor == 1 {
        try withBias(weight.baseAddress!)
      } else {
        try weight.map { $0 * factor }.withUnsafeBufferPointer { try withBias($0.baseAddress!) }
      }
    }
    return result!
  }
}
