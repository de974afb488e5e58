package import ConvolutionArithmetic
package import Tensors

/// One thing that the fast network does; several layers of the description may be one step.
package struct StepOutline {
  /// The layer that the step is about, for messages and measurements.
  package let name: String
  /// The layer whose maps it gives.
  package let output: String
  /// The layers it reads.
  package let inputs: [String]
  package let work: Work
  /// Whether the output takes the memory of the first input, which nothing reads any more.
  package fileprivate(set) var isInPlace = false

  package enum Work {
    /// The picture as a map in blocks, for steps that can't read it as it comes.
    case load
    /// A convolution, with ReLU and a 2×2 pool if those follow, and weights that are multiplied first
    /// by the scale that comes before them.
    case convolution(Network.Layer, relu: Bool, pool: Bool, factor: Float)
    /// A transposed convolution, computed only where the crop that follows keeps it.
    case transposedConvolution(Network.Layer, offset: Size)
    case maxPool(Pooling)
    case normalization(size: Int, alpha: Float, beta: Float, k: Float)
    case averagePool(Pooling)
    case relu
    case scale(Float)
    /// The first input and a crop of the second.
    case sum(offset: Size)
    case concatenate
    case crop(offset: Size)
    /// In learning alone.
    case dropout(probability: Double)
  }

  init(_ name: String, output: String? = nil, inputs: [String], _ work: Work) {
    (self.name, self.output, self.inputs, self.work) = (name, output ?? name, inputs, work)
  }

  fileprivate var rectifies: Bool {
    if case .convolution(_, relu: true, _, _) = work { true } else { false }
  }
}

extension [StepOutline] {
  /// Whose memory a map takes that has none of its own: that of the first input, of steps in place.
  package var homes: [String: String] {
    reduce(into: [:]) { homes, step in
      if step.isInPlace { homes[step.output] = homes[step.inputs[0]] ?? step.inputs[0] }
    }
  }

  /// The steps that the last layer needs, sums in place where nothing else needs their first input.
  ///
  /// - Parameter isLearning: whether what a map was is needed again on the way back.
  fileprivate func planned(
    for result: String, from picture: String, isLearning: Bool
  ) -> [StepOutline] {
    var needed: Set = [result]
    var steps: [StepOutline] = []
    for step in reversed() where needed.contains(step.output) {
      needed.formUnion(step.inputs)
      steps.append(step)
    }
    steps.reverse()
    for (index, step) in steps.enumerated() {
      guard case .sum = step.work, step.inputs[0] != picture, step.inputs[0] != step.inputs[1]
      else { continue }
      let others = steps.enumerated().filter {
        $0.offset != index && $0.element.inputs.contains(step.inputs[0])
      }
      let maker = steps.first { $0.output == step.inputs[0] }!
      steps[index].isInPlace =
        isLearning
        ? others.isEmpty && !maker.rectifies : others.allSatisfy { $0.offset < index }
    }
    return steps
  }
}

extension Network.Layer {
  fileprivate var isCrop: Bool { if case .crop = operation { true } else { false } }
}

/// Turns the layers of a description into steps: what ReLU, pools, crops, scales and dropout add to
/// their neighbours needs no step of its own.
package struct StepPlanner {
  let network: Network
  /// Layers that give what another layer gives already.
  private var alias: [String: String] = [:]
  /// The factor that a layer's readers have to put into their weights.
  private var factor: [String: Float] = [:]
  private let readers: [String: [Network.Layer]]
  /// For learning, convolutions keep what they give before it is pooled, and dropout is a step.
  private let isLearning: Bool

  private init(_ network: Network, isLearning: Bool) {
    self.network = network
    self.isLearning = isLearning
    readers = network.layers.reduce(into: [:]) { readers, layer in
      for input in layer.inputs { readers[input, default: []].append(layer) }
    }
  }

  /// The steps in order; the last gives the network's result.
  ///
  /// - Throws: `GeometryError` if two streams cannot be aligned.
  package static func outlines(
    of network: Network, isLearning: Bool = false
  ) throws(GeometryError) -> [StepOutline] {
    var planner = StepPlanner(network, isLearning: isLearning)
    var outlines: [StepOutline] = []
    for layer in network.layers.dropFirst() where planner.alias[layer.name] == nil {
      if let outline = try planner.outline(of: layer) { outlines.append(outline) }
    }
    let result = planner.resolved(network.layers.last!.name)
    outlines = outlines.planned(
      for: result, from: network.inputName, isLearning: isLearning)
    // Convolutions read the picture as it comes.
    let needsMap = outlines.contains { step in
      if case .convolution = step.work { false } else { step.inputs.contains(network.inputName) }
    }
    if result == network.inputName || needsMap {
      outlines.insert(StepOutline(network.inputName, inputs: [], .load), at: 0)
    }
    return outlines
  }

  private func resolved(_ name: String) -> String { alias[name] ?? name }

  private mutating func outline(of layer: Network.Layer) throws(GeometryError) -> StepOutline? {
    let inputs = layer.inputs.map(resolved)
    switch layer.operation {
    case .input:
      return nil
    case .dropout(let probability) where isLearning && probability > 0:
      return StepOutline(layer.name, inputs: inputs, .dropout(probability: probability))
    case .dropout, .identity:
      alias[layer.name] = inputs[0]
      factor[layer.name] = factor[layer.inputs[0]]
      return nil
    case .power(exponent: 1, scale: let value, shift: 0):
      guard isReadByWeightsAlone(layer) else {
        return StepOutline(layer.name, inputs: inputs, .scale(Float(value)))
      }
      alias[layer.name] = inputs[0]
      factor[layer.name] = Float(value) * (factor[layer.inputs[0]] ?? 1)
      return nil
    case .convolution:
      var made = [layer]
      var hasReLU = false
      if case .convolution(_, _, _, relu: true) = layer.operation { hasReLU = true }
      if !isLearning, let relu = onlyReader(of: layer), relu.operation == .relu {
        made.append(relu)
        hasReLU = true
      }
      let pool = halvingPool(after: made.last!)
      if let pool { made.append(pool) }
      let output = made.last!.name
      if made.count > 1 { for layer in made { alias[layer.name] = output } }
      return StepOutline(
        layer.name, output: output, inputs: inputs,
        .convolution(
          layer, relu: hasReLU, pool: pool != nil, factor: factor[layer.inputs[0]] ?? 1))
    case .maxPool(let pooling):
      return StepOutline(layer.name, inputs: inputs, .maxPool(pooling))
    case .normalization(let size, let alpha, let beta, let k):
      return StepOutline(
        layer.name, inputs: inputs,
        .normalization(size: size, alpha: Float(alpha), beta: Float(beta), k: Float(k)))
    case .transposedConvolution:
      // A crop that alone reads this one is done by not computing the rest.
      var (output, offset) = (layer.name, Size(0))
      if let crop = onlyReader(of: layer), isMadeInPassing(crop) {
        output = crop.name
        offset = try network.cropOffsets(of: crop)
        alias[output] = output
      }
      return StepOutline(
        layer.name, output: output, inputs: inputs, .transposedConvolution(layer, offset: offset))
    case .averagePool(let pooling):
      return StepOutline(layer.name, inputs: inputs, .averagePool(pooling))
    case .activation(.relu):
      return StepOutline(layer.name, inputs: inputs, .relu)
    case .crop:
      // The sum that alone reads it takes the part of the whole map that it needs.
      if let sum = onlyReader(of: layer), foldedCrop(of: sum) == layer { return nil }
      return StepOutline(
        layer.name, inputs: [inputs[0]], .crop(offset: try network.cropOffsets(of: layer)))
    case .sum(coefficients: []) where inputs.count == 2:
      guard let crop = foldedCrop(of: layer) else {
        return StepOutline(layer.name, inputs: inputs, .sum(offset: 0))
      }
      let whole = layer.inputs[0] == crop.name ? inputs[1] : inputs[0]
      return StepOutline(
        layer.name, inputs: [whole, resolved(crop.inputs[0])],
        .sum(offset: try network.cropOffsets(of: crop)))
    case .concatenate:
      return StepOutline(layer.name, inputs: inputs, .concatenate)
    default:
      throw GeometryError(
        "the fast kernels have no \(layer.operation.kind), which is what \(layer.name) is")
    }
  }

  /// Whether all that a layer gives goes into convolutions, whose weights can take a factor.
  private func isReadByWeightsAlone(_ layer: Network.Layer) -> Bool {
    guard let readers = readers[layer.name], layer != network.layers.last else { return false }
    return readers.allSatisfy { reader in
      switch reader.operation {
      case .convolution: true
      case .power(exponent: 1, scale: _, shift: 0), .identity: isReadByWeightsAlone(reader)
      case .dropout(let probability):
        !(isLearning && probability > 0) && isReadByWeightsAlone(reader)
      default: false
      }
    }
  }

  /// The crop among the inputs of a sum that needs no map of its own.
  private func foldedCrop(of sum: Network.Layer) -> Network.Layer? {
    guard sum.operation == .sum, sum.inputs.count == 2 else { return nil }
    return sum.inputs.reversed().lazy.map { network[$0]! }
      .first { $0.isCrop && onlyReader(of: $0) == sum && !isMadeInPassing($0) }
  }

  /// Whether a layer is a crop that a transposed convolution does by not computing the rest.
  private func isMadeInPassing(_ crop: Network.Layer) -> Bool {
    guard crop.isCrop, let cropped = network[crop.inputs[0]],
      case .transposedConvolution = cropped.operation
    else { return false }
    return onlyReader(of: cropped) == crop
  }

  /// The layer that alone reads another, and once.
  private func onlyReader(of layer: Network.Layer) -> Network.Layer? {
    let readers = readers[layer.name] ?? []
    return readers.count == 1 ? readers[0] : nil
  }

  /// The 2×2 pool that alone reads this convolution.
  private func halvingPool(after layer: Network.Layer) -> Network.Layer? {
    guard !isLearning, let pool = onlyReader(of: layer),
      pool.operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil)
    else { return nil }
    return pool
  }
}
