import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct LossTests {
  @Test func `equal scores cost the logarithm of the number of classes`() throws {
    let scores = Tensor<Double>.zeros([1, 2, 1, 3])
    let labels = Tensor(row: [0, 255, 1])
    let log2 = Double.log(2)
    #expect(try crossEntropy(scores, labels: labels, reduction: .sum) == 2 * log2)
    #expect(try crossEntropy(scores, labels: labels) == log2)
    #expect(
      try crossEntropyGradient(scores, labels: labels, reduction: .sum).elements
        == [-0.5, 0, 0.5, 0.5, 0, -0.5])
  }

  @Test func `nothing counted costs nothing`() throws {
    let scores = Tensor<Double>.zeros([1, 2, 1, 2])
    let ignored = Tensor(row: [255, 255])
    #expect(try crossEntropy(scores, labels: ignored) == 0)
    #expect(try crossEntropyGradient(scores, labels: ignored).elements.allSatisfy { $0 == 0 })
  }

  @Test func `labels out of range are errors`() {
    let scores = Tensor<Double>.zeros([1, 2, 1, 2])
    #expect(throws: GeometryError.self) { try crossEntropy(scores, labels: Tensor(row: [0, 2])) }
    #expect(throws: GeometryError.self) { try crossEntropy(scores, labels: Tensor(row: [-1, 0])) }
    #expect(throws: GeometryError.self) { try crossEntropy(scores, labels: Tensor(row: [0])) }
  }

  @Test func `the four metrics`() throws {
    let small = ConfusionMatrix(counts: [[3, 1], [2, 2]])
    #expect(small.pixelAccuracy == Fraction(3 + 2, 8))
    #expect(small.intersectionOverUnion(of: 0) == Fraction(3, 4 + 5 - 3))
    #expect(small.intersectionOverUnion(of: 1) == Fraction(2, 4 + 3 - 2))
    #expect(try small.meanIU() == (Fraction(1, 2) + Fraction(2, 5)) / 2)

    let matrix = ConfusionMatrix(counts: [[6, 1, 1], [1, 3, 0], [0, 2, 2]])
    #expect(matrix.pixelAccuracy == Fraction(11, 16))
    #expect(try matrix.meanAccuracy() == (Fraction(6, 8) + Fraction(3, 4) + Fraction(2, 4)) / 3)
    let ius = [Fraction(6, 8 + 7 - 6), Fraction(3, 4 + 6 - 3), Fraction(2, 4 + 3 - 2)]
    #expect(try matrix.meanIU() == (ius[0] + ius[1] + ius[2]) / 3)
    #expect(try matrix.frequencyWeightedIU() == (ius[0] * 8 + ius[1] * 4 + ius[2] * 4) / 16)
    let scores = try #require(matrix.scores)
    // Sums of three doubles, rounded in another order.
    #expect(abs(scores.meanIU - 0.498413) < 1e-6)
    #expect(abs(scores.frequencyWeightedIU - 0.540476) < 1e-6)
    #expect(scores.pixelAccuracy == 0.6875)
    #expect(abs(scores.meanAccuracy - 2 / 3.0) < 1e-15)
  }

  @Test func `pixels are counted, ignored ones are not`() throws {
    var matrix = ConfusionMatrix(classes: 3)
    #expect(matrix.scores == nil && matrix.pixelAccuracy == nil)
    try matrix.add(truth: Tensor(row: [0, 0, 255, 1]), labels: Tensor(row: [0, 1, 2, 1]))
    #expect(matrix.counts == [[1, 1, 0], [0, 1, 0], [0, 0, 0]])
    // Class 2 occurs nowhere: it has no score and does not lower the mean.
    #expect(matrix.accuracy(of: 2) == nil && matrix.intersectionOverUnion(of: 2) == nil)
    #expect(try matrix.meanIU() == Fraction(1, 2))
    let before = matrix
    #expect(throws: GeometryError.self) {
      try matrix.add(truth: Tensor(row: [0, 3]), labels: Tensor(row: [0, 0]))
    }
    #expect(matrix == before)
  }

  @Test func `bytes are counted as whole numbers are`() throws {
    var generator = SplitMix64(seed: 1)
    let truth = (0..<500).map { _ in [0, 1, 2, 3, 255][generator.integer(in: 0...4)] }
    let labels = (0..<500).map { _ in generator.integer(in: 0...3) }
    var (numbers, bytes) = (ConfusionMatrix(classes: 4), ConfusionMatrix(classes: 4))
    for _ in 0..<2 {
      try numbers.add(truth: Tensor(row: truth), labels: Tensor(row: labels))
      try bytes.add(truth: truth.map { UInt8($0) }, labels: labels.map { UInt8($0) })
    }
    #expect(numbers == bytes)
    #expect(bytes.total == 2 * truth.count { $0 != 255 })
    #expect(throws: GeometryError("the label map has 1 labels; 2 are expected")) {
      try bytes.add(truth: [0, 1], labels: [0])
    }
    for (truth, label) in [(4, 0), (0, 4), (0, 255)] as [(UInt8, UInt8)] {
      #expect(throws: GeometryError.self, "\(truth) \(label)") {
        try bytes.add(truth: [0, truth], labels: [0, label])
      }
    }
    // An ignored pixel may have any label; 255 need not be the ignored one.
    try bytes.add(truth: [255, 3], labels: [200, 3])
    try bytes.add(truth: [1, 0], labels: [9, 0], ignoredLabel: 1)
    #expect(bytes.total == numbers.total + 2)
  }

  @Test func `exact means that do not fit are errors, their values are not`() throws {
    let primes = [1_000_003, 1_000_033, 1_000_037, 1_000_039]
    let matrix = ConfusionMatrix(
      counts: primes.indices.map { i in
        primes.indices.map { i == $0 ? 1 : ($0 == (i + 1) % 4 ? primes[i] - 1 : 0) }
      })
    #expect(throws: FractionOverflow.self) { try matrix.meanAccuracy() }
    #expect(matrix.scores != nil)
  }
}
