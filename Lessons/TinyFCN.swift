import ConvolutionArithmetic
import Primitives
import Tensors

/// The network of lesson 44: convolution, ReLU, pooling, scores of two classes, upsampling, a skip, a
/// sum. Probabilities are powers of 2, so that its gradients are fractions.
struct TinyFCN {
  /// Four cells in a row.
  var picture: Tensor<Fraction>
  /// The true class of each.
  var truth: [Int]
  /// Three cells, with a padding of 1.
  var kernel: Tensor<Fraction>
  /// What the scores of each class take of the pooled map.
  var coarse: [Fraction]
  /// What they take of the map before the pooling.
  var skip: [Fraction]

  static let example = TinyFCN(
    picture: Tensor(row: [1, 0, 2, 1]), truth: [0, 0, 1, 1], kernel: Tensor(row: [1, 1, -1]),
    coarse: [1, 0], skip: [-1, 1])

  static let weightNames = ["w[0]", "w[1]", "w[2]", "coarse a", "coarse b", "skip a", "skip b"]

  private var same: Convolution {
    get throws { try Convolution(kernelSize: across(3), padding: beside(1)) }
  }
  private var point: Convolution { get throws { try Convolution(kernelSize: 1) } }
  /// Each score to two pixels, class by class.
  private var twice: Convolution {
    get throws { try Convolution(kernelSize: across(2), stride: across(2), groups: 2).transposed() }
  }
  private static let twiceKernel = Tensor<Fraction>(shape: [2, 1, 1, 2], repeating: 1)

  /// Every map of a forward pass.
  struct Forward {
    let features: Tensor<Fraction>
    let active: Tensor<Fraction>
    let pooled: MaxPooled<Fraction>
    let upsampled: Tensor<Fraction>
    let skipped: Tensor<Fraction>
    let scores: Tensor<Fraction>
    let probabilities: Tensor<Fraction>
  }

  func forward() throws -> Forward {
    let features = try convolve(picture, kernel, by: same)
    let active = relu(features)
    let pooled = try maxPoolWithIndices(active, by: Pooling(kernelSize: across(2)))
    let upsampled = try transposedConvolve(
      convolve(pooled.values, Self.perClass(coarse)), Self.twiceKernel, stride: across(2), groups: 2
    )
    let skipped = try convolve(active, Self.perClass(skip))
    let scores = try fuseBySum(upsampled, skipped)
    return Forward(
      features: features, active: active, pooled: pooled, upsampled: upsampled, skipped: skipped,
      scores: scores, probabilities: Self.sharesOfTwo(scores))
  }

  /// The gradients of the sum of the pixels' losses, by every map and every weight.
  struct Backward {
    let byScores: Tensor<Fraction>
    let bySkip: Tensor<Fraction>
    let throughSkip: Tensor<Fraction>
    let byCoarseScores: Tensor<Fraction>
    let byCoarse: Tensor<Fraction>
    let throughPool: Tensor<Fraction>
    let byActive: Tensor<Fraction>
    let byFeatures: Tensor<Fraction>
    let byKernel: Tensor<Fraction>

    /// By the weights, in the order of ``TinyFCN/weightNames``.
    var all: [Fraction] { byKernel.elements + byCoarse.elements + bySkip.elements }
  }

  func backward(_ forward: Forward) throws -> Backward {
    var byScores = forward.probabilities
    for (pixel, label) in truth.enumerated() { byScores[0, label, 0, pixel] -= 1 }
    let bySkip = try convolutionKernelGradient(forward.active, byScores, by: point)
    let throughSkip = try convolutionInputGradient(
      byScores, Self.perClass(skip), inputSize: forward.active.size)
    let byCoarseScores = try convolutionInputGradient(
      byScores, Self.twiceKernel, by: twice, inputSize: forward.pooled.values.size)
    let byCoarse = try convolutionKernelGradient(
      forward.pooled.values, byCoarseScores, by: point)
    let byPooled = try convolutionInputGradient(
      byCoarseScores, Self.perClass(coarse), inputSize: forward.pooled.values.size)
    let throughPool = try maxPoolGradient(
      byPooled, indices: forward.pooled.indices, inputSize: forward.active.size)
    let byActive = try fuseBySum(throughSkip, throughPool)
    let byFeatures = try reluGradient(byActive, input: forward.features)
    let byKernel = try convolutionKernelGradient(picture, byFeatures, by: same)
    return Backward(
      byScores: byScores, bySkip: bySkip, throughSkip: throughSkip, byCoarseScores: byCoarseScores,
      byCoarse: byCoarse, throughPool: throughPool, byActive: byActive, byFeatures: byFeatures,
      byKernel: byKernel)
  }

  /// Each weight `rate` of its gradient further down.
  func moved(by back: Backward, rate: Fraction) -> TinyFCN {
    var next = self
    for k in 0..<3 { next.kernel[k] -= rate * back.byKernel[k] }
    for c in 0..<2 {
      next.coarse[c] -= rate * back.byCoarse[c]
      next.skip[c] -= rate * back.bySkip[c]
    }
    return next
  }

  /// The slope of the loss by one weight, by pushing it up and down.
  func slope(of weight: Int, step: Double) throws -> Double {
    try (loss(pushing: weight, by: step) - loss(pushing: weight, by: -step)) / (2 * step)
  }

  /// The sum of the pixels' losses in units of ln 2, with one weight pushed: no fraction any more.
  ///
  /// The gradients above are by weights whose unit is the same, so that the slopes agree.
  func loss(pushing weight: Int?, by push: Double) throws -> Double {
    var weights = (kernel.elements + coarse + skip).map(\.doubleValue)
    if let weight { weights[weight] += push }
    let w = Tensor(row: Array(weights[0..<3]))
    let active = relu(try convolve(picture.map(\.doubleValue), w, by: same))
    let pooled = try maxPool(active, by: Pooling(kernelSize: across(2)))
    let scores = try fuseBySum(
      transposedConvolve(
        convolve(pooled, Self.perClass(Array(weights[3..<5]))),
        Self.twiceKernel.map(\.doubleValue), stride: across(2),
        groups: 2),
      convolve(active, Self.perClass(Array(weights[5..<7]))))
    let log2 = Double.log(2)
    return try crossEntropy(
      scores.map { $0 * log2 }, labels: Tensor(row: truth), reduction: .sum) / log2
  }

  private static func perClass<Scalar>(_ weights: [Scalar]) -> Tensor<Scalar> {
    Tensor(shape: [2, 1, 1, 1], elements: weights)
  }

  /// 2 to each score, as a share of the pixel's sum; scores must be whole.
  private static func sharesOfTwo(_ scores: Tensor<Fraction>) -> Tensor<Fraction> {
    var shares = scores.map { score in
      let two: Fraction = score < 0 ? Fraction(1, 2) : 2
      return (0..<abs(score.numerator)).reduce(Fraction(1)) { product, _ in product * two }
    }
    for pixel in 0..<shares.width {
      let sum = shares[0, 0, 0, pixel] + shares[0, 1, 0, pixel]
      for c in 0..<2 { shares[0, c, 0, pixel] = shares[0, c, 0, pixel] / sum }
    }
    return shares
  }
}

extension Tensor where Scalar == Fraction {
  /// The texts of a row of one map.
  func cells(_ channel: Int) -> [String] {
    (0..<width).map { "\(self[0, channel, 0, $0])" }
  }

  /// `1 2 3`
  func row(_ channel: Int) -> String { cells(channel).joined(separator: " ") }
}
