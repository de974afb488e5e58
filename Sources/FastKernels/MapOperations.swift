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
  byElements(&job, map.pixels, count, workspace.threads, level.table.rectify)
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

/// Shares a kernel over numbers that lie one behind the other among threads.
func byElements<Job>(
  _ job: inout Job, _ elements: UnsafeMutablePointer<Float>, _ count: Int, _ threads: Threads,
  _ kernel: Kernel
) {
  nonisolated(unsafe) let elements = elements
  withUnsafePointer(to: &job) { job in
    threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, elements)
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

/// What the cells of scores show.
public struct CellLabels: Sendable {
  /// For each cell, row by row, the channel with the (first) largest number; NaN counts as largest.
  public let labels: [Int32]
  /// The mean of each channel, summed in 64 bits.
  public let means: [Double]
}

/// Labels the first rows and columns of a map, some cells at a time, so that its numbers are never written
/// once more as planar maps.
///
/// - Parameter size: at most that of the map.
public func label(
  _ scores: FeatureMap, within size: Size, _ workspace: Workspace, level: Level = .best
) -> CellLabels {
  precondition(size.height <= scores.size.height && size.width <= scores.size.width)
  let (channels, blocks, table) = (scores.channels, scores.blockCount, level.table)
  let runs = ceilDivide(size.area, run)
  let scratch = workspace.scratch(workspace.threads.count * blocks * 16 * run)
  var sums = [Double](repeating: 0, count: runs * channels)
  let labels = [Int32](unsafeUninitializedCapacity: size.area) { labels, count in
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let (labels, sums) = (labels.baseAddress!, sums)
      workspace.threads.run(runs) { task, worker in
        let cells = task * run..<min(task * run + run, size.area)
        let planar = scratch + worker * blocks * 16 * run
        scores.store(cells, of: size, to: planar, table)
        var job = ClassJob(
          input: planar, output: planar, indices: labels + cells.lowerBound, classes: channels,
          inner: cells.count)
        table.argmax(&job, 0, cells.count, 0, 0, planar)
        for channel in 0..<channels {
          sums[task * channels + channel] = sum(planar + channel * cells.count, cells.count)
        }
      }
    }
    count = size.area
  }
  let means = (0..<channels).map { channel in
    stride(from: channel, to: sums.count, by: channels).reduce(0) { $0 + sums[$1] }
      / Double(size.area)
  }
  return CellLabels(labels: labels, means: means)
}

/// So many cells, with all their channels, stay in a cache.
private let run = 1024

extension FeatureMap {
  /// Writes cells of the map's first rows and columns, counted row by row, as planar maps.
  fileprivate func store(
    _ cells: Range<Int>, of size: Size, to planar: UnsafeMutablePointer<Float>,
    _ table: KernelTable
  ) {
    var cell = cells.lowerBound
    while cell < cells.upperBound {
      // Of whole maps the cells of all rows follow each other.
      let isWhole = size.width == self.size.width
      let end =
        isWhole ? cells.upperBound : min(cells.upperBound, (cell / size.width + 1) * size.width)
      let part = cell - cells.lowerBound..<end - cells.lowerBound
      let place = cell / size.width * self.size.width + cell % size.width - part.lowerBound
      for block in 0..<blockCount {
        var job = LayoutJob(
          planar: planar + block * 16 * cells.count,
          blocks: pixels + (block * self.size.area + place) * 16,
          channels: min(16, channels - block * 16), height: 1, width: cells.count)
        table.fromBlocks(&job, 0, 1, part.lowerBound, part.upperBound, planar)
      }
      cell += part.count
    }
  }
}

/// A sum in 64 bits; four of them, so that one addition need not wait for the one before.
private func sum(_ numbers: UnsafePointer<Float>, _ count: Int) -> Double {
  var sums = SIMD4<Double>.zero
  let whole = count / 4 * 4
  for index in stride(from: 0, to: whole, by: 4) {
    sums += SIMD4(
      Double(numbers[index]), Double(numbers[index + 1]), Double(numbers[index + 2]),
      Double(numbers[index + 3]))
  }
  for index in whole..<count { sums[0] += Double(numbers[index]) }
  return sums.sum()
}
