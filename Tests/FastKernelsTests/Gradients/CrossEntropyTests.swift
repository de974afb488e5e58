import FastKernels
import Primitives
import Tensors
import Testing

/// The loss and its gradient against softmax in double precision.
struct CrossEntropyTests {
  struct Result {
    var loss: Double
    var gradient: [Float]
  }

  /// The same at 1 and 2 threads, bit by bit.
  func run(
    _ scores: [Float], classes: Int, _ size: Size, labels: [UInt8], ignored: UInt8 = 255,
    share: Float = 1, _ level: Level
  ) -> Result {
    let results = threadCounts.map { threads in
      let gradient = unwritten(channels: classes, size)
      let loss = labels.withUnsafeBufferPointer {
        FastKernels.crossEntropy(
          loaded(scores, channels: classes, size), labels: $0, ignoredLabel: ignored,
          share: share, gradient: gradient, Workspace(threads: threads), level: level)
      }
      return Result(
        loss: loss, gradient: planar(gradient, "\(level), \(classes) classes"))
    }
    let what = "1 and 2 threads differ: \(level), \(classes) classes"
    expectEqual(results[0].gradient, results[1].gradient, what)
    #expect(results[0].loss == results[1].loss, "\(what)")
    return results[0]
  }

  func definition(
    _ scores: [Float], classes: Int, labels: [UInt8], ignored: UInt8 = 255, share: Double = 1
  ) -> (losses: [Double], gradient: [Double]) {
    let pixels = labels.count
    var losses: [Double] = []
    var gradient = [Double](repeating: 0, count: scores.count)
    for pixel in 0..<pixels where labels[pixel] != ignored {
      let x = (0..<classes).map { Double(scores[$0 * pixels + pixel]) }
      let largest = x.max()!
      let e = x.map { Double.exp($0 - largest) }
      let sum = e.reduce(0, +)
      let label = Int(labels[pixel])
      losses.append(Double.log(sum) - (x[label] - largest))
      for c in 0..<classes {
        gradient[c * pixels + pixel] = (e[c] / sum - (c == label ? 1 : 0)) * share
      }
    }
    return (losses, gradient)
  }

  /// Tolerances in units of 2⁻²⁴: a probability is at most 1, and its exponent, its sum, the division
  /// and the product round a few times, each by half a unit. The score less the largest is rounded too,
  /// by half a unit of a number d, but then the probability is below e⁻ᵈ, and d·e⁻ᵈ is below 0.4.
  /// The loss rounds d itself, and the logarithm of the sum.
  func expectClose(
    _ got: Result, _ expected: (losses: [Double], gradient: [Double]), share: Double = 1,
    _ what: String
  ) {
    let unit = 0x1p-24
    let worst = zip(got.gradient, expected.gradient).map { (Double($0) - $1).magnitude / share }
      .max()!
    #expect(worst <= 4 * unit, "the gradient errs by \(worst / unit) of 4 units: \(what)")
    let loss = expected.losses.reduce(0, +)
    let scale = expected.losses.reduce(0) { $0 + max($1, 1) }
    #expect(
      (got.loss - loss).magnitude <= 2 * unit * scale,
      "the loss errs by \((got.loss - loss).magnitude / unit / scale) of 2 units: \(what)")
  }

  @Test(arguments: Level.available)
  func `1 to 40 classes, across the borders of blocks`(level: Level) {
    var random = SplitMix64(seed: 111)
    let size = Size(height: 5, width: 7)
    for classes in 1...40 {
      let scores = random.floats(classes * size.area).map { $0 * 8 }
      let labels = (0..<size.area).map { _ in UInt8(random.integer(in: 0...(classes - 1))) }
      let share: Float = classes % 2 == 0 ? 1 : 1 / 35
      let got = run(scores, classes: classes, size, labels: labels, share: share, level)
      expectClose(
        got, definition(scores, classes: classes, labels: labels, share: Double(share)),
        share: Double(share), "\(level), \(classes) classes")
    }
  }

  @Test(arguments: Level.available)
  func `Rows shared among threads, and wide ones`(level: Level) {
    var random = SplitMix64(seed: 112)
    for size in [Size(height: 50, width: 3), Size(height: 2, width: 83)] {
      let scores = random.floats(3 * size.area).map { $0 * 20 }
      let labels = (0..<size.area).map { _ in UInt8(random.integer(in: 0...2)) }
      expectClose(
        run(scores, classes: 3, size, labels: labels, level),
        definition(scores, classes: 3, labels: labels), "\(level), \(size)")
    }
  }

  @Test(arguments: Level.available)
  func `Ignored pixels cost nothing and have no gradient`(level: Level) {
    var random = SplitMix64(seed: 113)
    let size = Size(height: 6, width: 7)
    for (classes, ignored) in [(2, UInt8(255)), (21, 255), (33, 0)] {
      let scores = random.floats(classes * size.area)
      let labels = (0..<size.area).map { pixel in
        pixel % 3 == 0 ? ignored : UInt8(random.integer(in: 1...(classes - 1)))
      }
      let got = run(scores, classes: classes, size, labels: labels, ignored: ignored, level)
      let expected = definition(scores, classes: classes, labels: labels, ignored: ignored)
      expectClose(got, expected, "\(level), \(classes) classes")
      for i in got.gradient.indices where labels[i % size.area] == ignored {
        #expect(got.gradient[i] == 0)
      }
      let none = run(
        scores, classes: classes, size, labels: Array(repeating: ignored, count: size.area),
        ignored: ignored, level)
      #expect(none.loss == 0 && none.gradient.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: Level.available)
  func `Scores as large as ±10⁴, all on one side too`(level: Level) {
    var random = SplitMix64(seed: 114)
    let size = Size(height: 4, width: 5)
    // With all scores far below 0, nothing may come in from the lanes that are no classes.
    for (middle, spread) in [(0, 1e4), (-1e4, 10), (1e4, 10), (-90, 1), (-3e38, 0)]
      as [(Float, Float)]
    {
      for classes in [1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 40] {
        let scores = random.floats(classes * size.area).map { middle + $0 * spread }
        let labels = (0..<size.area).map { _ in UInt8(random.integer(in: 0...(classes - 1))) }
        expectClose(
          run(scores, classes: classes, size, labels: labels, level),
          definition(scores, classes: classes, labels: labels),
          "\(level), \(classes) classes, \(middle) ± \(spread)")
      }
    }
  }

  @Test(arguments: Level.available)
  func `A class at −∞ has no probability; NaN and +∞ show in the loss`(level: Level) {
    let labels: [UInt8] = [0, 1]
    let sunk = run(
      [1, 1, 1, 1, -.infinity, -.infinity], classes: 3, Size(height: 1, width: 2),
      labels: labels, level)
    expectClose(
      sunk, ([Double.log(2), Double.log(2)], [-0.5, 0.5, 0.5, -0.5, 0, 0]), "\(level)")
    let one = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
    defer { one.deallocate() }
    one[0] = 1
    for (bad, classes) in [(Float.nan, 3), (.nan, 17), (.infinity, 3), (.infinity, 20)] {
      for place in [0, classes - 1] {
        var scores = [Float](repeating: 1, count: classes)
        scores[place] = bad
        let loss = FastKernels.crossEntropy(
          loaded(scores, channels: classes, 1), labels: UnsafeBufferPointer(one), share: 1,
          gradient: unwritten(channels: classes, 1), Workspace(threads: Threads(1)), level: level)
        #expect(loss.isNaN, "\(level), \(classes) classes, \(bad) at \(place)")
      }
    }
    let impossible = run(
      [-.infinity, 0], classes: 2, 1, labels: [0], level)
    #expect(impossible.loss == .infinity)
  }

  /// Of two classes with scores 0 and −d, the second's gradient is e⁻ᵈ / (1 + e⁻ᵈ): the exponential
  /// itself, rounded three times more. Half a unit in the last place is up to 2⁻²⁴; the four errors
  /// rarely meet, and Taylor's polynomial instead of the best one would make it 3.5.
  @Test(arguments: Level.available)
  func `The exponential is exact to about one unit in the last place`(level: Level) {
    let size = Size(height: 20, width: 100)
    let d = (0..<size.area).map { i -> Float in Float(i * i) * Float(86.5 / 4e6) }
    let got = run(
      Array(repeating: 0, count: size.area) + d.map { -$0 }, classes: 2, size,
      labels: Array(repeating: 0, count: size.area), level)
    var worst = 0.0
    for (i, d) in d.enumerated() {
      let e = Double.exp(-Double(d))
      let expected = e / (1 + e)
      worst = max(worst, (Double(got.gradient[size.area + i]) - expected).magnitude / expected)
    }
    #expect(worst <= 3 * 0x1p-24, "\(level): \(worst * 0x1p24) of 3 units")
  }
}
