import ConvolutionArithmetic
import FastKernels
import Networks
import Primitives
import Tensors

/// A step of a network that learns: what it computes forward, and what it needs for the way back.
struct LearningStep {
  let outline: StepOutline
  let layer: LearningLayer?
}

/// A layer with weights: packed for the way forward and for the way back, and packed again when the
/// weights have moved.
///
/// Where memory is saved the two take turns in the same memory, and each is packed when it is needed.
final class LearningLayer {
  let layer: Network.Layer
  let kind: Kind
  /// Whether its weights learn, and its bias.
  let learns: (weight: Bool, bias: Bool)
  /// Where its sums lie in the gradient of one picture: the kernels', then the bias's.
  let sumStart: Int
  let factor: Float

  enum Kind {
    /// Forward, the gradient by the input (nil for the first layer), and the gradient by the kernels.
    case convolution(PreparedConvolution, InputGradient?, KernelGradient)
    /// Bilinear and fixed: each channel by itself.
    case fixedUpsampling(PreparedTransposedConvolution)
    /// Kernels between all channels; `nil` for the last if nothing is learned.
    case transposedConvolution(PreparedTransposedConvolution, PreparedConvolution, KernelGradient?)
  }

  enum Way { case forward, back }

  /// The way that the weights are packed for, where both take turns; nil if for neither.
  private var packedWay: Way? = .forward
  private let takesTurns: Bool

  init(
    _ layer: Network.Layer, kind: Kind, learns: (weight: Bool, bias: Bool), sumStart: Int,
    factor: Float
  ) {
    (self.layer, self.kind, self.learns) = (layer, kind, learns)
    (self.sumStart, self.factor) = (sumStart, factor)
    if case .convolution(let forward, let back, _) = kind {
      takesTurns = back?.isPacked(in: forward.weights) ?? false
    } else {
      takesTurns = false
    }
  }

  var weightName: String { "\(layer.name).weight" }
  var biasName: String { "\(layer.name).bias" }

  /// The gradient by the kernels, if the layer learns.
  var kernelGradient: KernelGradient? {
    switch kind {
    case .convolution(_, _, let gradient): learns.weight ? gradient : nil
    case .fixedUpsampling: nil
    case .transposedConvolution(_, _, let gradient): gradient
    }
  }

  /// The transposed convolution, if it is one.
  var transposed: PreparedTransposedConvolution? {
    switch kind {
    case .convolution: nil
    case .fixedUpsampling(let forward), .transposedConvolution(let forward, _, _): forward
    }
  }

  /// The channels of what the layer gives.
  private var outputs: Int {
    switch kind {
    case .convolution(let forward, _, _): forward.outputs
    case .fixedUpsampling(let forward): forward.outputs
    case .transposedConvolution(let forward, _, _): forward.outputs
    }
  }

  /// Where the sums of the bias lie, behind those of the kernels.
  var biasStart: Int { sumStart + roundedUp(kernelGradient?.sumCount ?? 0) }

  /// The floats of all sums.
  var sumCount: Int { biasStart - sumStart + (learns.bias ? roundedUp(outputs) : 0) }

  /// A whole number of cache lines.
  private func roundedUp(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Packs weights for a way, unless they are packed for it.
  func pack(for way: Way, _ store: ParameterStore, threads: Threads) {
    guard takesTurns, packedWay != way else { return }
    pack([way], store, threads: threads)
    packedWay = way
  }

  private func pack(_ ways: [Way], _ store: ParameterStore, threads: Threads) {
    guard case .convolution(let forward, let back, _) = kind else { return }
    let bias = UnsafePointer(store.weight(biasName))
    LearningLayer.withScaled(UnsafePointer(store.weight(weightName)), forward, factor) { weight in
      if ways.contains(.forward) { forward.repack(weights: weight, bias: bias, threads: threads) }
      if ways.contains(.back) { back?.repack(weights: weight, threads: threads) }
    }
  }

  /// The memory of weights that take turns: between a way and the other it may hold something else.
  var sharedMemory: Buffer? {
    guard takesTurns, case .convolution(let forward, _, _) = kind else { return nil }
    return forward.weights
  }

  /// Forgets packed weights that are packed again when they are needed.
  func forgetPacked() {
    guard let memory = sharedMemory else { return }
    memory.forget(0..<memory.count)
    packedWay = nil
  }

  /// Packs weights that have moved, or leaves it to the ways that take turns.
  func repack(_ store: ParameterStore, threads: Threads) {
    guard learns.weight else { return }
    packedWay = nil
    guard !takesTurns else { return }
    let weight = UnsafePointer(store.weight(weightName))
    switch kind {
    case .convolution: pack([.forward, .back], store, threads: threads)
    case .fixedUpsampling: break
    case .transposedConvolution(let forward, let backward, _):
      forward.repack(
        weights: weight, bias: learns.bias ? UnsafePointer(store.weight(biasName)) : nil,
        threads: threads)
      backward.repack(weights: weight, bias: nil, threads: threads)
    }
  }

  /// Calls `body` with the weights times the factor of a scale layer before.
  static func withScaled(
    _ weight: UnsafePointer<Float>, _ shape: PreparedConvolution, _ factor: Float,
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    guard factor != 1 else { return body(weight) }
    let count =
      shape.outputs * (shape.inputs / shape.convolution.groups)
      * shape.convolution.kernelSize.area
    let scaled = UnsafeBufferPointer(start: weight, count: count).map { $0 * factor }
    scaled.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}

extension LearningStep {
  /// The steps of a network that learns, packed, and the floats of the gradient of one picture.
  ///
  /// - Throws: `GeometryError` that names a layer that can't learn.
  static func all(
    of network: Network, store: ParameterStore, settings: TrainingSettings, threads: Threads,
    level: Level
  ) throws(GeometryError) -> (steps: [LearningStep], sumCount: Int) {
    let channels = network.channels
    func learns(_ layer: Network.Layer) -> (weight: Bool, bias: Bool) {
      let names = network.parameters(of: layer).map(\.name)
      func moves(_ name: String) -> Bool {
        names.contains(name)
          && network.multipliers(of: name, learnsUpsampling: settings.learnsUpsampling) != .fixed
      }
      return (moves("\(layer.name).weight"), moves("\(layer.name).bias"))
    }
    var steps: [LearningStep] = []
    var sumCount = 0
    for outline in try StepPlanner.outlines(
      of: network.withDropout(settings.dropout), isLearning: true)
    {
      var layer: LearningLayer?
      switch outline.work {
      case .convolution(let convolution, _, _, let factor):
        layer = try Self.convolution(
          convolution, inputs: channels[convolution.inputs[0]]!, factor: factor,
          isFirst: outline.inputs[0] == "input", store: store,
          learns: learns(convolution), sumStart: sumCount,
          threads: threads, level: level)
      case .transposedConvolution(let transposed, let offset):
        layer = try Self.transposedConvolution(
          transposed, inputs: channels[transposed.inputs[0]]!, isCropped: offset != 0,
          store: store, learns: learns(transposed),
          sumStart: sumCount, threads: threads, level: level)
      case .averagePool, .layer, .readable:
        throw GeometryError(
          "\(network.name) can't be trained here: \(outline.name) has no fast gradient")
      case .load, .scale:
        throw GeometryError(
          "\(network.name) can't be trained here: \(outline.name) is read by something else than a "
            + "convolution")
      default: break
      }
      sumCount += layer?.sumCount ?? 0
      steps.append(LearningStep(outline: outline, layer: layer))
    }
    return (steps, sumCount)
  }

  private static func convolution(
    _ layer: Network.Layer, inputs: Int, factor: Float, isFirst: Bool, store: ParameterStore,
    learns: (weight: Bool, bias: Bool), sumStart: Int, threads: Threads, level: Level
  ) throws(GeometryError) -> LearningLayer {
    guard case .convolution(let convolution, let outputs, let hasBias, let relu) = layer.operation
    else { preconditionFailure("\(layer.name) is no convolution") }
    guard hasBias else {
      throw GeometryError(
        "\(layer.name) has no bias; only convolutions that have one can be trained")
    }
    let weight = UnsafePointer(store.weight("\(layer.name).weight"))
    let forward = PreparedConvolution(
      convolution, weights: weight, bias: UnsafePointer(store.weight("\(layer.name).bias")),
      outputs: outputs, inputs: inputs, rectify: relu,
      method: isFirst ? nil : PreparedConvolution.methodOnBlocks(convolution, inputs: inputs),
      threads: threads, level: level.fitting(outputs: outputs))
    var backward: InputGradient?
    if !isFirst {
      backward = try InputGradient(
        of: convolution, weights: weight, outputs: outputs, inputs: inputs,
        mixesChannels: learns.weight, packed: store.savesMemory ? forward.weights : nil,
        threads: threads, level: level.fitting(outputs: inputs))
    }
    let gradient = KernelGradient(
      convolution, outputs: outputs, inputs: inputs, planar: isFirst, level: level)
    let result = LearningLayer(
      layer, kind: .convolution(forward, backward, gradient), learns: learns,
      sumStart: sumStart, factor: factor)
    if factor != 1 { result.repack(store, threads: threads) }
    return result
  }

  private static func transposedConvolution(
    _ layer: Network.Layer, inputs: Int, isCropped: Bool, store: ParameterStore,
    learns: (weight: Bool, bias: Bool), sumStart: Int, threads: Threads, level: Level
  ) throws(GeometryError) -> LearningLayer {
    guard case .transposedConvolution(let convolution, let outputs, let bias) = layer.operation
    else { preconditionFailure("\(layer.name) is no transposed convolution") }
    return try store.withWeight("\(layer.name).weight") { weight throws(GeometryError) in
      let forward = PreparedTransposedConvolution(
        convolution, weights: weight,
        bias: bias ? UnsafePointer(store.weight("\(layer.name).bias")) : nil, outputs: outputs,
        inputs: inputs, mixesChannels: learns.weight, threads: threads, level: level)
      if forward.isDiagonal {
        return LearningLayer(
          layer, kind: .fixedUpsampling(forward), learns: learns, sumStart: sumStart,
          factor: 1)
      }
      guard !isCropped else {
        throw GeometryError(
          "\(layer.name) has weights from one class to another; the last upsampling of a network that "
            + "is trained must be bilinear, class by class")
      }
      // The gradient of the one is the other: (in, out, ·) is a convolution's (out, in, ·).
      let backward = PreparedConvolution(
        convolution.forward, weights: weight, bias: nil, outputs: inputs, inputs: outputs,
        method: .product, threads: threads, level: level.fitting(outputs: inputs))
      let gradient =
        learns.weight
        ? KernelGradient(convolution.forward, outputs: inputs, inputs: outputs, level: level) : nil
      return LearningLayer(
        layer, kind: .transposedConvolution(forward, backward, gradient), learns: learns,
        sumStart: sumStart, factor: 1)
    }
  }
}

extension Network {
  /// The network with another probability in all its dropout layers; itself for nil.
  func withDropout(_ probability: Double?) -> Network {
    guard let probability else { return self }
    return Network(
      name,
      layers: layers.map { layer in
        guard case .dropout = layer.operation else { return layer }
        return Network.Layer(
          name: layer.name, operation: .dropout(probability: probability), inputs: layer.inputs)
      })
  }
}
