public import ConvolutionArithmetic
import FastKernels
public import Tensors

/// How long the steps of a network took, round by round.
public struct Measurement: Sendable {
  /// One step: a layer, with what is fused into it.
  public struct Step: Sendable {
    /// The layer.
    public let name: String
    /// The layer whose maps the step gives: a pool or a crop may be done in passing.
    public let output: String
    /// How a convolution's sums are computed; nil for other steps.
    public let method: String?
    /// Multiply-adds by definition.
    public let multiplyAdds: Int
    /// Multiply-adds that the method leaves, its transforms not counted.
    public let remainingMultiplyAdds: Int
    /// Bytes that have to be moved at least: the maps read and written once, and the packed weights read.
    public let bytes: Int
    /// The seconds of each round.
    public let seconds: [Double]
  }

  /// The steps in order.
  public internal(set) var steps: [Step]
  /// The seconds of each round for the whole network, from the picture to its scores in row-major
  /// order.
  public internal(set) var seconds: [Double] = []
}

extension FastNetwork {
  private func bytes(of step: FastStep, _ plan: FastPlan) -> Int {
    let outline = step.outline
    func bytes(_ name: String) -> Int {
      guard let map = plan.maps[name] else { return 4 * network.inputChannels * plan.input.area }
      return 4 * FeatureMap.count(channels: map.channels, size: map.size)
    }
    let inputs = (outline.before.first ?? outline).inputs
    return inputs.map(bytes).reduce(0, +) + bytes(outline.output)
      + step.convolutions.reduce(0) { $0 + $1.packed.byteCount }
  }

  /// Runs the network on a picture so many times and returns what each step took. A round before the
  /// first, which finds the memory, is not counted.
  ///
  /// - Throws: `GeometryError` if the picture does not fit the network.
  public func measure(_ x: Tensor<Float>, rounds: Int) throws(GeometryError) -> Measurement {
    try network.checkInput(x)
    let plan = try plan(for: x.size)
    let shapes = try network.shapes(input: x.size)
    let costs = Dictionary(
      uniqueKeysWithValues: zip(
        network.layers.map(\.name), try network.multiplyAdds(input: x.size)))
    var measurement = Measurement(steps: [])
    var seconds = [[Double]](repeating: [], count: steps.count)
    let clock = ContinuousClock()
    var scores = [Float](repeating: 0, count: shapes.last!.channels * shapes.last!.size.area)
    x.elements.withUnsafeBufferPointer { picture in
      scores.withUnsafeMutableBufferPointer { scores in
        for round in 0...rounds {
          let start = clock.now
          var last = start
          var index = 0
          run(plan, picture: picture.baseAddress!) { _ in
            let now = clock.now
            if round > 0 { seconds[index].append((now - last).inSeconds) }
            (last, index) = (now, index + 1)
          }
          plan.result.store(scores.baseAddress!, threads: threads)
          if round > 0 { measurement.seconds.append((clock.now - start).inSeconds) }
        }
      }
    }
    // After the run it is known what was computed and what was copied.
    for (step, seconds) in zip(steps, seconds) {
      let first = step.outline.before.first?.name
      let cost = costs[step.outline.name]! + (first.map { costs[$0]! } ?? 0)
      var (method, remaining) = (String?.none, cost)
      switch step.packed {
      case .convolution(let layer):
        let input =
          step.outline.inputs[0] == network.inputName
          ? x.size : plan.maps[step.outline.inputs[0]]!.size
        method = try layer.method(output: layer.convolvedSize(input: input)).rawValue
        remaining = try layer.remainingMultiplyAdds(input: input)
      case .convolutions(let first, let second):
        method = "\(first.method.rawValue), \(second.method.rawValue)"
        remaining =
          try first.remainingMultiplyAdds(input: x.size)
          + second.remainingMultiplyAdds(input: first.outputSize(input: x.size))
      case .transposedConvolution(let layer):
        method = layer.isDiagonal ? "diagonal" : "dense"
        if layer.isDiagonal { remaining = cost / layer.outputs }
      case .nothing:
        if case .readable = step.outline.work { method = "readable" }
      case .lines, .slopes: break
      }
      measurement.steps.append(
        Measurement.Step(
          name: first ?? step.outline.name, output: step.outline.output, method: method,
          multiplyAdds: cost, remainingMultiplyAdds: remaining, bytes: bytes(of: step, plan),
          seconds: seconds))
    }
    return measurement
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
