public import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

/// The largest of each window; padding never wins. The size of `output` says how many windows there
/// are, so that any rule of rounding can be used.
public func maxPool(
  _ input: FeatureMap, into output: FeatureMap, by pooling: Pooling, _ workspace: Workspace,
  level: Level = .best
) {
  maxPool(input, into: output, by: pooling, workspace, table: level.table)
}

func maxPool(
  _ input: FeatureMap, into output: FeatureMap, by pooling: Pooling, _ workspace: Workspace,
  table: KernelTable
) {
  var job = WindowJob(pooling, input: input, output: output)
  byRows(&job, output, workspace.threads, table.pool)
  let isHalving =
    pooling.kernelSize == 2 && pooling.stride == 2 && !pooling.isPadded && pooling.dilation == 1
  output.zones =
    isHalving
    ? input.zones.compactMap { $0.pooled(input: input.size, output: output.size) } : []
  output.interior = isHalving ? input.interior?.pooled : nil
}

extension WindowJob {
  /// The windows of a pooling over one map.
  init(_ pooling: Pooling, input: FeatureMap, output: FeatureMap) {
    let (kernelSize, stride, padding) = (pooling.kernelSize, pooling.stride, pooling.padding)
    self.init(
      input: input.view, output: output.view, kernelHeight: kernelSize.height,
      kernelWidth: kernelSize.width, strideDown: stride.height, strideRight: stride.width,
      top: padding.top, left: padding.left, bottom: padding.bottom, right: padding.right)
    (dilationDown, dilationRight) = (pooling.dilation.height, pooling.dilation.width)
  }
}

/// The mean of each window, which has no dilation: over its cells in the map, or over all its cells
/// with `countIncludePad`, except those that rounding the size up adds beyond the padding.
public func averagePool(
  _ input: FeatureMap, into output: FeatureMap, by pooling: Pooling, _ workspace: Workspace,
  level: Level = .best
) {
  var job = WindowJob(pooling, input: input, output: output)
  job.average = true
  job.countPadding = pooling.countIncludePad
  byRows(&job, output, workspace.threads, level.table.pool)
  output.zones = []
}

/// Adds to `sum` the part of `other`, of the same size, that begins at (`top`, `left`): FCN's fusion
/// of two streams of scores.
public func addCropped(
  _ other: FeatureMap, top: Int = 0, left: Int = 0, to sum: FeatureMap, _ workspace: Workspace,
  level: Level = .best
) {
  precondition(
    other.channels == sum.channels && top >= 0 && left >= 0
      && top + sum.size.height <= other.size.height && left + sum.size.width <= other.size.width,
    "a crop of \(sum.size) at \(top),\(left) does not lie in a map of \(other.size)")
  var job = AddJob(sum: sum.view, other: other.view, top: top, left: left)
  byRows(&job, sum, workspace.threads, level.table.addCropped)
  sum.zones = []
}

/// Writes the channels of all inputs, which have one size, one behind the other.
public func concatenate(
  _ inputs: [FeatureMap], into output: FeatureMap, _ workspace: Workspace
) {
  precondition(
    inputs.reduce(0) { $0 + $1.channels } == output.channels
      && inputs.allSatisfy { $0.size == output.size },
    "maps of \(inputs.map(\.size)) do not make one of \(output.channels) channels, \(output.size)")
  output.zones = []
  guard inputs.dropLast().allSatisfy({ $0.channels % 16 == 0 }) else {
    // Blocks begin inside of others: by way of planes.
    let planes = workspace.scratch(output.channels * output.size.area)
    var start = planes
    for input in inputs {
      input.store(start, threads: workspace.threads)
      start += input.channels * input.size.area
    }
    output.loadBlocks(planes, workspace.threads, Level.best.table)
    return
  }
  var start = output.pixels
  for input in inputs {
    let count = FeatureMap.count(channels: input.channels, size: input.size)
    start.update(from: input.pixels, count: count)
    start += count
  }
}

/// Writes the channels of a map to maps of fewer, what ``concatenate(_:into:_:)`` has put together.
public func split(_ input: FeatureMap, into outputs: [FeatureMap], _ workspace: Workspace) {
  precondition(
    outputs.reduce(0) { $0 + $1.channels } == input.channels
      && outputs.allSatisfy { $0.size == input.size },
    "a map of \(input.channels) channels, \(input.size), is not made of those of its parts")
  let planes = workspace.scratch(input.channels * input.size.area)
  input.store(planes, threads: workspace.threads)
  var start = planes
  for output in outputs {
    output.load(start, threads: workspace.threads)
    start += output.channels * output.size.area
  }
}

/// Writes every number of a map times `factor`.
public func scale(
  _ input: FeatureMap, by factor: Float, into output: FeatureMap, _ workspace: Workspace
) {
  precondition(input.channels == output.channels && input.size == output.size)
  let count = FeatureMap.count(channels: input.channels, size: input.size)
  nonisolated(unsafe) let (from, to) = (input.pixels, output.pixels)
  workspace.threads.run(ceilDivide(count, 1 << 16)) { task, _ in
    for index in (task << 16)..<min((task + 1) << 16, count) { to[index] = factor * from[index] }
  }
  output.zones = []
}

/// max(0, x) in place. Convolutions do it themselves; this is for what follows other operations.
public func rectify(_ map: FeatureMap, _ workspace: Workspace, level: Level = .best) {
  var job = ElementJob(elements: map.pixels)
  let count = FeatureMap.count(channels: map.channels, size: map.size)
  let kernel = level.table.rectify
  withUnsafePointer(to: &job) { job in
    workspace.threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, map.pixels)
    }
  }
}

/// Local response normalization: x / (bias + alpha / size · Σ x² over `size` channels)^beta, as
/// AlexNet and CaffeNet use it (alpha is divided by the size).
public func normalizeAcrossChannels(
  _ input: FeatureMap, into output: FeatureMap, size: Int, alpha: Float, beta: Float,
  bias: Float = 1, _ workspace: Workspace, level: Level = .best
) {
  var job = NormalizationJob(
    input: input.view, output: output.view, channels: input.channels, size: size, alpha: alpha,
    beta: beta, bias: bias)
  byPixels(&job, input, output, workspace, level.table.normalizeAcross)
  output.zones = input.zones
  output.interior = input.interior
}

/// Shares a kernel over pixels among threads, with scratch for each channel.
func byPixels(
  _ job: inout NormalizationJob, _ input: FeatureMap, _ output: FeatureMap, _ workspace: Workspace,
  _ kernel: Kernel
) {
  precondition(input.channels == output.channels && input.size == output.size)
  // Lanes beyond the last channel stay 0.
  output.pixels.update(
    repeating: 0, count: FeatureMap.count(channels: output.channels, size: output.size))
  let (pixels, room) = (input.size.area, input.blockCount * 16)
  let scratch = workspace.scratch(room * workspace.threads.count)
  withUnsafePointer(to: &job) { job in
    workspace.threads.run(ceilDivide(pixels, 256)) { task, worker in
      kernel(job, task * 256, min(task * 256 + 256, pixels), 0, 0, scratch + worker * room)
    }
  }
}

/// Shares a kernel over (channel blocks, output rows) among threads by rows.
func byRows<Job>(
  _ job: inout Job, _ output: FeatureMap, _ threads: Threads, _ kernel: Kernel
) {
  let (rows, blocks) = (output.size.height, output.blockCount)
  let bands = ceilDivide(rows, 16)
  withUnsafePointer(to: &job) { job in
    threads.run(bands * blocks) { task, _ in
      let (block, band) = (task / bands, task % bands)
      kernel(job, block, block + 1, band * 16, min(band * 16 + 16, rows), output.pixels)
    }
  }
}

/// Returns exp(x) / Σ exp(x) along dimension `axis` (default: the channels). The largest is subtracted
/// first, so that nothing overflows.
public func softmax(
  _ x: Tensor<Float>, axis: Int = 1, threads: Threads = .all, level: Level = .best
) -> Tensor<Float> {
  let elements = [Float](unsafeUninitializedCapacity: x.shape.count) { result, count in
    if let output = result.baseAddress, x.shape.count > 0 {
      alongClasses(x, axis, output, nil, threads, level.table.softmax)
    }
    count = x.shape.count
  }
  return Tensor(shape: x.shape, elements: elements)
}

/// Returns the index of the (first) largest along dimension `axis` (default: the channels), which is
/// left out of the result's shape. NaN counts as largest, as in PyTorch.
public func argmax(
  _ x: Tensor<Float>, axis: Int = 1, threads: Threads = .all, level: Level = .best
) -> Tensor<Int32> {
  var dimensions = x.shape.dimensions
  let classes = dimensions.remove(at: axis)
  precondition(classes > 0, "there is no largest of 0 classes")
  let shape = Shape(dimensions)
  let indices = [Int32](unsafeUninitializedCapacity: shape.count) { result, count in
    if let output = result.baseAddress, shape.count > 0 {
      var unused: Float = 0
      alongClasses(x, axis, &unused, output, threads, level.table.argmax)
    }
    count = shape.count
  }
  return Tensor(shape: shape, elements: indices)
}

private func alongClasses(
  _ x: Tensor<Float>, _ axis: Int, _ output: UnsafeMutablePointer<Float>,
  _ indices: UnsafeMutablePointer<Int32>?, _ threads: Threads, _ kernel: Kernel
) {
  let inner = x.shape.dimensions[(axis + 1)...].reduce(1, *)
  let positions = x.shape.count / x.shape[axis]
  x.elements.withUnsafeBufferPointer { source in
    var job = ClassJob(
      input: source.baseAddress!, output: output, indices: indices, classes: x.shape[axis],
      inner: inner)
    withUnsafePointer(to: &job) { job in
      threads.run(ceilDivide(positions, 4096)) { task, _ in
        kernel(job, task * 4096, min(task * 4096 + 4096, positions), 0, 0, output)
      }
    }
  }
}

/// Returns x · wᵀ + bias for `x` (batch, in) and `w` (out, in): a 1×1 convolution of maps of size
/// 1×batch.
///
/// - Throws: `GeometryError` if the shapes do not fit each other.
public func linear(
  _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]? = nil, threads: Threads = .all,
  level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  guard x.shape.rank == 2, w.shape.rank == 2 else {
    throw GeometryError(
      "the input has shape \(x.shape) and the weights \(w.shape); expected 2 dimensions each")
  }
  let (batch, inputs, outputs) = (x.shape[0], x.shape[1], w.shape[0])
  try expect("the weights read \(w.shape[1]) numbers", w.shape[1], inputs)
  try checkBias(bias, outputs)
  let layer = PreparedConvolution(
    try Convolution(kernelSize: 1), weights: w.elements, bias: bias, outputs: outputs,
    inputs: inputs, method: .product, threads: threads, level: level)
  let size = Size(height: 1, width: batch)
  let workspace = Workspace(threads: threads)
  let (input, output) = (
    FeatureMap(channels: inputs, size: size), FeatureMap(channels: outputs, size: size)
  )
  input.load(exchanged(x.elements, batch, inputs), threads: threads, level: level)
  layer.run(input, into: output, workspace)
  var planar = [Float](repeating: 0, count: outputs * batch)
  output.store(&planar, threads: threads, level: level)
  return Tensor(shape: [batch, outputs], elements: exchanged(planar, outputs, batch))
}

/// The matrix with rows and columns exchanged.
private func exchanged(_ matrix: [Float], _ rows: Int, _ columns: Int) -> [Float] {
  if rows == 1 || columns == 1 { return matrix }
  return [Float](unsafeUninitializedCapacity: matrix.count) { result, count in
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = matrix[row * columns + column] }
    }
    count = matrix.count
  }
}
