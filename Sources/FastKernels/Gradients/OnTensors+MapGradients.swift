public import ConvolutionArithmetic
public import Primitives
public import Tensors

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
