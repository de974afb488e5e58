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
      input: result.view, output: gradient.view, weights: weights.pointer, bias: bias.pointer,
      kernelHeight: kernelSize.height, kernelWidth: kernelSize.width, strideDown: stride.height,
      strideRight: stride.width, dilationDown: dilation.height, dilationRight: dilation.width,
      top: top + padding.top, left: left + padding.left)
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
  let kernel = level.table.descend
  withUnsafePointer(to: &job) { job in
    threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, weights)
    }
  }
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
  withUnsafePointer(to: &job) { job in
    threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, elements)
    }
  }
}
