public import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

/// Writes the gradient by the bias: the sum of each channel's pixels, as many as the channels rounded
/// up to a multiple of 16, to memory that begins at a cache line.
public func biasGradient(
  _ gradient: FeatureMap, into sums: UnsafeMutablePointer<Float>, _ workspace: Workspace,
  level: Level = .best
) {
  var view = gradient.view
  let kernel = level.table.pixelSums
  withUnsafePointer(to: &view) { view in
    workspace.threads.run(gradient.blockCount) { block, _ in
      kernel(view, block, block + 1, 0, 0, sums)
    }
  }
}

/// The gradient of max pooling by its input: each window's gradient goes to the first of its largest
/// cells; a NaN is largest.
///
/// - Parameters:
///   - gradient: by what the pooling gave; its size says how many windows there are.
///   - input: what was pooled.
///   - result: the gradient by `input`, to be written.
///   - rectified: whether `input` came out of a ReLU; the result is then the gradient by what went into
///     it.
public func maxPoolGradient(
  _ gradient: FeatureMap, input: FeatureMap, into result: FeatureMap, by pooling: Pooling,
  rectified: Bool = false, _ workspace: Workspace, level: Level = .best
) {
  precondition(
    gradient.channels == input.channels && result.channels == input.channels
      && result.size == input.size,
    "the gradient by a map of \(input.channels) channels, \(input.size), has another shape")
  var job = PoolGradientJob(
    window: WindowJob(pooling, input: input, output: gradient), result: result.view,
    rectified: rectified)
  byBlocks(&job, result, workspace.threads, level.table.poolGradient)
}

/// The gradient of ``normalizeAcrossChannels(_:into:size:alpha:beta:bias:_:level:)`` by its input.
///
/// - Parameters:
///   - gradient: by what the normalization gave.
///   - input: what was normalized.
///   - result: the gradient by `input`, to be written.
public func normalizationGradient(
  _ gradient: FeatureMap, input: FeatureMap, into result: FeatureMap, size: Int, alpha: Float,
  beta: Float, bias: Float = 1, _ workspace: Workspace, level: Level = .best
) {
  precondition(gradient.channels == input.channels && gradient.size == input.size)
  var job = NormalizationJob(
    input: input.view, output: result.view, channels: input.channels, size: size, alpha: alpha,
    beta: beta, bias: bias)
  job.gradient = gradient.view
  byPixels(&job, input, result, workspace, level.table.normalizationGradient)
  result.zones = []
}

/// The gradient of ReLU, in place: 0 where what ReLU gave, or took, is not above 0 (nor NaN).
public func rectifyGradient(
  _ gradient: FeatureMap, rectified: FeatureMap, _ workspace: Workspace, level: Level = .best
) {
  precondition(gradient.channels == rectified.channels && gradient.size == rectified.size)
  pairwise(
    gradient.pixels, rectified.pixels,
    FeatureMap.count(channels: gradient.channels, size: gradient.size), workspace.threads,
    level.table.rectifiedGradient)
  gradient.zones = []
}

/// Adds `other` to the part of `sum` that begins at (`top`, `left`): the gradient of a crop.
public func addPlaced(
  _ other: FeatureMap, top: Int = 0, left: Int = 0, to sum: FeatureMap, _ workspace: Workspace,
  level: Level = .best
) {
  precondition(
    other.channels == sum.channels && top >= 0 && left >= 0
      && top + other.size.height <= sum.size.height && left + other.size.width <= sum.size.width,
    "a map of \(other.size) at \(top),\(left) does not lie in one of \(sum.size)")
  var job = AddJob(sum: sum.view, other: other.view, top: top, left: left)
  byRows(&job, other, workspace.threads, level.table.addPlaced)
  sum.zones = []
}

/// Which cells dropout drops, and what becomes of the others.
public struct Dropout: Hashable, Sendable {
  /// The part of the cells that is dropped, from 0 to below 1.
  public let probability: Double
  /// Whether whole channels are dropped rather than single cells.
  public let byChannel: Bool

  /// Dropout with this probability.
  public init(probability: Double, byChannel: Bool = false) {
    precondition((0..<1).contains(probability), "the probability is \(probability)")
    (self.probability, self.byChannel) = (probability, byChannel)
  }

  /// Writes `input` with some cells 0 and all others divided by 1 − p. Forward it is run on the map,
  /// backward with the same seed on the gradient.
  public func run(
    _ input: FeatureMap, into output: FeatureMap, seed: UInt32, _ workspace: Workspace,
    level: Level = .best
  ) {
    precondition(input.channels == output.channels && input.size == output.size)
    var job = DropoutJob(
      input: input.view, output: output.view, seed: seed,
      threshold: UInt32(probability * 0x1p32), scale: Float(1 / (1 - probability)),
      byChannel: byChannel)
    byBlocks(&job, output, workspace.threads, level.table.dropout)
    output.zones = []
  }
}

/// Computes the softmax cross-entropy of one picture's scores and its gradient.
///
/// - Parameters:
///   - scores: a map with a channel for each class.
///   - labels: the true class of each pixel, row by row, each below the number of classes or the ignored
///     label.
///   - share: what each pixel's gradient is multiplied with: 1 for a sum, 1 / pixels for a mean.
///   - gradient: the gradient by the scores, to be written.
/// - Returns: the sum of the pixels' losses, not multiplied with `share`.
public func crossEntropy(
  _ scores: FeatureMap, labels: UnsafeBufferPointer<UInt8>, ignoredLabel: UInt8 = 255,
  share: Float, gradient: FeatureMap, _ workspace: Workspace, level: Level = .best
) -> Double {
  precondition(labels.count == scores.size.area, "\(labels.count) labels for \(scores.size)")
  precondition(scores.channels <= 255, "\(scores.channels) classes; a byte tells 255 apart")
  precondition(gradient.channels == scores.channels && gradient.size == scores.size)
  precondition(
    labels.allSatisfy { $0 == ignoredLabel || $0 < scores.channels },
    "a label is not one of \(scores.channels) classes")
  let rows = scores.size.height
  var losses = [Double](repeating: 0, count: rows)
  let kernel = level.table.crossEntropy
  let room = ceilDivide(scores.channels, 8) * 64
  let scratch = workspace.scratch(room * workspace.threads.count)
  losses.withUnsafeMutableBufferPointer { losses in
    var job = LossJob(
      scores: scores.view, gradient: gradient.view, labels: labels.baseAddress!,
      classes: scores.channels, ignoredLabel: ignoredLabel, share: share,
      losses: losses.baseAddress!)
    withUnsafePointer(to: &job) { job in
      workspace.threads.run(ceilDivide(rows, 16)) { task, worker in
        kernel(
          job, task * 16, min(task * 16 + 16, rows), 0, 0, scratch + worker * room)
      }
    }
  }
  gradient.zones = []
  return losses.reduce(0, +)
}

/// Shares a kernel over channel blocks among threads.
private func byBlocks<Job>(
  _ job: inout Job, _ map: FeatureMap, _ threads: Threads, _ kernel: Kernel
) {
  withUnsafePointer(to: &job) { job in
    threads.run(map.blockCount) { block, _ in
      kernel(job, block, block + 1, 0, 0, map.pixels)
    }
  }
  map.zones = []
}
