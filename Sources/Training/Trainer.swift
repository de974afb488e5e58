public import ConvolutionArithmetic
public import FastKernels
public import Networks
import Primitives
public import Tensors

/// A network that learns, on the fast kernels.
///
/// ```swift
/// let trainer = try Trainer(.fcn32s(classes: 6, backbone: .scenes), weights: w, settings: s)
/// let loss = try trainer.learn(batch, rate: 0.01)   // forward, back, one step of descent
/// trainer.weights                                   // where they are now
/// ```
///
/// Pictures of a batch are shared among the threads, or, where memory is saved, the threads share
/// each picture. Each picture's gradient is computed by itself and the gradients are added
/// in the order of the batch, so that any number of threads gives the same bits.
public final class Trainer {
  public let network: Network
  /// How it learns.
  public let settings: TrainingSettings
  let threads: Threads
  let level: Level
  private let store: ParameterStore
  private let steps: [LearningStep]
  private let sumCount: Int
  /// The gradient of a batch, and of single pictures that wait to be added to it.
  private let total: Buffer
  private var waiting: [Buffer] = []
  private var replicas: [TrainingReplica] = []
  private let scratch: Buffer
  /// What learns, and how.
  private let learning: [(layer: LearningLayer, parameter: Network.Parameter, LearningMultipliers)]
  private let classes: Int
  private let workableSizes = Remembered<Size, Size>()
  private let floatCounts = Remembered<Size, Int>()
  private let scoreSizes = Remembered<Shape, Size>()

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - weights: every tensor of the network.
  ///   - velocities: of an earlier run; zeros where none are given.
  ///   - savesMemory: whether memory counts more than some time, as it does from 64 MB of
  ///     weights that learn on if this is nil. The numbers are the same.
  /// - Throws: `GeometryError` if a tensor is missing or does not fit, or a layer can't learn.
  public init(
    _ network: Network, weights: Weights<Float>, velocities: Weights<Float> = [:],
    settings: TrainingSettings, savesMemory: Bool? = nil, threads: Threads = .all,
    level: Level = .best
  ) throws(GeometryError) {
    try network.check(weights)
    (self.network, self.settings, self.threads, self.level) = (network, settings, threads, level)
    store = ParameterStore(
      network, weights: weights, velocities: velocities,
      learnsUpsampling: settings.learnsUpsampling, savesMemory: savesMemory)
    (steps, sumCount) = try LearningStep.all(
      of: network, store: store, settings: settings, threads: threads, level: level)
    total = Buffer(count: sumCount)
    let layers = steps.compactMap(\.layer)
    let need = max(store.largestCount, layers.map(\.sumCount).max() ?? 0)
    // Once a picture is on its way back, the largest packed weights are packed again before they are read.
    scratch =
      layers.compactMap(\.sharedMemory).first { $0.count >= need } ?? Buffer(count: need)
    learning = layers.flatMap { layer in
      network.parameters(of: layer.layer).map { parameter in
        (
          layer, parameter,
          network.multipliers(
            of: parameter.name, learnsUpsampling: settings.learnsUpsampling)
        )
      }
    }
    classes = network.channels[network.layers.last!.name]!
  }

  /// Where memory is saved, gives back what the next step fills anew.
  package func rest() {
    guard store.savesMemory else { return }
    for buffer in [total, scratch] { buffer.forget(0..<buffer.count) }
    for step in steps { step.layer?.forgetPacked() }
  }

  /// The weights as they are now.
  public var weights: Weights<Float> { store.weightTensors }

  /// The velocities as they are now, of what learns.
  public var velocities: Weights<Float> { store.velocityTensors }

  /// One step of gradient descent on a batch.
  ///
  /// - Parameters:
  ///   - rate: how far a weight goes down its velocity; biases go twice as far.
  ///   - step: the number of the step, from which dropout draws its choices.
  /// - Returns: the loss before the step. If it is not finite, no step is made.
  /// - Throws: `GeometryError` if a picture or its labels do not fit the network.
  public func learn(
    _ batch: [TrainingExample], rate: Double, step: Int = 0
  ) throws(GeometryError) -> Double {
    let loss = try sumGradients(batch, step: step)
    guard loss.isFinite else { return loss }
    descend(rate: Float(rate))
    return loss
  }

  /// The loss of a batch and its gradient by every parameter that learns, without weight decay; nothing
  /// moves.
  public func gradients(
    _ batch: [TrainingExample], step: Int = 0
  ) throws(GeometryError) -> (loss: Double, gradients: Weights<Float>) {
    let loss = try sumGradients(batch, step: step)
    var gradients: Weights<Float> = [:]
    for (layer, parameter, _) in learning {
      guard let numbers = gradient(of: parameter, layer) else { continue }
      let count = parameter.shape.count
      gradients[parameter.name] = Tensor(
        shape: parameter.shape,
        elements: Array(UnsafeBufferPointer(start: numbers, count: count)))
    }
    return (loss, gradients)
  }

  /// Computes the gradient of a batch.
  private func sumGradients(
    _ batch: [TrainingExample], step: Int
  ) throws(GeometryError) -> Double {
    try check(batch)
    let counted = batch.reduce(0) { sum, example in
      sum + example.labels.reduce(0) { $0 + ($1 == settings.ignoredLabel ? 0 : 1) }
    }
    let share = settings.reduction == .mean ? 1 / Float(max(counted, 1)) : 1
    // Pictures side by side if there are enough of them, else the threads share each picture.
    let width = width(of: batch.count)
    makeReplicas(width)
    var losses = [Double](repeating: 0, count: batch.count)
    var problems = [GeometryError?](repeating: nil, count: batch.count)
    losses.withUnsafeMutableBufferPointer { losses in
      problems.withUnsafeMutableBufferPointer { problems in
        nonisolated(unsafe) let (losses, problems) = (losses, problems)
        for first in stride(from: 0, to: batch.count, by: width) {
          let count = min(width, batch.count - first)
          Threads(width).run(count) { task, _ in
            let number = first + task
            let isAlone = number == 0 || width == 1
            do throws(GeometryError) {
              losses[number] = try replicas[task].run(
                batch[number].input, labels: batch[number].labels, share: share,
                seed: seed(step: step, picture: number),
                into: isAlone ? total.pointer : waiting[task].pointer,
                room: isAlone && number > 0 ? scratch.pointer : nil)
            } catch {
              problems[number] = error
            }
          }
          for task in 0..<count where first + task > 0 && width > 1 {
            add(
              waiting[task].pointer, to: total.pointer, count: sumCount, threads: threads,
              level: level)
          }
        }
      }
    }
    if let problem = problems.compactMap({ $0 }).first { throw problem }
    let loss = losses.reduce(0, +)
    return settings.reduction == .mean ? loss / Double(max(counted, 1)) : loss
  }

  /// How many pictures of a batch are worked on at the same time.
  private func width(of batch: Int) -> Int {
    batch >= threads.count && !store.savesMemory ? threads.count : 1
  }

  private func makeReplicas(_ width: Int) {
    let inner = width == 1 ? threads : Threads(1)
    if replicas.count != width {
      replicas = (0..<width).map { _ in
        TrainingReplica(
          network, steps: steps, store: store, settings: settings, threads: inner, level: level)
      }
    }
    // The first picture's gradient is the total's beginning.
    while width > 1, waiting.count < width { waiting.append(Buffer(count: sumCount)) }
  }

  private func seed(step: Int, picture: Int) -> UInt64 {
    var random = SplitMix64(seed: settings.seed &+ UInt64(step) << 20 &+ UInt64(picture) << 8)
    return random.next()
  }

  /// The gradient by a parameter, in row-major order; nil if it is fixed. It lasts until the next call.
  private func gradient(
    of parameter: Network.Parameter, _ layer: LearningLayer
  ) -> UnsafeMutablePointer<Float>? {
    if parameter.shape.rank == 1 {
      return layer.learns.bias ? total.pointer + layer.biasStart : nil
    }
    guard let kernels = layer.kernelGradient else { return nil }
    kernels.unpack(
      total.pointer + layer.sumStart, into: scratch.pointer, factor: layer.factor,
      threads: threads)
    return scratch.pointer
  }

  private func descend(rate: Float) {
    let descent = GradientDescent(
      rate: rate, momentum: Float(settings.momentum), decay: Float(settings.weightDecay))
    for (layer, parameter, multipliers) in learning {
      guard let numbers = gradient(of: parameter, layer) else { continue }
      let own = descent.scaled(by: multipliers)
      FastKernels.descend(
        weights: store.weight(parameter.name), velocity: store.velocity(parameter.name),
        gradient: numbers, count: parameter.shape.count, rate: own.rate,
        momentum: own.momentum, decay: own.decay, threads: threads, level: level)
    }
    let layers = steps.compactMap(\.layer)
    threads.run(layers.count) { task, _ in layers[task].repack(store, threads: Threads(1)) }
  }

  /// The bytes of maps that a batch of pictures of this size needs at once, beside the weights.
  public func mapByteCount(input size: Size, batch: Int) throws(GeometryError) -> Int {
    let floats = try floatCounts.value(of: size) { () throws(GeometryError) in
      let counts = try LearningPlan.floatCounts(steps.map(\.outline), network, input: size)
      return counts.maps + counts.gradients
    }
    return 4 * floats * width(of: batch)
  }

  /// The size that a picture of this one is continued to; see `Network.workableSize`.
  func workableSize(for picture: Size) throws(GeometryError) -> Size {
    try workableSizes.value(of: picture) { () throws(GeometryError) in
      try network.workableSize(for: picture)
    }
  }

  /// Refuses what does not fit before anything is computed.
  private func check(_ batch: [TrainingExample]) throws(GeometryError) {
    for example in batch {
      let size = try scoreSizes.value(of: example.input.shape) { () throws(GeometryError) in
        try network.checkInput(example.input)
        return try network.shapes(input: example.input.size).last!.size
      }
      guard example.labels.count == size.area else {
        throw GeometryError(
          "there are \(example.labels.count) labels for scores of \(size); expected \(size.area)")
      }
      for label in example.labels where label != settings.ignoredLabel && label >= classes {
        throw wrongLabel(Int(label), classes: classes, ignored: Int(settings.ignoredLabel))
      }
    }
  }
}
