import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors

extension LearningLane {
  /// The way back: every gradient by a map, and the gradients by the parameters.
  func runBackward(
    _ plan: LearningPlan, _ picture: UnsafePointer<Float>, _ seed: UInt64,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    for (index, step) in steps.enumerated().reversed() {
      let outline = step.outline
      let gradient = plan.gradients[outline.output]!
      if backward.rectified.contains(index) {
        rectifyGradient(gradient, rectified: plan.maps[outline.output]!, workspace, level: level)
      }
      if let layer = step.layer {
        learn(layer, outline, plan, picture, gradient, sums)
      }
      guard outline.inputs[0] != "input" else { continue }
      let isFirst = backward.isFirst[index]
      switch outline.work {
      case .convolution:
        if let turned = convolutions[index]!.backward {
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
              gradient, into: result, top: offset, left: offset, workspace)
          }
        }
      case .maxPool(let kernelSize, let stride):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          maxPoolGradient(
            gradient, input: plan.maps[outline.inputs[0]]!, into: result,
            kernelSize: Size(kernelSize), stride: Size(stride),
            rectified: backward.pooledRectified.contains(index), workspace, level: level)
        }
      case .dropout(let probability):
        adding(to: plan.gradients[outline.inputs[0]]!, isFirst[0]) { result in
          dropout(probability).run(
            gradient, into: result, seed: dropoutSeed(seed, index), workspace, level: level)
        }
      case .addCropped(let offset):
        // The first input has the sum's gradient already: it is the same memory.
        place(gradient, at: offset, in: plan.gradients[outline.inputs[1]]!, isFirst[1])
      case .crop(let offset):
        place(gradient, at: offset, in: plan.gradients[outline.inputs[0]]!, isFirst[0])
      case .concatenate:
        split(gradient, into: outline.inputs.map { plan.gradients[$0]! }, isFirst)
      case .normalization:
        preconditionFailure("refused when the trainer was made")
      }
    }
  }

  /// The gradients by the parameters of a layer.
  private func learn(
    _ layer: LearningLayer, _ outline: StepOutline, _ plan: LearningPlan,
    _ picture: UnsafePointer<Float>, _ gradient: FeatureMap, _ sums: UnsafeMutablePointer<Float>
  ) {
    if layer.learns.bias {
      biasGradient(gradient, into: sums + layer.biasStart, workspace, level: level)
    }
    guard let kernels = layer.kernelGradient else { return }
    let own = sums + layer.sumStart
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
    _ gradient: FeatureMap, at offset: Int, in result: FeatureMap, _ isFirst: Bool
  ) {
    if isFirst { result.clear() }
    addPlaced(gradient, top: offset, left: offset, to: result, workspace, level: level)
  }

  private func split(_ gradient: FeatureMap, into parts: [FeatureMap], _ isFirst: [Bool]) {
    var start = gradient.pixels
    for (part, isFirst) in zip(parts, isFirst) {
      let count = FeatureMap.count(channels: part.channels, size: part.size)
      if isFirst {
        part.pixels.update(from: start, count: count)
      } else {
        add(start, to: part.pixels, count: count, threads: workspace.threads, level: level)
      }
      part.zones = []
      start += count
    }
  }
}
