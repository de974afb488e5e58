public import ConvolutionArithmetic
internal import KernelInterface
internal import KernelsBaseline
internal import Primitives
public import Tensors

/// Returns what `Primitives.convolve` returns, in Float and fast.
///
/// - Parameter exact: direct sums only; see ``PreparedConvolution``.
/// - Throws: `GeometryError` if shapes do not fit each other, no window fits, or nothing is left of the
///   result.
public func convolve(
  _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]? = nil, by convolution: Convolution,
  exact: Bool = false, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  let channels = try ChannelGroups(
    convolution, input: x.shape, weight: w.shape, bias: bias?.count)
  let size = try convolution.outputSize(input: x.size)
  let workspace = Workspace(threads: threads)
  let output = FeatureMap(channels: channels.output, size: size)
  if convolution.isTransposed {
    let layer = PreparedTransposedConvolution(
      convolution, weights: w.elements, bias: bias, outputs: channels.output, inputs: x.channels,
      threads: threads, level: level)
    let input = FeatureMap(channels: x.channels, size: x.size)
    return eachPicture(x, channels.output, size, output, threads, level) { picture, _ in
      input.load(picture, threads: threads, level: level)
      layer.run(input, into: output, workspace)
    }
  }
  let layer = PreparedConvolution(
    convolution, weights: w.elements, bias: bias, outputs: channels.output, inputs: x.channels,
    exact: exact, output: size, threads: threads, level: level)
  return eachPicture(x, channels.output, size, output, threads, level) { picture, _ in
    layer.run(planar: picture, size: x.size, into: output, workspace)
  }
}

/// Returns the largest of each window of `x`.
///
/// - Throws: `GeometryError` if no window fits.
public func maxPool(
  _ x: Tensor<Float>, by pooling: Pooling, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try eachMap(x, pooling, threads, level) {
    maxPool($0, into: $1, by: pooling, $2, level: level)
  }
}

/// Returns the mean of each window of `x`.
///
/// - Throws: `GeometryError` if no window fits, or there is a dilation.
public func averagePool(
  _ x: Tensor<Float>, by pooling: Pooling, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  guard pooling.dilation.area == 1 else {
    throw GeometryError("the dilation of a mean is \(pooling.dilation); expected 1")
  }
  return try eachMap(x, pooling, threads, level) {
    averagePool($0, into: $1, by: pooling, $2, level: level)
  }
}

private func eachMap(
  _ x: Tensor<Float>, _ pooling: Pooling, _ threads: Threads, _ level: Level,
  _ pool: (FeatureMap, FeatureMap, Workspace) -> Void
) throws(GeometryError) -> Tensor<Float> {
  let size = try pooling.outputSize(input: x.size)
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: x.channels, size: size)
  return eachPicture(x, x.channels, size, output, threads, level) { picture, _ in
    input.load(picture, threads: threads, level: level)
    pool(input, output, workspace)
  }
}

/// Runs `body` on the planar maps of each picture, and its number, and collects the map it leaves in
/// `output`.
func eachPicture(
  _ x: Tensor<Float>, _ channels: Int, _ size: Size, _ output: FeatureMap, _ threads: Threads,
  _ level: Level, _ body: (UnsafePointer<Float>, Int) -> Void
) -> Tensor<Float> {
  let shape: Shape = [x.batch, channels, size.height, size.width]
  let (inputCount, outputCount) = (x.channels * x.size.area, channels * size.area)
  let elements = [Float](unsafeUninitializedCapacity: shape.count) { result, count in
    x.elements.withUnsafeBufferPointer { source in
      for picture in 0..<x.batch where outputCount > 0 {
        body(source.baseAddress! + picture * inputCount, picture)
        output.store(
          result.baseAddress! + picture * outputCount, threads: threads, level: level)
      }
    }
    count = shape.count
  }
  return Tensor(shape: shape, elements: elements)
}

/// What a pass over many floats found.
public struct NumberScan: Hashable, Sendable {
  /// 128 bits that depend on every bit of every number and on their order.
  public let hash: [UInt64]
  /// How many numbers are infinite or not a number.
  public let nonFinite: Int
}

/// Returns a hash of the numbers and how many of them are not finite, at the speed of the memory.
public func scan(_ numbers: UnsafeBufferPointer<Float>, threads: Threads = .all) -> NumberScan {
  let piece = 1 << 18
  let pieces = ceilDivide(numbers.count, piece)
  var results = [UInt64](repeating: 0, count: 3 * pieces)
  guard let start = numbers.baseAddress, pieces > 0 else {
    return NumberScan(hash: [0, 0], nonFinite: 0)
  }
  start.withMemoryRebound(to: UInt32.self, capacity: numbers.count) { words in
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let (results, words) = (results.baseAddress!, words)
      threads.run(pieces) { task, _ in
        let first = task * piece
        scanWords(words + first, min(piece, numbers.count - first), results + 3 * task)
      }
    }
  }
  var hash: [UInt64] = [0, 0]
  for piece in 0..<pieces {
    for half in 0..<2 {
      hash[half] = (hash[half] ^ results[3 * piece + half]) &* 0xBF58_476D_1CE4_E5B9
      hash[half] ^= hash[half] >> 32
    }
  }
  let nonFinite = (0..<pieces).reduce(0) { $0 + Int(results[3 * $1 + 2]) }
  return NumberScan(hash: hash, nonFinite: nonFinite)
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

/// Fills `numbers` with seeded numbers that are evenly spread from −limit to limit: the same at every
/// level, and for any number of threads.
public func fillEvenly(
  _ numbers: UnsafeMutableBufferPointer<Float>, seed: UInt64, limit: Float, threads: Threads = .all
) {
  guard let start = numbers.baseAddress else { return }
  nonisolated(unsafe) let pointer = start
  let piece = 1 << 18
  threads.run(ceilDivide(numbers.count, piece)) { task, _ in
    KernelsBaseline.fillEvenly(
      pointer, task * piece, min((task + 1) * piece, numbers.count), seed, limit)
  }
}

/// The map (1, planes, height, width) whose plane p holds, for each pixel of three bytes, what
/// `tables[p]` has for its byte `colors[p]`.
package func planes(
  of pixels: [UInt8], size: Size, colors: [Int], tables: [[Float]]
) -> Tensor<Float> {
  let area = size.area
  precondition(pixels.count == 3 * area && tables.allSatisfy { $0.count == 256 })
  let elements = [Float](unsafeUninitializedCapacity: colors.count * area) { elements, count in
    pixels.withUnsafeBufferPointer { pixels in
      for (plane, color) in colors.enumerated() {
        tables[plane].withUnsafeBufferPointer { table in
          for index in 0..<area {
            elements[plane &* area &+ index] = table[Int(pixels[3 &* index &+ color])]
          }
        }
      }
    }
    count = colors.count * area
  }
  return Tensor(shape: [1, colors.count, size.height, size.width], elements: elements)
}
