package import ConvolutionArithmetic

/// One thing that the fast network does; several layers of the description may be one step.
package struct StepOutline {
  /// The layer that the step is about, for messages and measurements.
  package let name: String
  /// The layer whose maps it gives.
  package let output: String
  /// The layers it reads.
  package let inputs: [String]
  package let work: Work

  package enum Work {
    /// A convolution, with ReLU and a 2×2 pool if those follow, and weights that are multiplied first
    /// by the scale that comes before them.
    case convolution(Layer, pool: Bool, factor: Float)
    /// A transposed convolution, computed only where the crop that follows keeps it.
    case transposedConvolution(Layer, offset: Int)
    case maxPool(kernelSize: Int, stride: Int)
    case normalization(size: Int, alpha: Float, beta: Float)
    /// Adds a crop of the second input to the first, in place.
    case addCropped(offset: Int)
    case concatenate
    case crop(offset: Int)
    /// In learning alone.
    case dropout(probability: Double)
  }

  init(_ name: String, output: String? = nil, inputs: [String], _ work: Work) {
    (self.name, self.output, self.inputs, self.work) = (name, output ?? name, inputs, work)
  }

  /// Whether the output takes the memory of the first input.
  package var isInPlace: Bool {
    if case .addCropped = work { true } else { false }
  }
}

/// Turns the layers of a description into steps: what ReLU, pools, crops, scales and dropout add to
/// their neighbours needs no step of its own.
package struct StepPlanner {
  let network: Network
  /// Layers that give what another layer gives already.
  private var alias: [String: String] = [:]
  /// The factor that a layer's readers have to put into their weights.
  private var factor: [String: Float] = [:]
  private let channels: [String: Int]
  private let readers: [String: [Layer]]
  /// For learning, convolutions keep what they give before it is pooled, and dropout is a step.
  private let isLearning: Bool

  private init(_ network: Network, isLearning: Bool) {
    self.network = network
    self.isLearning = isLearning
    channels = network.channels
    readers = network.layers.reduce(into: [:]) { readers, layer in
      for input in layer.inputs { readers[input, default: []].append(layer) }
    }
  }

  /// The steps in order.
  ///
  /// - Throws: `GeometryError` if two streams cannot be aligned, or a sum would overwrite what another
  ///   layer reads.
  package static func outlines(
    of network: Network, isLearning: Bool = false
  ) throws(GeometryError) -> [StepOutline] {
    var planner = StepPlanner(network, isLearning: isLearning)
    var outlines: [StepOutline] = []
    for layer in network.layers.dropFirst() where planner.alias[layer.name] == nil {
      if let outline = try planner.outline(of: layer) { outlines.append(outline) }
    }
    return outlines
  }

  private func resolved(_ name: String) -> String { alias[name] ?? name }

  private mutating func outline(of layer: Layer) throws(GeometryError) -> StepOutline? {
    let inputs = layer.inputs.map(resolved)
    switch layer.operation {
    case .input:
      return nil
    case .dropout(let probability):
      if isLearning, probability > 0 {
        return StepOutline(layer.name, inputs: inputs, .dropout(probability: probability))
      }
      alias[layer.name] = inputs[0]
      factor[layer.name] = factor[layer.inputs[0]]
      return nil
    case .scale(let value):
      alias[layer.name] = inputs[0]
      factor[layer.name] = Float(value) * (factor[layer.inputs[0]] ?? 1)
      return nil
    case .convolution:
      let pool = halvingPool(after: layer)
      if let pool {
        alias[layer.name] = pool.name
        alias[pool.name] = pool.name
      }
      return StepOutline(
        layer.name, output: pool?.name, inputs: inputs,
        .convolution(layer, pool: pool != nil, factor: factor[layer.inputs[0]] ?? 1))
    case .maxPool(let kernelSize, let stride, _):
      return StepOutline(
        layer.name, inputs: inputs, .maxPool(kernelSize: kernelSize, stride: stride))
    case .normalization(let size, let alpha, let beta):
      return StepOutline(
        layer.name, inputs: inputs,
        .normalization(size: size, alpha: Float(alpha), beta: Float(beta)))
    case .transposedConvolution:
      // A crop that alone reads this one is done by not computing the rest.
      var (output, offset) = (layer.name, 0)
      if let crop = onlyReader(of: layer.name, as: 0), crop.operation == .crop {
        output = crop.name
        offset = try network.cropOffset(of: crop)
        alias[output] = output
      }
      return StepOutline(
        layer.name, output: output, inputs: inputs, .transposedConvolution(layer, offset: offset))
    case .crop:
      // The sum that alone reads it takes the part of the whole map that it needs.
      if let sum = onlyReader(of: layer.name, as: 1), sum.operation == .sum { return nil }
      return StepOutline(
        layer.name, inputs: [inputs[0]], .crop(offset: try network.cropOffset(of: layer)))
    case .sum:
      return try sum(layer, inputs: inputs)
    case .concatenate:
      guard layer.inputs.allSatisfy({ channels[$0]! % 16 == 0 }) else {
        throw GeometryError(
          "\(layer.name) joins maps of \(layer.inputs.map { channels[$0]! }) channels; the fast "
            + "kernels join multiples of 16")
      }
      return StepOutline(layer.name, inputs: inputs, .concatenate)
    }
  }

  private func sum(_ layer: Layer, inputs: [String]) throws(GeometryError) -> StepOutline {
    // The sum takes the memory of its first input, so nothing else may read that afterwards.
    let added = network[layer.inputs[1]]!
    guard readers[layer.inputs[0]]!.allSatisfy({ $0 == layer || $0 == added }) else {
      throw GeometryError(
        "\(layer.name) adds to \(layer.inputs[0]), which another layer reads too")
    }
    guard added.operation == .crop, added.inputs[1] == layer.inputs[0],
      readers[added.name]?.count == 1
    else { return StepOutline(layer.name, inputs: inputs, .addCropped(offset: 0)) }
    return StepOutline(
      layer.name, inputs: [inputs[0], resolved(added.inputs[0])],
      .addCropped(offset: try network.cropOffset(of: added)))
  }

  /// The layer that alone reads `name`, as its input of this number.
  private func onlyReader(of name: String, as position: Int) -> Layer? {
    guard let readers = readers[name], readers.count == 1, readers[0].inputs[position] == name
    else { return nil }
    return readers[0]
  }

  /// The 2×2 pool that alone reads this convolution.
  private func halvingPool(after layer: Layer) -> Layer? {
    guard !isLearning, let pool = onlyReader(of: layer.name, as: 0),
      pool.operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil)
    else { return nil }
    return pool
  }
}
