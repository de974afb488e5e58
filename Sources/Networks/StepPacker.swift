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
  private let sizes: [String: Size]

  init(
    _ outline: FastOutline, weights: WeightSource, packed: PackedWeights, threads: Threads,
    level: Level
  ) {
    self.packed = packed
    (network, self.weights, exact) = (outline.network, weights, outline.exact)
    (self.threads, self.level) = (threads, level)
    (channels, sizes) = (network.channels, outline.sizes)
  }

  /// The steps with their weights.
  func steps(_ outlines: [StepOutline], progress: (Double) -> Void) throws -> [FastStep] {
    let total = Double(network.parameters.reduce(0) { $0 + $1.shape.count })
    var packed = 0.0
    var steps: [FastStep] = []
    for outline in outlines {
      steps.append(FastStep(outline: outline, packed: try pack(outline)))
      for layer in (outline.before + [outline]).compactMap({ network[$0.name] }) {
        packed += Double(network.parameters(of: layer).reduce(0) { $0 + $1.shape.count })
      }
      progress(packed / max(total, 1))
    }
    return steps
  }

  private func pack(_ outline: StepOutline) throws -> FastStep.Packed {
    if let first = outline.before.first, case .convolution(let before) = try pack(first),
      case .convolution(let layer) = try packAlone(outline)
    {
      return .convolutions(before, layer)
    }
    return try packAlone(outline)
  }

  private func packAlone(_ outline: StepOutline) throws -> FastStep.Packed {
    switch outline.work {
    case .convolution(let layer, let relu, let pool, let factor):
      return .convolution(
        try convolution(
          layer, relu: relu, pool: pool, factor: factor, lines: try lines(of: outline.folded)))
    case .transposedConvolution(let layer, _):
      return .transposedConvolution(
        try transposedConvolution(layer, lines: try lines(of: outline.folded)))
    case .layer(let layer) where layer.operation.isLinePerChannel:
      return try lines(of: [layer]).map { .lines($0) } ?? .nothing
    case .layer(let layer):
      guard case .activation(.learnedReLU) = layer.operation else { return .nothing }
      let slopes = try numbers("\(layer.name).weight")
      let count = channels[layer.name]!
      return .slopes(slopes.count == count ? slopes : Array(repeating: slopes[0], count: count))
    default: return .nothing
    }
  }

  /// What normalizations do one behind the other; nil for none.
  private func lines(of layers: [Network.Layer]) throws -> ChannelLines<Float>? {
    var all: ChannelLines<Float>?
    for layer in layers {
      var tensors: Weights<Float> = [:]
      for parameter in network.parameters(of: layer) {
        tensors[parameter.name] = Tensor(
          shape: parameter.shape, elements: try numbers(parameter.name))
      }
      let next = network.lines(of: layer, tensors)
      all = all?.followed(by: next) ?? next
    }
    return all
  }

  private func numbers(_ name: String) throws -> [Float] {
    var numbers: [Float] = []
    try weights.read(name) { read, _ in numbers = Array(read) }
    return numbers
  }

  private func convolution(
    _ layer: Network.Layer, relu: Bool, pool: Bool, factor: Float, lines: ChannelLines<Float>?
  ) throws -> PreparedConvolution {
    guard case .convolution(let convolution, let outputs, _, _) = layer.operation
    else { preconditionFailure("\(layer.name) is no convolution") }
    let (inputs, output) = (channels[layer.inputs[0]]!, sizes[layer.name])
    let count = PreparedConvolution.packedCount(
      convolution, inputs: inputs, outputs: outputs, exact: exact, output: output, level: level)
    let packed = packed[layer.name].flatMap { $0.count == count ? $0 : nil }
    return try withTensors(of: layer, factor: factor, lines: lines, isPacked: packed != nil) {
      weight, bias, forget in
      PreparedConvolution(
        convolution, weights: weight, bias: bias, outputs: outputs, inputs: inputs, rectify: relu,
        pool: pool, exact: exact, output: output, packed: packed, threads: threads, level: level,
        forget: forget)
    }
  }

  private func transposedConvolution(
    _ layer: Network.Layer, lines: ChannelLines<Float>?
  ) throws -> PreparedTransposedConvolution {
    guard case .transposedConvolution(let convolution, let outputs, _) = layer.operation
    else { preconditionFailure("\(layer.name) is no transposed convolution") }
    return try withTensors(of: layer, factor: 1, lines: lines) { weight, bias, _ in
      PreparedTransposedConvolution(
        convolution, weights: weight!, bias: bias, outputs: outputs,
        inputs: channels[layer.inputs[0]]!, threads: threads, level: level)
    }
  }

  /// Calls `body` with the layer's weight times `factor`, and its bias; both with the lines that follow,
  /// y·f + s for what the layer gives: the weights of each output channel times its f, the bias times f
  /// plus s; and with what it may call when it needs some of the weights no more.
  ///
  /// - Parameter isPacked: whether no weight is needed; then it is not read.
  private func withTensors<Result>(
    of layer: Network.Layer, factor: Float, lines: ChannelLines<Float>?, isPacked: Bool = false,
    _ body: (
      _ weight: UnsafePointer<Float>?, _ bias: UnsafePointer<Float>?,
      _ forget: @escaping (Range<Int>) -> Void
    ) throws -> Result
  ) throws -> Result {
    let parameters = network.parameters(of: layer)
    var bias = parameters.count > 1 ? try numbers(parameters[1].name) : nil
    if let lines {
      bias = lines.shifts.enumerated().map { c, shift in (bias?[c] ?? 0) * lines.factors[c] + shift
      }
    }
    func withBias(
      _ weight: UnsafePointer<Float>?, _ forget: @escaping (Range<Int>) -> Void = { _ in }
    ) throws -> Result {
      guard let bias else { return try body(weight, nil, forget) }
      return try bias.withUnsafeBufferPointer { try body(weight, $0.baseAddress!, forget) }
    }
    guard !isPacked else { return try withBias(nil) }
    var result: Result?
    try weights.read(parameters[0].name) { weight, forget in
      guard factor != 1 || lines != nil else {
        return result = try withBias(weight.baseAddress!, forget)
      }
      var scaled = weight.map { $0 * factor }
      if let lines { scale(&scaled, parameters[0].shape, by: lines.factors, of: layer) }
      result = try scaled.withUnsafeBufferPointer { try withBias($0.baseAddress!) }
    }
    return result!
  }

  /// Multiplies the weights of each output channel by its factor. A convolution has its outputs outermost,
  /// a transposed one those of a group behind the inputs.
  private func scale(
    _ weights: inout [Float], _ shape: Shape, by factors: [Float], of layer: Network.Layer
  ) {
    let area = shape[2] * shape[3]
    guard case .transposedConvolution(let convolution, _, _) = layer.operation else {
      let count = shape[1] * area
      for index in weights.indices { weights[index] *= factors[index / count] }
      return
    }
    let (groupInputs, groupOutputs) = (shape[0] / convolution.groups, shape[1])
    for index in weights.indices {
      let (input, output) = (index / area / groupOutputs, index / area % groupOutputs)
      weights[index] *= factors[input / groupInputs * groupOutputs + output]
    }
  }
}
