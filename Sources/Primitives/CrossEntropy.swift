public import ConvolutionArithmetic
public import Tensors

/// How the losses of single pixels become one number.
public enum Reduction: String, Hashable, Sendable, CaseIterable {
  /// Added up, as the FCN reference code does.
  case sum
  /// Divided by the number of pixels that are not ignored; 0 if there are none.
  case mean
}

/// Returns the softmax cross-entropy of score maps against a label map: how surprised the scores are
/// by the true class of each pixel.
///
///     loss = Σ over pixels p that are not ignored  of  −log softmax(x[·, p])[label p]
///
/// ```swift
/// // Two classes with equal scores: log 2 for each pixel.
/// try crossEntropy(Tensor<Double>.zeros([1, 2, 1, 1]), labels: Tensor<Int>(row: [1]))   // 0.693…
/// ```
///
/// - Parameters:
///   - scores: (batch, classes, height, width), any real numbers.
///   - labels: (batch, 1, height, width), from 0 to classes − 1, or the ignored label.
///   - ignoredLabel: pixels of this label count nothing; PASCAL VOC marks outlines with 255.
///   - reduction: the sum, or the mean over the pixels that count.
/// - Throws: `GeometryError` if shapes do not fit each other or a label is out of range.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func crossEntropy<Scalar: Transcendental>(
  _ scores: Tensor<Scalar>, labels: Tensor<Int>, ignoredLabel: Int = 255,
  reduction: Reduction = .mean
) throws(GeometryError) -> Scalar {
  let counted = try countedPixels(scores, labels, ignoredLabel)
  let logarithms = try logSoftmax(scores)
  var loss: Scalar = 0
  for pixel in counted { loss -= logarithms[pixel.trueCell] }
  return reduction == .sum || counted.isEmpty ? loss : loss / Scalar(counted.count)
}

/// Returns the gradient of ``crossEntropy(_:labels:ignoredLabel:reduction:)`` by the scores.
///
///     x̂[c, p] = softmax(x[·, p])[c] − (1 if c is the label of p, else 0)
///
/// for pixels that count, 0 for ignored ones, and all divided by their number for the mean.
///
/// - Throws: `GeometryError` if shapes do not fit each other or a label is out of range.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func crossEntropyGradient<Scalar: Transcendental>(
  _ scores: Tensor<Scalar>, labels: Tensor<Int>, ignoredLabel: Int = 255,
  reduction: Reduction = .mean
) throws(GeometryError) -> Tensor<Scalar> {
  let counted = try countedPixels(scores, labels, ignoredLabel)
  let probabilities = try softmax(scores)
  let share: Scalar = reduction == .sum ? 1 : 1 / Scalar(max(counted.count, 1))
  var gradient = Tensor<Scalar>.zeros(scores.shape)
  for pixel in counted {
    for cell in pixel.cells { gradient[cell] = probabilities[cell] * share }
    gradient[pixel.trueCell] -= share
  }
  return gradient
}

/// A pixel that is not ignored: where its scores are, and where that of its true class is.
private struct CountedPixel {
  let cells: StrideTo<Int>
  let trueCell: Int
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func countedPixels<Scalar>(
  _ scores: Tensor<Scalar>, _ labels: Tensor<Int>, _ ignoredLabel: Int
) throws(GeometryError) -> [CountedPixel] {
  try requireMaps("the array of scores", scores)
  try requireShape(
    "the array of labels", labels.shape, [scores.batch, 1, scores.height, scores.width])
  let (classes, area) = (scores.channels, scores.size.area)
  var counted: [CountedPixel] = []
  for (pixel, label) in labels.elements.enumerated() where label != ignoredLabel {
    guard 0 <= label && label < classes else {
      throw wrongLabel(label, classes: classes, ignored: ignoredLabel)
    }
    let first = pixel / area * classes * area + pixel % area
    counted.append(
      CountedPixel(
        cells: stride(from: first, to: first + classes * area, by: area),
        trueCell: first + label * area))
  }
  return counted
}
