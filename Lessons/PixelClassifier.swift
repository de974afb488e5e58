import ConvolutionArithmetic
import Networks
import Primitives
import Tensors
import Training

/// The smallest network that labels pixels: one convolution, from the colours around a pixel to a score for
/// each class, trained by gradient descent on the readable definitions.
///
/// Its loss is a bowl without a second lowest point, so that a last bit that differs from machine to
/// machine stays a last bit.
struct PixelClassifier {
  let convolution: Convolution
  private(set) var weights: Tensor<Double>
  private(set) var bias: [Double]
  private var velocities: (weights: Tensor<Double>, bias: [Double])

  /// Scores of 0 for everything.
  init(window: Int, classes: Int) throws {
    convolution = try Convolution(kernelSize: Size(window), padding: Padding(Size(window / 2)))
    weights = .zeros([classes, 3, window, window])
    bias = Array(repeating: 0, count: classes)
    velocities = (weights, bias)
  }

  /// Pictures with the class of each pixel.
  struct Example {
    let picture: Tensor<Double>
    let labels: Tensor<Int>

    /// A scene of this extent.
    /// Colours from −2 to 2: less the middle grey, as lesson 49 tells why.
    init(seed: UInt64, extent: Int) {
      let scene = Scene.segmentation(seed: seed, size: Size(extent)).drawn()
      let area = scene.size.area
      picture = Tensor(
        shape: [1, 3, extent, extent],
        elements: (0..<3 * area).map { cell in
          (Double(scene.pixels[cell % area * 3 + cell / area]) / 255 - 0.5) * 4
        })
      labels = Tensor(shape: [1, 1, extent, extent], elements: scene.labels.map(Int.init))
    }
  }

  func scores(_ example: Example) throws -> Tensor<Double> {
    try convolve(example.picture, weights, bias: bias, by: convolution)
  }

  /// The mean loss over the pixels of all examples.
  func loss(_ examples: [Example]) throws -> Double {
    try examples.map { try crossEntropy(scores($0), labels: $0.labels) }.reduce(0, +)
      / Double(examples.count)
  }

  /// One step on all examples at once; `importance` multiplies the loss of each class's pixels.
  mutating func learn(
    _ examples: [Example], rate: Double, momentum: Double = 0.9, importance: [Double]? = nil
  ) throws {
    var byWeights = Tensor<Double>.zeros(weights.shape)
    var byBias = bias.map { _ in 0.0 }
    let share = 1 / Double(examples.count)
    for example in examples {
      var gradient = try crossEntropyGradient(scores(example), labels: example.labels)
      let area = gradient.size.area
      for cell in gradient.elements.indices {
        gradient.elements[cell] *= share * (importance?[example.labels.elements[cell % area]] ?? 1)
      }
      let kernels = try convolutionKernelGradient(example.picture, gradient, by: convolution)
      for cell in kernels.elements.indices { byWeights.elements[cell] += kernels.elements[cell] }
      for (c, sum) in try biasGradient(gradient).enumerated() { byBias[c] += sum }
    }
    let descent = GradientDescent(rate: rate, momentum: momentum)
    (weights, velocities.weights) = try descent.step(
      weights, velocity: velocities.weights, gradient: byWeights)
    for c in bias.indices {
      (bias[c], velocities.bias[c]) = descent.step(
        bias[c], velocity: velocities.bias[c], gradient: byBias[c])
    }
  }

  /// The pixels of all examples, by their true class and the one with the largest score.
  func confusion(_ examples: [Example]) throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: bias.count)
    for example in examples {
      try matrix.add(truth: example.labels, labels: argmax(scores(example)))
    }
    return matrix
  }
}
