public import ConvolutionArithmetic
public import FastKernels
public import Tensors

/// A network whose weights are packed for the fast kernels.
///
/// It computes what ``Network/forward(_:weights:)`` defines. What the description says layer by layer is
/// done in fewer steps: ReLU and the 2×2 pool in the convolution before them, a crop by not computing
/// what it cuts off, a sum in the memory of its first input, a scale in the weights that follow it.
public final class FastNetwork {
  /// The network.
  public let network: Network
  /// The threads that share the work.
  public let threads: Threads
  let steps: [FastStep]
  let workspace: Workspace
  var plan: FastPlan?

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - exact: direct sums only, no Winograd: slower, with the rounding of plain sums.
  ///   - progress: called after each layer with the part of the weights packed, from 0 to 1.
  /// - Throws: `GeometryError` for tensors that are missing or of another shape (all named in one
  ///   sentence), and what the source throws.
  public init(
    _ network: Network, weights: WeightSource, exact: Bool = false, threads: Threads = .all,
    level: Level = .best, progress: (Double) -> Void = { _ in }
  ) throws {
    let problems = network.parameters.compactMap { $0.problem(got: weights.shape($0.name)) }
    guard problems.isEmpty else {
      throw GeometryError(
        "the weights do not fit \(network.name): " + problems.joined(separator: "; "))
    }
    var builder = try FastStepBuilder(
      network, weights: weights, exact: exact, threads: threads, level: level)
    self.network = network
    self.threads = threads
    steps = try builder.steps(progress: progress)
    workspace = Workspace(threads: threads)
  }

  /// Returns the scores of the last layer for pictures (batch, channels, height, width).
  ///
  /// Memory is planned at the first picture of a size and kept for the next.
  ///
  /// - Throws: `GeometryError` if the pictures do not fit the network.
  public func forward(_ x: Tensor<Float>) throws(GeometryError) -> Tensor<Float> {
    try network.checkInput(x)
    let output = try network.shapes(input: x.size).last!
    let shape: Shape = [x.batch, output.channels, output.size.height, output.size.width]
    let plan = try plan(for: x.size)
    let (inputCount, outputCount) = (x.shape.count / x.batch, shape.count / x.batch)
    var scores = [Float](repeating: 0, count: shape.count)
    x.elements.withUnsafeBufferPointer { pictures in
      scores.withUnsafeMutableBufferPointer { scores in
        for n in 0..<x.batch {
          run(plan, picture: pictures.baseAddress! + n * inputCount)
          plan.result.store(scores.baseAddress! + n * outputCount, threads: threads)
        }
      }
    }
    return Tensor(shape: shape, elements: scores)
  }

  /// The bytes of packed weights.
  public var weightByteCount: Int {
    steps.reduce(0) { sum, step in
      if case .convolution(let layer) = step.kind { sum + layer.byteCount } else { sum }
    }
  }

  /// The bytes of maps that a picture of this size needs at once.
  public func mapByteCount(input: Size) throws(GeometryError) -> Int {
    try FastPlan.layout(of: steps, network, input: input).count * MemoryLayout<Float>.size
  }

  /// The memory plan for a picture size, made once.
  func plan(for size: Size) throws(GeometryError) -> FastPlan {
    if let plan, plan.input == size { return plan }
    plan = nil
    let made = try FastPlan(steps, network, input: size)
    plan = made
    return made
  }

  /// Runs all steps on one picture of planar channels; the result is in the plan's last map.
  ///
  /// - Parameter afterStep: called after each step, for measuring.
  func run(
    _ plan: FastPlan, picture: UnsafePointer<Float>, afterStep: (FastStep) -> Void = { _ in }
  ) {
    for step in steps {
      let output = plan.maps[step.output]!
      switch step.kind {
      case .convolution(let layer):
        if step.inputs[0] == "input" {
          layer.run(planar: picture, size: plan.input, into: output, workspace)
        } else {
          layer.run(plan.maps[step.inputs[0]]!, into: output, workspace)
        }
      case .transposedConvolution(let layer, let offset):
        layer.run(plan.maps[step.inputs[0]]!, into: output, top: offset, left: offset, workspace)
      case .maxPool(let kernelSize, let stride):
        maxPool(
          plan.maps[step.inputs[0]]!, into: output, kernelSize: Size(kernelSize),
          stride: Size(stride), workspace)
      case .normalization(let size, let alpha, let beta):
        normalizeAcrossChannels(
          plan.maps[step.inputs[0]]!, into: output, size: size, alpha: alpha, beta: beta, workspace)
      case .addCropped(let offset):
        addCropped(
          plan.maps[step.inputs[1]]!, top: offset, left: offset, to: output, workspace)
      case .concatenate:
        var start = output.pixels
        for input in step.inputs.map({ plan.maps[$0]! }) {
          let count = FeatureMap.count(channels: input.channels, size: input.size)
          start.update(from: input.pixels, count: count)
          start += count
        }
      case .crop(let offset):
        output.pixels.update(
          repeating: 0, count: FeatureMap.count(channels: output.channels, size: output.size))
        addCropped(plan.maps[step.inputs[0]]!, top: offset, left: offset, to: output, workspace)
      }
      afterStep(step)
    }
  }
}

extension Parameter {
  /// What is wrong with a tensor that was found for this parameter, or nil.
  func problem(got: Shape?) -> String? {
    guard let got else { return "\(name) is missing" }
    return got == shape ? nil : "\(name) has shape \(got), expected \(shape)"
  }
}
