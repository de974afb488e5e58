public import ConvolutionArithmetic
public import FastKernels
public import Tensors

/// One thing that the fast network does; several layers of the description may be one step.
package struct StepOutline {
  /// The layer that the step is about, for messages and measurements.
  package let name: String
  /// The layer whose maps it gives.
  package let output: String
  /// The layers it reads.
  package let inputs: [String]
  package let work: Work
  /// What follows a convolution and is done by its weights and bias: normalizations.
  package private(set) var folded: [Network.Layer] = []
  /// The convolution of the picture that is run together with this one, whose map is never whole; none or
  /// one.
  package private(set) var before: [StepOutline] = []
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
    /// A layer as it is, of which each cell is made of the same cell of the inputs, or of cells that
    /// are only moved, pooled or mixed.
    case layer(Network.Layer)
    /// A layer for which the kernels have nothing, on the readable primitives.
    case readable(Network.Layer)
  }

  init(
    _ name: String, output: String? = nil, inputs: [String], _ work: Work,
    folded: [Network.Layer] = []
  ) {
    (self.name, self.output, self.inputs, self.work) = (name, output ?? name, inputs, work)
    self.folded = folded
  }

  /// This step and the one before it as one.
  fileprivate func after(_ first: StepOutline) -> StepOutline {
    var both = StepOutline(name, output: output, inputs: first.inputs, work, folded: folded)
    both.before = [first]
    return both
  }

  /// Whether the output may take the memory of the first input: each cell is made of the same cell.
  private func keepsCells(isLearning: Bool) -> Bool {
    switch work {
    case .sum: true
    case .relu, .scale: !isLearning
    case .layer(let layer): layer.operation.keepsCells
    default: false
    }
  }

  fileprivate func canBeInPlace(from picture: String, isLearning: Bool) -> Bool {
    keepsCells(isLearning: isLearning) && inputs[0] != picture
      && !inputs.dropFirst().contains(inputs[0])
  }

  /// Whether the way back reads what the step gave: a ReLU lets through what it gave.
  fileprivate var rectifies: Bool {
    switch work {
    case .convolution(_, relu: true, _, _), .relu: true
    default: false
    }
  }
}

extension [StepOutline] {
  /// The steps, the first two convolutions as one step if they can be run together.
  func joined(in network: Network, exact: Bool) -> [StepOutline] {
    guard !exact, count > 1, case .convolution(let first, _, pool: false, _) = self[0].work,
      case .convolution(let second, _, _, _) = self[1].work, self[1].inputs == [self[0].output],
      self[0].inputs == [network.inputName],
      !dropFirst(2).contains(where: { $0.inputs.contains(self[0].output) }),
      case .convolution(let a, let between, _, _) = first.operation,
      case .convolution(let b, let outputs, _, _) = second.operation,
      PreparedConvolution.canBeTogether(
        a, inputs: network.inputChannels, b, inputs: between, outputs: outputs)
    else { return self }
    return [self[1].after(self[0])] + dropFirst(2)
  }

  /// Whose memory a map takes that has none of its own: that of the first input, of steps in place.
  package var homes: [String: String] {
    reduce(into: [:]) { homes, step in
      if step.isInPlace { homes[step.output] = homes[step.inputs[0]] ?? step.inputs[0] }
    }
  }

  /// The steps that the last layer needs, in place where nothing else needs their first input.
  ///
  /// - Parameter isLearning: whether what a map was is needed again on the way back.
  func planned(
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
      guard step.canBeInPlace(from: picture, isLearning: isLearning) else { continue }
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

extension Network.Operation {
  /// Whether each cell is made of the same cell of the first input.
  fileprivate var keepsCells: Bool {
    switch self {
    case .activation, .batchNormalization, .affine, .power, .softmax, .sum, .product, .maximum: true
    default: false
    }
  }
}

/// What a network does on the fast kernels, before anything is packed: its steps and, if the size of the
/// pictures is known, its shapes.
public struct FastOutline {
  public let network: Network
  /// The size of the pictures, if it is known: where they leave few cells, a layer's weights are packed for
  /// that. Pictures of any size can be given all the same.
  public let input: Size?
  /// Direct sums only, no Winograd: slower, with the rounding of plain sums.
  public let exact: Bool
  let steps: [StepOutline]
  private let known: [MapShape]?

  /// - Throws: `GeometryError` if two streams cannot be aligned, or a picture of this size is too small.
  public init(
    _ network: Network, input: Size? = nil, exact: Bool = false
  ) throws(GeometryError) {
    (self.network, self.input, self.exact) = (network, input, exact)
    steps = try StepPlanner.outlines(of: network).joined(in: network, exact: exact)
    known = if let input { try network.shapes(input: input) } else { nil }
  }

  /// The shape of each layer's maps for pictures of a size.
  func shapes(input size: Size) throws(GeometryError) -> [MapShape] {
    if let known, size == input { return known }
    return try network.shapes(input: size)
  }

  /// The size of what each layer gives; none if that of the picture is not known.
  var sizes: [String: Size] {
    Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), (known ?? []).map(\.size)))
  }

  /// The convolutions, whose packed weights can be kept, and the methods that they are packed for.
  public var packedLayers: [(layer: String, method: PreparedConvolution.Method)] {
    let (sizes, channels) = (sizes, network.channels)
    return steps.flatMap { $0.before + [$0] }.compactMap { outline in
      guard case .convolution(let layer, _, _, _) = outline.work,
        case .convolution(let convolution, let outputs, _, _) = layer.operation
      else { return nil }
      let method = PreparedConvolution.method(
        convolution, inputs: channels[layer.inputs[0]]!, outputs: outputs, exact: exact,
        output: sizes[layer.name])
      return (layer.name, method)
    }
  }
}
