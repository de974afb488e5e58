import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors

/// One picture at a time through the network and back, on maps of its own, so that several lanes may
/// run at the same time.
final class LearningLane {
  let network: Network
  let steps: [LearningStep]
  let settings: TrainingSettings
  let workspace: Workspace
  let level: Level
  let backward: BackwardPlan
  private var plan: LearningPlan?
  /// The convolutions of this lane, by step; their weights are shared with all lanes.
  let convolutions: [(forward: PreparedConvolution, backward: PreparedConvolution?)?]

  init(
    _ network: Network, steps: [LearningStep], settings: TrainingSettings, threads: Threads,
    level: Level
  ) {
    (self.network, self.steps, self.settings) = (network, steps, settings)
    (workspace, self.level) = (Workspace(threads: threads), level)
    backward = BackwardPlan(steps.map(\.outline))
    convolutions = steps.map { step in
      switch step.layer?.kind {
      case .convolution(let forward, let backward, _):
        (PreparedConvolution(sharing: forward), backward.map(PreparedConvolution.init(sharing:)))
      case .transposedConvolution(_, let backward, _):
        (backward, nil)
      default: nil
      }
    }
  }

  /// Runs a picture forward and back.
  ///
  /// - Parameters:
  ///   - picture: planar channels.
  ///   - labels: one for each pixel of the scores.
  ///   - share: what each pixel's gradient is multiplied with.
  ///   - seed: the choices of dropout.
  ///   - sums: the gradient by all parameters, to be written.
  /// - Returns: the sum of the losses of all pixels.
  func run(
    _ picture: Tensor<Float>, labels: [UInt8], share: Float, seed: UInt64,
    into sums: UnsafeMutablePointer<Float>
  ) throws(GeometryError) -> Double {
    let plan = try plan(for: picture.size)
    return picture.elements.withUnsafeBufferPointer { picture in
      runForward(plan, picture.baseAddress!, seed)
      let last = steps.last!.outline.output
      let loss = labels.withUnsafeBufferPointer {
        crossEntropy(
          plan.maps[last]!, labels: $0, ignoredLabel: settings.ignoredLabel, share: share,
          gradient: plan.gradients[last]!, workspace, level: level)
      }
      runBackward(plan, picture.baseAddress!, seed, sums)
      return loss
    }
  }

  private func plan(for size: Size) throws(GeometryError) -> LearningPlan {
    if let plan, plan.input == size { return plan }
    let made = try LearningPlan(
      steps.map(\.outline), network, input: size, reusing: plan)
    plan = made
    return made
  }

  private func runForward(_ plan: LearningPlan, _ picture: UnsafePointer<Float>, _ seed: UInt64) {
    for (index, step) in steps.enumerated() {
      let outline = step.outline
      let output = plan.maps[outline.output]!
      var inputs: [FeatureMap] { outline.inputs.map { plan.maps[$0]! } }
      switch outline.work {
      case .convolution:
        let layer = convolutions[index]!.forward
        if outline.inputs[0] == "input" {
          layer.run(planar: picture, size: plan.input, into: output, workspace)
        } else {
          layer.run(inputs[0], into: output, workspace)
        }
      case .transposedConvolution(_, let offset):
        step.layer!.transposed!.run(
          inputs[0], into: output, top: offset, left: offset, workspace)
      case .dropout(let probability):
        dropout(probability).run(
          inputs[0], into: output, seed: dropoutSeed(seed, index), workspace, level: level)
      default:
        FastNetwork.run(outline.work, inputs, output, workspace, level: level)
      }
    }
  }

  func dropout(_ probability: Double) -> Dropout {
    Dropout(
      probability: settings.dropout ?? probability, byChannel: settings.dropoutUnit == .channel)
  }

  func dropoutSeed(_ seed: UInt64, _ step: Int) -> UInt32 {
    var random = SplitMix64(seed: seed &+ UInt64(step))
    return UInt32(truncatingIfNeeded: random.next())
  }
}
