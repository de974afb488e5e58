public import ConvolutionArithmetic
public import Tensors

/// Returns what `Primitives.convolve` returns, in Float and fast.
///
/// - Parameter exact: direct sums only; see ``PreparedConvolution``.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func convolve(
  _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]? = nil, stride: Size = 1,
  padding: Padding = 0, dilation: Size = 1, groups: Int = 1, exact: Bool = false,
  threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try checkRanks(x, w)
  try checkGroups(groups, inputs: x.channels, outputs: w.shape[0])
  try expect("the kernels read \(w.shape[1]) channels", w.shape[1], x.channels / groups)
  try checkBias(bias, w.shape[0])
  let window = try Window2D(
    kernelSize: w.size, stride: stride, padding: padding, dilation: dilation)
  let size = try window.outputSize(input: x.size)
  // Transforming the weights does not pay for a few tiles.
  let layer = try PreparedConvolution(
    weights: w.elements, bias: bias, outputs: w.shape[0], inputs: x.channels, kernelSize: w.size,
    stride: stride, padding: padding, dilation: dilation, groups: groups,
    exact: exact || size.area < 64, threads: threads, level: level)
  let workspace = Workspace(threads: threads)
  let output = FeatureMap(channels: layer.outputs, size: size)
  return eachPicture(x, layer.outputs, size, output, threads, level) { picture, _ in
    layer.run(planar: picture, size: x.size, into: output, workspace)
  }
}

/// Returns what `Primitives.transposedConvolve` returns, in Float and fast.
///
/// - Throws: `GeometryError` if shapes do not fit each other or nothing is left of the result.
public func transposedConvolve(
  _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]? = nil, stride: Size = 1,
  padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1, groups: Int = 1,
  threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try checkRanks(x, w)
  let outputs = w.shape[1] * groups
  try checkGroups(groups, inputs: x.channels, outputs: outputs)
  try expect("the kernels read \(w.shape[0]) channels", w.shape[0], x.channels)
  try checkBias(bias, outputs)
  let layer = try PreparedTransposedConvolution(
    weights: w.elements, bias: bias, outputs: outputs, inputs: x.channels, kernelSize: w.size,
    stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
    groups: groups, threads: threads, level: level)
  let size = try layer.outputSize(input: x.size)
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: outputs, size: size)
  return eachPicture(x, outputs, size, output, threads, level) { picture, _ in
    input.load(picture, threads: threads, level: level)
    layer.run(input, into: output, workspace)
  }
}

/// Returns the largest of each window of `x`, whose windows number `outputSize`.
///
/// - Throws: `GeometryError` if no window fits.
public func maxPool(
  _ x: Tensor<Float>, window: Window2D, rounding: Rounding = .floor, threads: Threads = .all,
  level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  let shape = PoolingShape(window)
  let size = try window.outputSize(input: x.size, rounding: rounding)
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: x.channels, size: size)
  return eachPicture(x, x.channels, size, output, threads, level) { picture, _ in
    input.load(picture, threads: threads, level: level)
    maxPool(
      input, into: output, kernelSize: shape.kernelSize, stride: shape.stride,
      padding: shape.padding, dilation: shape.dilation, workspace, level: level)
  }
}

/// Returns the mean of each window of `x`.
///
/// - Parameter countIncludePad: whether padding counts as cells of the mean, as in PyTorch.
/// - Throws: `GeometryError` if no window fits.
public func averagePool(
  _ x: Tensor<Float>, window: Window2D, rounding: Rounding = .floor, countIncludePad: Bool = true,
  threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  let shape = PoolingShape(window)
  try expect("the dilation of a mean is \(shape.dilation)", shape.dilation.area, 1)
  let size = try window.outputSize(input: x.size, rounding: rounding)
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: x.channels, size: size)
  return eachPicture(x, x.channels, size, output, threads, level) { picture, _ in
    input.load(picture, threads: threads, level: level)
    averagePool(
      input, into: output, kernelSize: shape.kernelSize, stride: shape.stride,
      padding: shape.padding, countIncludePad: countIncludePad, workspace, level: level)
  }
}

/// A window in the terms of the kernels.
struct PoolingShape {
  let kernelSize: Size
  let stride: Size
  let padding: Padding
  let dilation: Size

  init(_ window: Window2D) {
    let (rows, columns) = (window.rows, window.columns)
    kernelSize = Size(height: rows.kernelSize, width: columns.kernelSize)
    stride = Size(height: rows.stride, width: columns.stride)
    dilation = Size(height: rows.dilation, width: columns.dilation)
    padding = Padding(
      top: rows.paddingBefore, left: columns.paddingBefore, bottom: rows.paddingAfter,
      right: columns.paddingAfter)
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
