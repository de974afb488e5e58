public import ConvolutionArithmetic
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
  // Transforming the weights does not pay for a few tiles.
  let layer = PreparedConvolution(
    convolution, weights: w.elements, bias: bias, outputs: channels.output, inputs: x.channels,
    exact: exact || size.area < 64, threads: threads, level: level)
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
  try expect("the dilation of a mean is \(pooling.dilation)", pooling.dilation.area, 1)
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
