public import ConvolutionArithmetic
public import FastKernels
public import Tensors

/// A network whose weights are packed for the fast kernels.
///
/// It computes what ``Network/forward(_:weights:masks:)`` defines. What the description says layer by layer is
/// done in fewer steps: ReLU and the 2×2 pool in the convolution before them, a crop by not computing
/// what it cuts off, a sum in the memory of its first input, a scale in the weights that follow it.
public final class FastNetwork {
  public var network: Network { outline.network }
  /// The threads that share the work.
  public let threads: Threads
  let steps: [FastStep]
  let workspace: Workspace
  var plan: FastPlan?
  private let outline: FastOutline

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - packed: packed weights of an earlier start; the others are packed now.
  ///   - progress: called after each layer with the part of the weights packed, from 0 to 1.
  /// - Throws: `GeometryError` for tensors that are missing or of another shape (all named in one
  ///   sentence), and what the source throws.
  public init(
    _ outline: FastOutline, weights: WeightSource, packed: PackedWeights = [:],
    threads: Threads = .all, level: Level = .best, progress: (Double) -> Void = { _ in }
  ) throws {
    let network = outline.network
    let problems = network.parameters.compactMap { $0.problem(got: weights.shape($0.name)) }
    guard problems.isEmpty else {
      throw GeometryError(
        "the weights do not fit \(network.name): " + problems.joined(separator: "; "))
    }
    let packer = StepPacker(
      outline, weights: weights, packed: packed, threads: threads, level: level)
    self.outline = outline
    self.threads = threads
    steps = try packer.steps(outline.steps, progress: progress)
    workspace = Workspace(threads: threads)
  }

  /// The same of a network whose steps nobody has outlined.
  public convenience init(
    _ network: Network, weights: WeightSource, packed: PackedWeights = [:], exact: Bool = false,
    input: Size? = nil, threads: Threads = .all, level: Level = .best,
    progress: (Double) -> Void = { _ in }
  ) throws {
    try self.init(
      FastOutline(network, input: input, exact: exact), weights: weights, packed: packed,
      threads: threads, level: level, progress: progress)
  }

  /// Returns the scores of the last layer for pictures (batch, channels, height, width).
  ///
  /// Memory is planned at the first picture of a size and kept for the next.
  ///
  /// - Throws: `GeometryError` if the pictures do not fit the network.
  public func forward(_ x: Tensor<Float>) throws(GeometryError) -> Tensor<Float> {
    try network.checkInput(x)
    let plan = try plan(for: x.size)
    let output = plan.result
    let shape: Shape = [x.batch, output.channels, output.size.height, output.size.width]
    let (inputCount, outputCount) = (x.shape.count / x.batch, shape.count / x.batch)
    // The threads write all of them, and find their memory meanwhile.
    let scores = [Float](unsafeUninitializedCapacity: shape.count) { scores, count in
      askForLargePages(scores)
      x.elements.withUnsafeBufferPointer { pictures in
        for n in 0..<x.batch {
          run(plan, picture: pictures.baseAddress! + n * inputCount)
          plan.result.store(scores.baseAddress! + n * outputCount, threads: threads)
        }
      }
      count = shape.count
    }
    return Tensor(shape: shape, elements: scores)
  }

  /// Labels a picture (1, channels, height, width): which class has the highest score at each pixel.
  ///
  /// - Parameters:
  ///   - size: the first rows and columns of the scores, which are labelled.
  ///   - keepsScores: whether the scores (1, classes, height, width) are wanted too, all of them.
  /// - Throws: `GeometryError` if the picture does not fit the network.
  public func label(
    _ x: Tensor<Float>, within size: Size, keepsScores: Bool = false
  ) throws(GeometryError) -> (cells: CellLabels, scores: Tensor<Float>?) {
    precondition(x.batch == 1, "there are \(x.batch) pictures; one at a time is labelled")
    if keepsScores {
      let scores = try forward(x)
      return (FastKernels.label(plan!.result, within: size, workspace), scores)
    }
    try network.checkInput(x)
    let plan = try plan(for: x.size)
    x.elements.withUnsafeBufferPointer { run(plan, picture: $0.baseAddress!) }
    return (FastKernels.label(plan.result, within: size, workspace), nil)
  }

  /// The layers for which the kernels have nothing, and which run on the readable primitives.
  public var readableLayers: [Network.Layer] {
    steps.compactMap { step in
      if case .readable(let layer) = step.outline.work { layer } else { nil }
    }
  }

  /// The packed weights of the convolutions, in the order of ``FastOutline/packedLayers``; they live as
  /// long as the network.
  public var packedWeights: [(layer: String, weights: UnsafeBufferPointer<Float>)] {
    steps.flatMap(\.convolutions).map { ($0.layer, $0.packed.packedWeights) }
  }

  /// The memory plan for a picture size, made once.
  func plan(for size: Size) throws(GeometryError) -> FastPlan {
    if let plan, plan.input == size { return plan }
    plan = nil
    let made = try FastPlan(outline, input: size)
    try sayUses(of: made)
    plan = made
    return made
  }

  /// Tells the maps that the same layers make them from every picture, and those that convolutions alone
  /// read, how much of them that is.
  private func sayUses(of plan: FastPlan) throws(GeometryError) {
    for map in plan.maps.values { (map.use.isRepeated, map.use.readDepth) = (true, 0) }
    plan.result.use.readDepth = nil
    for step in steps {
      for case let map? in step.outline.inputs.map({ plan.maps[$0] }) {
        guard let known = map.use.readDepth else { continue }
        map.use.readDepth = nil
        if case .convolution(let layer) = step.packed,
          let own = try layer.readDepth(input: map.size)
        {
          map.use.readDepth = max(known, own)
        }
      }
    }
  }

  /// Runs all steps on one picture of planar channels; the result is in the plan's last map.
  ///
  /// - Parameter afterStep: called after each step, for measuring.
  func run(
    _ plan: FastPlan, picture: UnsafePointer<Float>, afterStep: (FastStep) -> Void = { _ in }
  ) {
    for step in steps {
      let outline = step.outline
      let output = plan.maps[outline.output]!
      var inputs: [FeatureMap] { outline.inputs.map { plan.maps[$0]! } }
      switch step.packed {
      case .convolution(let layer):
        if outline.inputs[0] == network.inputName {
          layer.run(planar: picture, size: plan.input, into: output, workspace)
        } else {
          layer.run(inputs[0], into: output, workspace)
        }
      case .convolutions(let first, let second):
        second.run(
          planar: picture, size: plan.input, through: first, into: output, workspace)
      case .transposedConvolution(let layer):
        guard case .transposedConvolution(_, let offset) = outline.work else { break }
        layer.run(inputs[0], into: output, top: offset.height, left: offset.width, workspace)
      case .lines(let lines):
        mapChannels(
          inputs[0], factors: lines.factors, shifts: lines.shifts, into: output, workspace)
      case .slopes(let slopes):
        FastKernels.rectify(inputs[0], slopes: slopes, into: output, workspace)
      case .nothing:
        switch outline.work {
        case .load: output.load(picture, threads: threads)
        case .layer(let layer): Self.run(layer, inputs, output, workspace)
        case .readable(let layer): runReadably(layer, inputs, output)
        default: Self.run(outline, inputs, output, workspace)
        }
      }
      afterStep(step)
    }
  }

  /// Runs a step without weights.
  package static func run(
    _ step: StepOutline, _ inputs: [FeatureMap], _ output: FeatureMap,
    _ workspace: Workspace, level: Level = .best
  ) {
    switch step.work {
    case .load, .convolution, .transposedConvolution, .dropout, .layer, .readable: break
    case .maxPool(let pooling):
      maxPool(inputs[0], into: output, by: pooling, workspace, level: level)
    case .normalization(let size, let alpha, let beta, let k):
      normalizeAcrossChannels(
        inputs[0], into: output, size: size, alpha: alpha, beta: beta, bias: k, workspace,
        level: level)
    case .averagePool(let pooling):
      averagePool(inputs[0], into: output, by: pooling, workspace, level: level)
    case .relu:
      if !step.isInPlace { FastKernels.concatenate([inputs[0]], into: output, workspace) }
      rectify(output, workspace, level: level)
    case .scale(let factor):
      scale(inputs[0], by: factor, into: output, workspace)
    case .sum(let offset):
      if !step.isInPlace { FastKernels.concatenate([inputs[0]], into: output, workspace) }
      addCropped(
        inputs[1], top: offset.height, left: offset.width, to: output, workspace, level: level)
    case .concatenate:
      FastKernels.concatenate(inputs, into: output, workspace)
    case .crop(let offset):
      output.clear()
      addCropped(
        inputs[0], top: offset.height, left: offset.width, to: output, workspace, level: level)
    }
  }
}

extension Network.Parameter {
  /// What is wrong with a tensor that was found for this parameter, or nil.
  func problem(got: Shape?) -> String? {
    guard let got else { return "\(name) is missing" }
    return got == shape ? nil : "\(name) has shape \(got), expected \(shape)"
  }
}

/// A step whose weights are packed.
struct FastStep {
  let outline: StepOutline
  let packed: Packed

  enum Packed {
    case nothing
    case convolution(PreparedConvolution)
    /// The convolution before this one, run together with it, and this one.
    case convolutions(PreparedConvolution, PreparedConvolution)
    case transposedConvolution(PreparedTransposedConvolution)
    /// Of a normalization that no convolution has taken in.
    case lines(ChannelLines<Float>)
    /// Of a ReLU that has learned them.
    case slopes([Float])
  }

  /// The convolutions of the step.
  var convolutions: [(layer: String, packed: PreparedConvolution)] {
    switch packed {
    case .convolution(let layer): [(outline.name, layer)]
    case .convolutions(let first, let second):
      [(outline.before[0].name, first), (outline.name, second)]
    default: []
    }
  }
}
