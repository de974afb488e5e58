public import ConvolutionArithmetic
public import Primitives
public import Tensors

/// Returns what `convolutionInputGradient` of Primitives returns, in Float and fast.
///
/// - Parameter exact: direct sums only; see ``PreparedConvolution``.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func convolutionInputGradient(
  _ gradient: Tensor<Float>, _ w: Tensor<Float>, by convolution: Convolution, inputSize: Size,
  exact: Bool = false, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try checkRanks(gradient, w)
  try checkSize(gradient, convolution.outputSize(input: inputSize))
  if convolution.isTransposed {
    // An output padding of a stride or more, as a dilation allows, lets further windows fit.
    let convolved = try convolve(
      gradient, w, by: convolution.forward, exact: exact, threads: threads, level: level)
    return convolved.size == inputSize ? convolved : convolved.cropped(to: inputSize)
  }
  let groups = convolution.groups
  let (outputs, inputs) = (gradient.channels, w.shape[1] * groups)
  try checkGroups(groups, inputs: inputs, outputs: outputs)
  try expect("the kernels give \(w.shape[0]) channels", w.shape[0], outputs)
  let workspace = Workspace(threads: threads)
  let output = FeatureMap(channels: outputs, size: gradient.size)
  let input = FeatureMap(channels: inputs, size: inputSize)
  let layer = try InputGradient(
    of: convolution, weights: w.elements, outputs: outputs, inputs: inputs,
    exact: exact || inputSize.area < 64, threads: threads, level: level)
  return eachPicture(gradient, inputs, inputSize, input, threads, level) { picture, _ in
    output.load(picture, threads: threads, level: level)
    layer.run(output, into: input, workspace)
  }
}

/// Returns what `convolutionKernelGradient` of Primitives returns, in Float and fast.
///
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func convolutionKernelGradient(
  _ x: Tensor<Float>, _ gradient: Tensor<Float>, by convolution: Convolution,
  threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try checkRank("input has", x.shape)
  try checkRank("gradient by the output has", gradient.shape)
  try checkSize(gradient, convolution.outputSize(input: x.size))
  // What a transposed convolution gave is the convolution's input.
  return convolution.isTransposed
    ? try kernelGradient(gradient, x, convolution.forward, threads, level)
    : try kernelGradient(x, gradient, convolution, threads, level)
}

/// Returns what `biasGradient` of Primitives returns, in Float and fast.
///
/// - Throws: `GeometryError` if the gradient is not of rank 4.
public func biasGradient(
  _ gradient: Tensor<Float>, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> [Float] {
  try checkRank("gradient by the output has", gradient.shape)
  let workspace = Workspace(threads: threads)
  let output = FeatureMap(channels: gradient.channels, size: gradient.size)
  let sums = sumOfPictures(gradient.batch, output.blockCount * 16, threads, level) {
    picture, sums in
    output.load(gradient, picture: picture, threads, level)
    biasGradient(output, into: sums, workspace, level: level)
  }
  return Array(UnsafeBufferPointer(start: sums.pointer, count: gradient.channels))
}

/// The gradient by the kernels of a convolution that reads `x`, where `y` is the gradient by its output.
private func kernelGradient(
  _ x: Tensor<Float>, _ y: Tensor<Float>, _ convolution: Convolution, _ threads: Threads,
  _ level: Level
) throws(GeometryError) -> Tensor<Float> {
  try checkGroups(convolution.groups, inputs: x.channels, outputs: y.channels)
  try expect("the batches are of \(x.batch) and \(y.batch) pictures", x.batch, y.batch)
  // Few channels would fill blocks of 16 with zeros.
  let layer = KernelGradient(
    convolution, outputs: y.channels, inputs: x.channels, planar: x.channels < 8,
    table: level.table)
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: y.channels, size: y.size)
  let sums = sumOfPictures(x.batch, layer.sumCount, threads, level) { picture, sums in
    input.load(x, picture: picture, threads, level)
    output.load(y, picture: picture, threads, level)
    layer.run(input, gradient: output, into: sums, workspace)
  }
  let shape: Shape = [
    y.channels, x.channels / convolution.groups, convolution.kernelSize.height,
    convolution.kernelSize.width,
  ]
  let elements = [Float](unsafeUninitializedCapacity: shape.count) { result, count in
    if shape.count > 0 {
      layer.unpack(sums.pointer, into: result.baseAddress!, threads: threads)
    }
    count = shape.count
  }
  return Tensor(shape: shape, elements: elements)
}

/// The sum, number by number, of what `body` writes for each picture.
private func sumOfPictures(
  _ pictures: Int, _ count: Int, _ threads: Threads, _ level: Level,
  _ body: (_ picture: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
) -> Buffer {
  let (total, own) = (Buffer(count: count), Buffer(count: count))
  total.clear()
  for picture in 0..<pictures {
    body(picture, own.pointer)
    add(own.pointer, to: total.pointer, count: count, threads: threads, level: level)
  }
  return total
}

private func checkSize(_ gradient: Tensor<Float>, _ expected: Size) throws(GeometryError) {
  guard gradient.size == expected else {
    throw GeometryError(
      "the gradient by the output is of size \(gradient.size); expected \(expected)")
  }
}

extension FeatureMap {
  /// Reads one picture of a batch.
  func load(
    _ x: Tensor<Float>, picture: Int, _ threads: Threads, _ level: Level
  ) {
    x.elements.withUnsafeBufferPointer {
      load($0.baseAddress! + picture * channels * size.area, threads: threads, level: level)
    }
  }
}

extension Tensor<Float> {
  /// The upper left part of every map.
  fileprivate func cropped(to size: Size) -> Tensor {
    var result: [Float] = []
    result.reserveCapacity(batch * channels * size.area)
    for map in 0..<(batch * channels) {
      for row in 0..<size.height {
        let start = (map * height + row) * width
        result += elements[start..<(start + size.width)]
      }
    }
    return Tensor(shape: [batch, channels, size.height, size.width], elements: result)
  }
}

/// Returns the gradient of max pooling by its input: each output's gradient goes to the cell that won,
/// the first of equals.
///
/// `maxPoolGradient` of Primitives takes the winners' places; this finds them again.
///
/// - Parameters:
///   - gradient: the gradient by the output.
///   - x: what was pooled.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func maxPoolGradient(
  _ gradient: Tensor<Float>, input x: Tensor<Float>, by pooling: Pooling,
  threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try checkRank("input has", x.shape)
  let pooled = try pooling.outputSize(input: x.size)
  try checkShape(
    "gradient by the output", gradient.shape,
    [x.batch, x.channels, pooled.height, pooled.width])
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: x.channels, size: x.size)
  let output = FeatureMap(channels: x.channels, size: pooled)
  let result = FeatureMap(channels: x.channels, size: x.size)
  return eachPicture(x, x.channels, x.size, result, threads, level) { picture, number in
    input.load(picture, threads: threads, level: level)
    output.load(gradient, picture: number, threads, level)
    maxPoolGradient(output, input: input, into: result, by: pooling, workspace, level: level)
  }
}

/// Returns what `crossEntropy` of Primitives returns, in Float and fast.
///
/// - Throws: `GeometryError` if shapes do not fit each other or a label is out of range.
public func crossEntropy(
  _ scores: Tensor<Float>, labels: Tensor<Int>, ignoredLabel: Int = 255,
  reduction: Reduction = .mean, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Float {
  try lossAndGradient(scores, labels, ignoredLabel, reduction, threads, level).loss
}

/// Returns what `crossEntropyGradient` of Primitives returns, in Float and fast.
///
/// - Throws: `GeometryError` if shapes do not fit each other or a label is out of range.
public func crossEntropyGradient(
  _ scores: Tensor<Float>, labels: Tensor<Int>, ignoredLabel: Int = 255,
  reduction: Reduction = .mean, threads: Threads = .all, level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  try lossAndGradient(scores, labels, ignoredLabel, reduction, threads, level).gradient
}

private func lossAndGradient(
  _ scores: Tensor<Float>, _ labels: Tensor<Int>, _ ignoredLabel: Int, _ reduction: Reduction,
  _ threads: Threads, _ level: Level
) throws(GeometryError) -> (loss: Float, gradient: Tensor<Float>) {
  try checkRank("array of scores has", scores.shape)
  try checkShape(
    "array of labels", labels.shape, [scores.batch, 1, scores.height, scores.width])
  guard scores.channels <= 255 else {
    throw GeometryError("there are \(scores.channels) classes; labels of a byte tell 255 apart")
  }
  // In bytes, with 255 for what is ignored.
  var bytes: [UInt8] = []
  var counted = 0
  for label in labels.elements {
    guard label != ignoredLabel else {
      bytes.append(255)
      continue
    }
    guard 0 <= label && label < scores.channels else {
      throw GeometryError(
        "a label is \(label); it must be from 0 to \(scores.channels - 1), or \(ignoredLabel), "
          + "which is ignored")
    }
    bytes.append(UInt8(label))
    counted += 1
  }
  let pixels = Double(max(counted, 1))
  let workspace = Workspace(threads: threads)
  let input = FeatureMap(channels: scores.channels, size: scores.size)
  let result = FeatureMap(channels: scores.channels, size: scores.size)
  var loss = 0.0
  let gradient = eachPicture(scores, scores.channels, scores.size, result, threads, level) {
    picture, number in
    input.load(picture, threads: threads, level: level)
    let start = number * scores.size.area
    loss += bytes[start..<(start + scores.size.area)].withUnsafeBufferPointer {
      crossEntropy(
        input, labels: $0, share: reduction == .sum ? 1 : Float(1 / pixels), gradient: result,
        workspace, level: level)
    }
  }
  return (Float(reduction == .sum ? loss : loss / pixels), gradient)
}
