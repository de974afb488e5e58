import ConvolutionArithmetic
import FastKernels
import Networks
import Primitives
import Tensors

/// One picture at a time through the network and back, on maps of its own, so that several replicas may
/// run at the same time.
final class TrainingReplica {
  let network: Network
  let steps: [LearningStep]
  let store: ParameterStore
  let settings: TrainingSettings
  let workspace: Workspace
  let level: Level
  let backward: BackwardPlan
  private var plan: LearningPlan?
  /// The convolutions of this replica, by step; their weights are shared with all replicas.
  let convolutions: [(forward: PreparedConvolution, backward: InputGradient?)?]

  init(
    _ network: Network, steps: [LearningStep], store: ParameterStore, settings: TrainingSettings,
    threads: Threads, level: Level
  ) {
    (self.network, self.steps, self.store, self.settings) = (network, steps, store, settings)
    (workspace, self.level) = (Workspace(threads: threads), level)
    backward = BackwardPlan(steps.map(\.outline))
    convolutions = steps.map { step in
      switch step.layer?.kind {
      case .convolution(let forward, let backward, _):
        (PreparedConvolution(sharing: forward), backward.map(InputGradient.init(sharing:)))
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
  ///   - room: where the sums of a layer are made if they are to be added to those that are there; nil
  ///     if there are none.
  /// - Returns: the sum of the losses of all pixels.
  func run(
    _ picture: Tensor<Float>, labels: [UInt8], share: Float, seed: UInt64,
    into sums: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>? = nil
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
      runBackward(plan, picture.baseAddress!, seed, sums, room)
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
        step.layer!.pack(for: .forward, store, threads: workspace.threads)
        if outline.inputs[0] == "input" {
          layer.run(planar: picture, size: plan.input, into: output, workspace)
        } else {
          layer.run(inputs[0], into: output, workspace)
        }
      case .transposedConvolution(_, let offset):
        step.layer!.transposed!.run(
          inputs[0], into: output, top: offset.height, left: offset.width, workspace)
      case .dropout(let probability):
        dropout(probability).run(
          inputs[0], into: output, seed: dropoutSeed(seed, index), workspace, level: level)
      default:
        FastNetwork.run(outline, inputs, output, workspace, level: level)
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

extension TrainingReplica {
  /// The way back: every gradient by a map, and the gradients by the parameters.
  func runBackward(
    _ plan: LearningPlan, _ picture: UnsafePointer<Float>, _ seed: UInt64,
    _ sums: UnsafeMutablePointer<Float>, _ room: UnsafeMutablePointer<Float>?
  ) {
    for (index, step) in steps.enumerated().reversed() {
      let outline = step.outline
      let gradient = plan.gradients[outline.output]!
      if backward.rectified.contains(index) {
        rectifyGradient(gradient, rectified: plan.maps[outline.output]!, workspace, level: level)
      }
      if let layer = step.layer {
        let (start, count) = (layer.sumStart, layer.sumCount)
        learn(layer, outline, plan, picture, gradient, room ?? sums + start)
        if let room {
          add(room, to: sums + start, count: count, threads: workspace.threads, level: level)
        }
      }
      guard outline.inputs[0] != "input" else { continue }
      let isFirst = backward.isFirst[index]
      switch outline.work {
      case .convolution:
        if let turned = convolutions[index]!.backward {
          step.layer!.pack(for: .back, store, threads: workspace.threads)
          adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
            turned.run(gradient, into: result, workspace)
          }
        }
      case .transposedConvolution(_, let offset):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          if let convolution = convolutions[index]?.forward {
            convolution.run(gradient, into: result, workspace)
          } else {
            step.layer!.transposed!.runInputGradient(
              gradient, into: result, top: offset.height, left: offset.width, workspace)
          }
        }
      case .maxPool(let pooling):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          maxPoolGradient(
            gradient, input: plan.maps[outline.inputs[0]]!, into: result, by: pooling,
            rectified: backward.pooledRectified.contains(index), workspace, level: level)
        }
      case .dropout(let probability):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          dropout(probability).run(
            gradient, into: result, seed: dropoutSeed(seed, index), workspace, level: level)
        }
      case .sum(let offset):
        // In place the first input has the sum's gradient already: it is the same memory.
        if !outline.isInPlace {
          place(gradient, at: 0, in: plan.gradients[outline.inputs[0]]!, isFirst[0])
        }
        place(gradient, at: offset, in: plan.gradients[outline.inputs[1]]!, isFirst[1])
      case .crop(let offset):
        place(gradient, at: offset, in: plan.gradients[outline.inputs[0]]!, isFirst[0])
      case .normalization(let size, let alpha, let beta, let k):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          normalizationGradient(
            gradient, input: plan.maps[outline.inputs[0]]!, into: result, size: size,
            alpha: alpha, beta: beta, bias: k, workspace, level: level)
        }
      case .relu:
        rectifyGradient(
          gradient, rectified: plan.maps[outline.output]!, workspace, level: level)
        place(gradient, at: 0, in: plan.gradients[outline.inputs[0]]!, isFirst[0])
      case .concatenate:
        split(gradient, into: outline.inputs.map { plan.gradients[$0]! }, isFirst)
      case .load, .scale, .averagePool, .layer, .readable:
        preconditionFailure("refused when the trainer was made")
      }
    }
  }

  /// The gradients by the parameters of a layer.
  private func learn(
    _ layer: LearningLayer, _ outline: StepOutline, _ plan: LearningPlan,
    _ picture: UnsafePointer<Float>, _ gradient: FeatureMap, _ own: UnsafeMutablePointer<Float>
  ) {
    if layer.learns.bias {
      biasGradient(
        gradient, into: own + (layer.biasStart - layer.sumStart), workspace, level: level)
    }
    guard let kernels = layer.kernelGradient else { return }
    if outline.inputs[0] == "input" {
      kernels.run(planar: picture, size: plan.input, gradient: gradient, into: own, workspace)
    } else if case .transposedConvolution = layer.kind {
      // The parts are exchanged: what the transposed convolution gave is the convolution's input.
      kernels.run(gradient, gradient: plan.maps[outline.inputs[0]]!, into: own, workspace)
    } else {
      kernels.run(plan.maps[outline.inputs[0]]!, gradient: gradient, into: own, workspace)
    }
  }

  /// Calls `body` with the map itself if it is written for the first time, else with a map that is then
  /// added to it.
  private func adding(
    to gradient: FeatureMap, _ isFirst: Bool, _ body: (FeatureMap) -> Void
  ) {
    guard !isFirst else { return body(gradient) }
    let map = FeatureMap(channels: gradient.channels, size: gradient.size)
    body(map)
    addPlaced(map, to: gradient, workspace, level: level)
  }

  private func place(
    _ gradient: FeatureMap, at offset: Size, in result: FeatureMap, _ isFirst: Bool
  ) {
    if isFirst { result.clear() }
    addPlaced(gradient, top: offset.height, left: offset.width, to: result, workspace, level: level)
  }

  private func split(_ gradient: FeatureMap, into parts: [FeatureMap], _ isFirst: [Bool]) {
    let fresh = zip(parts, isFirst).map { part, isFirst in
      isFirst ? part : FeatureMap(channels: part.channels, size: part.size)
    }
    FastKernels.split(gradient, into: fresh, workspace)
    for (map, part) in zip(fresh, parts) where map !== part {
      addPlaced(map, to: part, workspace, level: level)
    }
  }
}
