internal import ConvolutionArithmetic
internal import ExerciseKit
internal import Primitives
internal import Tensors

/// A pass through the small network of pixels, forward and back, by the book's operations.
struct PixelPass {
  let active: [Double]
  let pooled: [Double]
  /// Of each class, at each pixel.
  let byScores: [[Double]]
  /// Of each class, at each pair.
  let byCoarseScores: [[Double]]
  let byActive: [Double]
  let byFeatures: [Double]
  let byKernel: [Double]
  let byCoarse: [Double]
  let bySkip: [Double]
  /// The class of the largest score at each pixel.
  let labelled: [Int]

  init(_ network: PixelNetwork, _ x: [Int], _ labels: [Int]) throws {
    let classes = network.skip.count
    func perClass(_ weights: [Double]) -> Tensor<Double> {
      Tensor(shape: [classes, 1, 1, 1], elements: weights)
    }
    func maps(_ map: Tensor<Double>) -> [[Double]] {
      (0..<map.channels).map { c in (0..<map.width).map { map[0, c, 0, $0] } }
    }
    let pair = Size(height: 1, width: 2)
    let kernel = row(network.kernel)
    let same = try Convolution(
      kernelSize: kernel.size,
      padding: Padding(Size(height: 0, width: network.kernel.count / 2)))
    let point = try Convolution(kernelSize: 1)
    let twice = try Convolution(kernelSize: pair, stride: pair, groups: classes).transposed()
    let ones = Tensor<Double>(shape: [classes, 1, 1, 2], repeating: 1)
    let picture = row(x.map { Double($0) })

    let features = try convolve(picture, kernel, by: same)
    let active = relu(features)
    let pooled = try maxPoolWithIndices(active, by: Pooling(kernelSize: pair))
    let coarse = try convolve(pooled.values, perClass(network.coarse))
    let scores = try fuseBySum(
      convolve(coarse, ones, by: twice), convolve(active, perClass(network.skip)))

    let byScores = try crossEntropyGradient(scores, labels: row(labels), reduction: .sum)
    let byCoarse = try convolutionInputGradient(byScores, ones, by: twice, inputSize: coarse.size)
    let throughPool = try maxPoolGradient(
      convolutionInputGradient(byCoarse, perClass(network.coarse), inputSize: coarse.size),
      indices: pooled.indices, inputSize: active.size)
    let throughSkip = try convolutionInputGradient(
      byScores, perClass(network.skip), inputSize: active.size)
    let byActive = try fuseBySum(throughSkip, throughPool)
    let byFeatures = try reluGradient(byActive, input: features)

    (self.active, self.pooled) = (active.elements, pooled.values.elements)
    (self.byScores, byCoarseScores) = (maps(byScores), maps(byCoarse))
    (self.byActive, self.byFeatures) = (byActive.elements, byFeatures.elements)
    byKernel = try convolutionKernelGradient(picture, byFeatures, by: same).elements
    self.byCoarse = try convolutionKernelGradient(pooled.values, byCoarse, by: point).elements
    bySkip = try convolutionKernelGradient(active, byScores, by: point).elements
    labelled = try argmax(scores).elements
  }

  /// The network with every weight `rate` times its gradient further down.
  func stepped(_ network: PixelNetwork, _ rate: Double) -> PixelNetwork {
    func down(_ weights: [Double], _ gradients: [Double]) -> [Double] {
      zip(weights, gradients).map { $0 - rate * $1 }
    }
    return PixelNetwork(
      kernel: down(network.kernel, byKernel), coarse: down(network.coarse, byCoarse),
      skip: down(network.skip, bySkip))
  }
}

/// Numbers with three digits after the point, as much as a line has room for.
func short(_ numbers: [Double]) -> String {
  numbers.map { numberText(rounded($0)) }.joined(separator: " ")
}

func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

/// One step by loops, whose rules can be changed one by one.
struct PixelStep {
  let network: PixelNetwork
  let x: [Int]
  let labels: [Int]
  var rate: Double
  var direction = 1.0
  /// What each pixel's gradient is multiplied by.
  var share = 1.0
  /// What is taken from the label's probability.
  var truth = 1.0
  var onlyWrong = false
  /// What scores are multiplied by before the softmax.
  var scale = 1.0
  /// Of what the skip and the pool bring, and whether the cell won.
  var fork: (Double, Double, Bool) -> Double = { skip, coarse, _ in skip + coarse }
  var usesNew = false
  var gate: (Double) -> Bool = { $0 > 0 }
  var floor = 0.0
  /// Whether the second of a pair wins over the first.
  var wins: (Double, Double) -> Bool = { $0 > $1 }
  /// Whether both pixels of a pair get the coarse score.
  var both = true
  var isTurned = false
  var half: Int
  var (kernelRate, skipRate, coarseRate) = (1.0, 1.0, 1.0)

  init(_ network: PixelNetwork, _ x: [Int], _ labels: [Int], _ rate: Double) {
    (self.network, self.x, self.labels, self.rate) = (network, x, labels, rate)
    half = network.kernel.count / 2
  }

  private func pixel(_ o: Int, _ k: Int) -> Double {
    let i = o + (isTurned ? network.kernel.count - 1 - k : k) - half
    return x.indices.contains(i) ? Double(x[i]) : 0
  }

  var next: PixelNetwork {
    let features = x.indices.map { o in
      network.kernel.indices.reduce(0.0) { $0 + pixel(o, $1) * network.kernel[$1] }
    }
    let active = features.map { max(floor, $0) }
    var next = network
    let classes = network.skip.indices
    let winners = x.indices.map { o in
      let first = o / 2 * 2
      return wins(active[first + 1], active[first]) ? first + 1 : first
    }
    var gradients: [[Double]] = []
    for (o, label) in labels.enumerated() {
      let winner = winners[o]
      let scores = classes.map { c in
        network.skip[c] * active[o]
          + (both || winner == o ? network.coarse[c] * active[winner] : 0)
      }
      let powers = scores.map { Double.exp(scale * $0) }
      let sum = powers.reduce(0, +)
      let isRight = scores.firstIndex(of: scores.max()!) == label
      gradients.append(
        classes.map { c in
          onlyWrong && isRight ? 0 : share * (powers[c] / sum - (c == label ? truth : 0))
        })
      for c in classes {
        let step = direction * rate * gradients[o][c]
        next.skip[c] -= skipRate * step * active[o]
        if both || winner == o { next.coarse[c] -= coarseRate * step * active[winner] }
      }
    }
    let going = usesNew ? next : network
    for o in x.indices where gate(features[o]) {
      let skip = classes.reduce(0.0) { $0 + gradients[o][$1] * going.skip[$1] }
      let coarse = x.indices.filter { winners[$0] == o && (both || $0 == o) }.reduce(0.0) {
        sum, reader in
        sum + classes.reduce(0.0) { $0 + gradients[reader][$1] * going.coarse[$1] }
      }
      let sum = fork(skip, coarse, winners[o] == o)
      for k in next.kernel.indices {
        next.kernel[k] -= kernelRate * direction * rate * sum * pixel(o, k)
      }
    }
    return next
  }
}
