import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// Gradients of what is not linear, against central differences in `Double`: relative error at most
/// 1e-6, which leaves the differences (step 1e-4, error of third order) a margin of ten. Linear layers
/// are in LinearSlopeTests.
@Suite struct FiniteDifferenceTests {
  // Halves, so that no number is at ReLU's kink.
  let x = Sweep.map(2, 3, Size(height: 2, width: 4)).map { (Double($0) + 0.5) / 40 }
  let weights = Sweep.map(2, 3, Size(height: 2, width: 4), seed: 5).map { Double($0) / 40 }

  /// The largest difference between the gradient and the slopes of `f`, relative to the largest slope.
  func relativeError(
    _ gradient: Tensor<Double>, at x: Tensor<Double>, _ f: (Tensor<Double>) throws -> Double
  ) rethrows -> Double {
    let step = 1e-4
    var (worst, largest) = (0.0, 0.0)
    for cell in x.elements.indices {
      var (up, down) = (x, x)
      up[cell] += step
      down[cell] -= step
      let slope = try (f(up) - f(down)) / (2 * step)
      worst = max(worst, abs(slope - gradient[cell]))
      largest = max(largest, abs(slope))
    }
    return worst / largest
  }

  func weighted(_ y: Tensor<Double>, _ w: Tensor<Double>) -> Double {
    zip(y.elements, w.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func `the softmax`() throws {
    let gradient = try softmaxGradient(weights, output: softmax(x))
    #expect(try relativeError(gradient, at: x) { try weighted(softmax($0), weights) } <= 1e-6)
  }

  @Test(arguments: Reduction.allCases)
  func `softmax cross-entropy`(reduction: Reduction) throws {
    let labels = Tensor(
      shape: [2, 1, 2, 4], elements: [0, 1, 2, 255, 1, 1, 0, 2, 255, 2, 2, 0, 1, 0, 0, 1])
    let gradient = try crossEntropyGradient(x, labels: labels, reduction: reduction)
    let error = try relativeError(gradient, at: x) {
      try crossEntropy($0, labels: labels, reduction: reduction)
    }
    #expect(error <= 1e-6)
  }

  @Test func `ReLU, away from its kink`() throws {
    #expect(
      try relativeError(reluGradient(weights, input: x), at: x) { weighted(relu($0), weights) }
        <= 1e-6)
  }

  @Test(arguments: [
    // No two numbers of a map are equal, so a small step changes no winner.
    ("overlapping", Size(height: 2, width: 3), Size(1), Padding(0), Rounding.floor),
    ("floor", Size(2), Size(2), 0, .floor),
    ("ceil", Size(height: 3, width: 2), Size(3), 0, .ceil),
    ("padding, and a last window over the end", Size(3), Size(2), 1, .ceil),
  ])
  func `max pooling, away from its kinks`(
    name: String, kernelSize: Size, stride: Size, padding: Padding, rounding: Rounding
  ) throws {
    let x = Sweep.map(1, 2, Size(height: 5, width: 8)).map { Double($0) / 40 }
    func pool(_ x: Tensor<Double>) throws -> MaxPooled<Double> {
      try maxPoolWithIndices(
        x, by: Pooling(kernelSize: kernelSize, stride: stride, padding: padding, rounding: rounding)
      )
    }
    let pooled = try pool(x)
    let dy = Sweep.map(1, 2, pooled.values.size, seed: 5).map { Double($0) }
    let gradient = try maxPoolGradient(dy, indices: pooled.indices, inputSize: x.size)
    let error = try relativeError(gradient, at: x) { weighted(try pool($0).values, dy) }
    #expect(error <= 1e-6)
  }

  @Test(arguments: [1, 3, 5])
  func `local response normalisation`(size: Int) throws {
    // Large α, so that neighbours count; the windows of the outer channels are cut off.
    let x = Sweep.map(2, 4, Size(height: 2, width: 3)).map { Double($0) / 20 }
    let dy = Sweep.map(2, 4, Size(height: 2, width: 3), seed: 5).map { Double($0) }
    let gradient = try localResponseNormalizationGradient(
      dy, input: x, size: size, alpha: 0.7, beta: 0.6, k: 1.5)
    let error = try relativeError(gradient, at: x) {
      weighted(
        try localResponseNormalization($0, size: size, alpha: 0.7, beta: 0.6, k: 1.5), dy)
    }
    #expect(error <= 1e-6)
    #expect(throws: GeometryError.self) {
      try localResponseNormalizationGradient(dy, input: x, size: 2)
    }
    #expect(throws: GeometryError.self) {
      try localResponseNormalizationGradient(weights, input: x)
    }
  }

  @Test func `a chain that reads like a network`() throws {
    // conv → ReLU → max pool → transposed conv → crop → cross-entropy, backwards step by step.
    let x = Sweep.map(1, 2, Size(height: 6, width: 7)).map { Double($0) / 40 }
    let w = Sweep.map(3, 2, 3, seed: 7).map { Double($0) / 60 }
    let up: Tensor<Double> = bilinearKernels(classes: 3, kernelSize: 4)
    let offset = Size(height: 1, width: 0)
    let labels = Tensor([[0, 1, 2, 0, 1], [1, 255, 2, 0, 0], [2, 1, 0, 1, 255]])

    func loss(_ w: Tensor<Double>) throws -> Double {
      let pooled = try maxPool(relu(convolve(x, w, padding: 1)), kernelSize: 2, rounding: .ceil)
      let scores = try transposedConvolve(pooled, up, stride: 2)
      return try crossEntropy(
        crop(scores, offset: offset, size: labels.size), labels: labels, reduction: .sum)
    }
    let convolved = try convolve(x, w, padding: 1)
    let pooled = try maxPoolWithIndices(
      relu(convolved), by: Pooling(kernelSize: 2, rounding: .ceil))
    let scores = try transposedConvolve(pooled.values, up, stride: 2)
    let dCropped = try crossEntropyGradient(
      crop(scores, offset: offset, size: labels.size), labels: labels, reduction: .sum)
    let dScores = try cropGradient(dCropped, offset: offset, inputSize: scores.size)
    let dPooled = try convolutionInputGradient(
      dScores, up, by: Convolution(of: up, stride: 2).transposed(), inputSize: pooled.values.size)
    let dRelu = try maxPoolGradient(
      dPooled, indices: pooled.indices, inputSize: convolved.size)
    let dConvolved = try reluGradient(dRelu, input: convolved)
    let dw = try convolutionKernelGradient(
      x, dConvolved, by: Convolution(kernelSize: 3, padding: 1))
    #expect(try relativeError(dw, at: w, loss) <= 1e-6)
  }
}
