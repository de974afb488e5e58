package import ConvolutionArithmetic
import Tensors

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
  /// Layers whose maps have one cell, whatever the picture.
  private let single: Set<String>
  private let places: LayerPlaces
  /// For learning, convolutions keep what they give before it is pooled, and dropout is a step.
  private let isLearning: Bool

  private init(_ network: Network, isLearning: Bool) {
    self.network = network
    self.isLearning = isLearning
    single = network.oneCellLayers
    places = LayerPlaces(network)
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
    try network.checkThatOnePictureIsRead()
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
      // What is rectified already cannot be scaled by the weights.
      let folded = hasReLU ? [] : normalizations(after: layer)
      made += folded
      if !isLearning, let relu = onlyReader(of: made.last!), relu.operation == .relu {
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
          layer, relu: hasReLU, pool: pool != nil, factor: factor[layer.inputs[0]] ?? 1),
        folded: folded)
    case .maxPool(let pooling):
      return StepOutline(layer.name, inputs: inputs, .maxPool(pooling))
    case .normalization(let size, let alpha, let beta, let k):
      guard size % 2 == 1 else {
        throw GeometryError(
          "\(layer.name) normalizes over \(counted(size, "channel")); it must be an odd number to be run"
        )
      }
      return StepOutline(
        layer.name, inputs: inputs,
        .normalization(size: size, alpha: Float(alpha), beta: Float(beta), k: Float(k)))
    case .transposedConvolution:
      // A crop that alone reads this one is done by not computing the rest.
      var (output, offset) = (layer.name, Size(0))
      let folded = normalizations(after: layer)
      if let last = folded.last {
        output = last.name
        for layer in [layer] + folded { alias[layer.name] = output }
      }
      if let crop = onlyReader(of: layer), isMadeInPassing(crop) {
        output = crop.name
        offset = try places.cropOffsets(of: crop)
        alias[output] = output
      }
      return StepOutline(
        layer.name, output: output, inputs: inputs, .transposedConvolution(layer, offset: offset),
        folded: folded)
    case .averagePool(let pooling):
      guard pooling.dilation == 1 else {
        return StepOutline(layer.name, inputs: inputs, .readable(layer))
      }
      return StepOutline(layer.name, inputs: inputs, .averagePool(pooling))
    case .activation(.relu):
      return StepOutline(layer.name, inputs: inputs, .relu)
    case .crop:
      // The sum that alone reads it takes the part of the whole map that it needs.
      if let sum = onlyReader(of: layer), foldedCrop(of: sum) == layer { return nil }
      return StepOutline(
        layer.name, inputs: [inputs[0]], .crop(offset: try places.cropOffsets(of: layer)))
    case .sum where isPlainSum(layer):
      guard let crop = foldedCrop(of: layer) else {
        return StepOutline(layer.name, inputs: inputs, .sum(offset: 0))
      }
      let whole = layer.inputs[0] == crop.name ? inputs[1] : inputs[0]
      return StepOutline(
        layer.name, inputs: [whole, resolved(crop.inputs[0])],
        .sum(offset: try places.cropOffsets(of: crop)))
    case .concatenate:
      return StepOutline(layer.name, inputs: inputs, .concatenate)
    case .unknown:
      throw GeometryError(
        "\(network.name) can be shown and not be run: layer \(layer.whyUnknown!)")
    case _ where isLearning:
      throw GeometryError(
        "the fast kernels cannot learn \(layer.operation.kind), which is what \(layer.name) is")
    case .sum, .product, .maximum:
      return join(layer)
    case .pixelShuffle, .pixelUnshuffle:
      return StepOutline(layer.name, inputs: inputs, .readable(layer))
    case _ where layer.operation.takesSizeOfSecond:
      return StepOutline(layer.name, inputs: [inputs[0]], .layer(layer))
    case .activation, .batchNormalization, .affine, .power, .softmax, .globalPool, .resize,
      .centerCrop,
      .padTo, .cut, .pad, .channels, .shuffle:
      return StepOutline(layer.name, inputs: inputs, .layer(layer))
    }
  }

  /// The normalizations that alone read a layer, one behind the other.
  private func normalizations(after layer: Network.Layer) -> [Network.Layer] {
    guard !isLearning else { return [] }
    var found: [Network.Layer] = []
    while let next = onlyReader(of: found.last ?? layer), next.operation.isLinePerChannel {
      found.append(next)
    }
    return found
  }

  /// Whether a layer is a sum of two maps of the same size.
  private func isPlainSum(_ layer: Network.Layer) -> Bool {
    layer.operation == .sum && layer.inputs.count == 2
      && layer.inputs.allSatisfy { single.contains($0) == single.contains(layer.name) }
  }

  /// A join of which the first input is as large as the result, if any is; others may be one cell or one
  /// channel that goes with all.
  private func join(_ layer: Network.Layer) -> StepOutline {
    let channels = network.channels
    let first = layer.inputs.firstIndex {
      single.contains($0) == single.contains(layer.name) && channels[$0] == channels[layer.name]
    }
    guard let first else {
      return StepOutline(layer.name, inputs: layer.inputs.map(resolved), .readable(layer))
    }
    func reordered<Element>(_ list: [Element]) -> [Element] {
      list.isEmpty ? list : [list[first]] + list[..<first] + list[(first + 1)...]
    }
    var operation = layer.operation
    if case .sum(let coefficients) = operation {
      operation = .sum(coefficients: reordered(coefficients))
    }
    let inputs = reordered(layer.inputs)
    return StepOutline(
      layer.name, inputs: inputs.map(resolved),
      .layer(Network.Layer(name: layer.name, operation: operation, inputs: inputs)))
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
    guard isPlainSum(sum) else { return nil }
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
