import ConvolutionArithmetic
import FastKernels
import Tensors

/// Turns the layers of a description into steps, packing their weights.
struct FastStepBuilder {
  let network: Network
  let weights: WeightSource
  let exact: Bool
  let threads: Threads
  let level: Level
  /// Layers that give what another layer gives already: dropout, scale, and crops that their reader does.
  private var alias: [String: String] = [:]
  /// The factor that a layer's readers have to put into their weights.
  private var factor: [String: Float] = [:]
  private let channels: [String: Int]
  private let readers: [String: [Layer]]

  init(
    _ network: Network, weights: WeightSource, exact: Bool, threads: Threads, level: Level
  ) throws {
    (self.network, self.weights, self.exact) = (network, weights, exact)
    (self.threads, self.level) = (threads, level)
    channels = network.channels
    readers = network.layers.reduce(into: [:]) { readers, layer in
      for input in layer.inputs { readers[input, default: []].append(layer) }
    }
  }

  mutating func steps(progress: (Double) -> Void) throws -> [FastStep] {
    let total = Double(network.parameters.reduce(0) { $0 + $1.shape.count })
    var packed = 0.0
    var steps: [FastStep] = []
    for layer in network.layers.dropFirst() where alias[layer.name] == nil {
      if let step = try step(for: layer) { steps.append(step) }
      packed += Double(network.parameters(of: layer).reduce(0) { $0 + $1.shape.count })
      progress(packed / max(total, 1))
    }
    return steps
  }

  private func resolved(_ name: String) -> String { alias[name] ?? name }

  private mutating func step(for layer: Layer) throws -> FastStep? {
    let inputs = layer.inputs.map(resolved)
    switch layer.operation {
    case .input:
      return nil
    case .dropout:
      alias[layer.name] = inputs[0]
      factor[layer.name] = factor[layer.inputs[0]]
      return nil
    case .scale(let value):
      alias[layer.name] = inputs[0]
      factor[layer.name] = Float(value) * (factor[layer.inputs[0]] ?? 1)
      return nil
    case .convolution:
      let pool = halvingPool(after: layer)
      if let pool { alias[layer.name] = pool.name }
      if let pool { alias[pool.name] = pool.name }
      return FastStep(
        output: pool?.name ?? layer.name, inputs: inputs,
        kind: .convolution(try convolution(layer, pool: pool != nil)))
    case .maxPool(let kernelSize, let stride, _):
      return FastStep(
        output: layer.name, inputs: inputs, kind: .maxPool(kernelSize: kernelSize, stride: stride))
    case .normalization(let size, let alpha, let beta):
      return FastStep(
        output: layer.name, inputs: inputs,
        kind: .normalization(size: size, alpha: Float(alpha), beta: Float(beta)))
    case .transposedConvolution:
      // A crop that alone reads this one is done by not computing the rest.
      var (output, offset) = (layer.name, 0)
      if let readers = readers[layer.name], readers.count == 1, readers[0].operation == .crop,
        readers[0].inputs[0] == layer.name
      {
        output = readers[0].name
        offset = try network.cropOffset(of: readers[0])
        alias[output] = output
      }
      return FastStep(
        output: output, inputs: inputs,
        kind: .transposedConvolution(try transposedConvolution(layer), offset: offset))
    case .crop:
      let offset = try network.cropOffset(of: layer)
      // The sum that reads it takes the part of the whole map that it needs.
      if let readers = readers[layer.name], readers.count == 1, readers[0].operation == .sum,
        readers[0].inputs[1] == layer.name
      {
        return nil
      }
      return FastStep(output: layer.name, inputs: [inputs[0]], kind: .crop(offset: offset))
    case .sum:
      // The sum takes the memory of its first input, so nothing else may read that afterwards.
      let added = network[layer.inputs[1]]!
      guard readers[layer.inputs[0]]!.allSatisfy({ $0 == layer || $0 == added }) else {
        throw GeometryError(
          "\(layer.name) adds to \(layer.inputs[0]), which another layer reads too")
      }
      guard added.operation == .crop, added.inputs[1] == layer.inputs[0],
        readers[added.name]?.count == 1
      else {
        return FastStep(output: layer.name, inputs: inputs, kind: .addCropped(offset: 0))
      }
      return FastStep(
        output: layer.name, inputs: [inputs[0], resolved(added.inputs[0])],
        kind: .addCropped(offset: try network.cropOffset(of: added)))
    case .concatenate:
      guard layer.inputs.allSatisfy({ channels[$0]! % 16 == 0 }) else {
        throw GeometryError(
          "\(layer.name) joins maps of \(layer.inputs.map { channels[$0]! }) channels; the fast "
            + "kernels join multiples of 16")
      }
      return FastStep(output: layer.name, inputs: inputs, kind: .concatenate)
    }
  }

  /// The 2×2 pool that alone reads this convolution.
  private func halvingPool(after layer: Layer) -> Layer? {
    guard let readers = readers[layer.name], readers.count == 1,
      readers[0].operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil)
    else { return nil }
    return readers[0]
  }

  private func convolution(_ layer: Layer, pool: Bool) throws -> PreparedConvolution {
    guard
      case .convolution(
        let outputs, let kernelSize, let stride, let padding, let groups, let relu) =
        layer.operation
    else { preconditionFailure("\(layer.name) is no convolution") }
    return try withTensors(of: layer) { weight, bias in
      try PreparedConvolution(
        weights: weight, bias: bias, outputs: outputs, inputs: channels[layer.inputs[0]]!,
        kernelSize: Size(kernelSize), stride: Size(stride), padding: Padding(Size(padding)),
        groups: groups, rectify: relu, pool: pool, exact: exact, threads: threads, level: level)
    }
  }

  private func transposedConvolution(_ layer: Layer) throws -> PreparedTransposedConvolution {
    guard case .transposedConvolution(let outputs, let kernelSize, let stride, _) = layer.operation
    else { preconditionFailure("\(layer.name) is no transposed convolution") }
    return try withTensors(of: layer) { weight, bias in
      try PreparedTransposedConvolution(
        weights: weight, bias: bias, outputs: outputs, inputs: channels[layer.inputs[0]]!,
        kernelSize: Size(kernelSize), stride: Size(stride), threads: threads, level: level)
    }
  }

  /// Calls `body` with the layer's weight, scaled if a scale comes before it, and its bias.
  private func withTensors<Result>(
    of layer: Layer,
    _ body: (_ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?) throws -> Result
  ) throws -> Result {
    var result: Result?
    let names = network.parameters(of: layer).map(\.name)
    let factor = factor[layer.inputs[0]]
    try weights.read(names[0]) { weight in
      func withBias(_ weight: UnsafePointer<Float>) throws {
        guard names.count > 1 else {
          result = try body(weight, nil)
          return
        }
        try weights.read(names[1]) { result = try body(weight, $0.baseAddress!) }
      }
      if let factor {
        try weight.map { $0 * factor }.withUnsafeBufferPointer { try withBias($0.baseAddress!) }
      } else {
        try withBias(weight.baseAddress!)
      }
    }
    return result!
  }
}
