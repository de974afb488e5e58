public import ConvolutionArithmetic
package import KernelInterface
internal import Tensors

extension PreparedConvolution {
  /// The gradient of a convolution by its input, as a convolution that is run on the gradient by the
  /// output: the kernels turned by 180°, inputs and outputs exchanged, the padding d(k−1) − p (where
  /// that is negative, cells are cut off).
  ///
  /// - Parameters:
  ///   - convolution: the convolution itself; what follows is its own too.
  ///   - weights: (outputs, inputs / groups, height, width).
  ///   - packed: memory for the packed weights, if it has their size; then none are packed before
  ///     `repack` is called.
  /// - Throws: `GeometryError` if its stride is not 1; see ``PreparedTransposedConvolution``, which has
  ///   any stride.
  public convenience init(
    inputGradientOf convolution: Convolution, weights: UnsafePointer<Float>, outputs: Int,
    inputs: Int, exact: Bool = false, packed: Buffer? = nil, threads: Threads = .all,
    level: Level = .best
  ) throws(GeometryError) {
    try self.init(
      inputGradientOf: convolution, weights: weights, outputs: outputs, inputs: inputs,
      exact: exact, packed: packed, threads: threads, table: level.table)
  }

  package convenience init(
    inputGradientOf convolution: Convolution, weights: UnsafePointer<Float>, outputs: Int,
    inputs: Int, exact: Bool, packed: Buffer? = nil, threads: Threads, table: KernelTable
  ) throws(GeometryError) {
    guard convolution.stride == 1 else {
      throw GeometryError(
        "the gradient by the input is a convolution for stride 1, not \(convolution.stride)")
    }
    let turned = try convolution.transposed().equivalentConvolution()
    // What comes in is a map in blocks, however few channels it has.
    let method = PreparedConvolution.methodOnBlocks(turned, inputs: outputs, exact: exact)
    self.init(
      turned, weights: weights, bias: nil, outputs: inputs, inputs: outputs, rectify: false,
      pool: false, exact: exact, method: method, packed: packed, isTurned: true, threads: threads,
      table: table)
  }
}

/// The gradient of a convolution by its input, packed: for stride 1 a convolution, for other strides a
/// transposed one.
public struct InputGradient {
  private enum Way {
    case convolution(PreparedConvolution)
    case transposed(PreparedTransposedConvolution)
  }

  private let way: Way

  /// - Parameters:
  ///   - convolution: the convolution itself; what follows is its own too.
  ///   - weights: (outputs, inputs / groups, height, width).
  ///   - mixesChannels: whether weights that are 0 now may be others later.
  ///   - packed: memory for the packed weights of stride 1; see
  ///     ``PreparedConvolution/init(inputGradientOf:weights:outputs:inputs:exact:packed:threads:level:)``.
  public init(
    of convolution: Convolution, weights: UnsafePointer<Float>, outputs: Int, inputs: Int,
    exact: Bool = false, mixesChannels: Bool = false, packed: Buffer? = nil,
    threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) {
    guard convolution.stride != 1 else {
      way = .convolution(
        try PreparedConvolution(
          inputGradientOf: convolution, weights: weights, outputs: outputs, inputs: inputs,
          exact: exact, packed: packed, threads: threads, level: level))
      return
    }
    // With the largest output padding it reaches as far as any input; what is beyond is not computed.
    let most = Size(
      height: convolution.stride.height - 1, width: convolution.stride.width - 1)
    way = .transposed(
      PreparedTransposedConvolution(
        try convolution.transposed(outputPadding: most), weights: weights, bias: nil,
        outputs: inputs, inputs: outputs, mixesChannels: mixesChannels, threads: threads,
        level: level))
  }

  /// The same packed weights, to be run at the same time as `other`.
  public init(sharing other: InputGradient) {
    way =
      switch other.way {
      case .convolution(let layer): .convolution(PreparedConvolution(sharing: layer))
      case .transposed: other.way
      }
  }

  /// Writes the gradient by the input, whose size is that of `result`.
  public func run(_ gradient: FeatureMap, into result: FeatureMap, _ workspace: Workspace) {
    switch way {
    case .convolution(let layer): layer.run(gradient, into: result, workspace)
    case .transposed(let layer): layer.run(gradient, into: result, workspace)
    }
  }

  /// Packs other weights of the same shape in the place of these.
  public func repack(weights: UnsafePointer<Float>, threads: Threads = .all) {
    switch way {
    case .convolution(let layer): layer.repack(weights: weights, bias: nil, threads: threads)
    case .transposed(let layer): layer.repack(weights: weights, bias: nil, threads: threads)
    }
  }

  /// Whether the packed weights lie in this memory.
  public func isPacked(in memory: Buffer) -> Bool {
    if case .convolution(let layer) = way { layer.weights === memory } else { false }
  }
}

extension PreparedTransposedConvolution {
  /// The gradient by the input of a transposed convolution whose channels don't mix.
  ///
  /// - Parameters:
  ///   - gradient: by the window of the result that begins at (`top`, `left`), as
  ///     ``run(_:into:top:left:_:)`` computes it; what was cut off has no gradient.
  ///   - result: the gradient by the input, to be written.
  public func runInputGradient(
    _ gradient: FeatureMap, into result: FeatureMap, top: Int = 0, left: Int = 0,
    _ workspace: Workspace
  ) {
    precondition(isDiagonal, "the channels mix: the gradient is that of a convolution")
    precondition(gradient.channels == outputs && result.channels == inputs)
    var job = StampJob(
      convolution, input: result, output: gradient, weights, bias, top: top + padding.top,
      left: left + padding.left)
    byRows(&job, result, workspace.threads, table.stampGradient)
    result.zones = []
  }
}

/// A step of gradient descent with momentum and weight decay: what `GradientDescent` of Primitives does,
/// in Float and fast.
///
///     v ← momentum · v + (gradient + decay · w)
///     w ← w − rate · v
public func descend(
  weights: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>,
  gradient: UnsafePointer<Float>, count: Int, rate: Float, momentum: Float, decay: Float,
  threads: Threads = .all, level: Level = .best
) {
  var job = DescentJob(
    weights: weights, velocity: velocity, gradient: gradient, rate: rate, momentum: momentum,
    decay: decay)
  byElements(&job, weights, count, threads, level.table.descend)
}

/// sum[i] += numbers[i]
public func add(
  _ numbers: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int,
  threads: Threads = .all, level: Level = .best
) {
  pairwise(sum, numbers, count, threads, level.table.addElements)
}

/// Shares a kernel over pairs of numbers among threads.
func pairwise(
  _ elements: UnsafeMutablePointer<Float>, _ others: UnsafePointer<Float>, _ count: Int,
  _ threads: Threads, _ kernel: Kernel
) {
  var job = PairJob(elements: elements, others: others)
  byElements(&job, elements, count, threads, kernel)
}
