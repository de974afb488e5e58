import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors
import Testing

struct MapOperationsTests {
  @Test func `Pooling on tensors equals plain loops`() throws {
    var random = SplitMix64(seed: 31)
    for _ in 0..<60 {
      let kernelSize = random.size(1...4)
      let padding = Padding(
        Size(
          height: random.integer(in: 0...kernelSize.height / 2),
          width: random.integer(in: 0...kernelSize.width / 2)))
      let stride = random.size(1...3)
      let channels = random.integer(in: 1...18)
      let size = Size(
        height: kernelSize.height + random.integer(in: 0...7),
        width: kernelSize.width + random.integer(in: 0...7))
      let x = Tensor(
        shape: [2, channels, size.height, size.width],
        elements: random.floats(2 * channels * size.area))
      let rounding: Rounding = random.integer(in: 0...1) == 0 ? .floor : .ceil
      let pooling = try Pooling(
        kernelSize: kernelSize, stride: stride, padding: padding, rounding: rounding)
      for level in Level.available {
        let most = try maxPool(x, by: pooling, level: level)
        let mean = try averagePool(x, by: pooling, level: level)
        let geometry = try pooling.geometry(input: size)
        #expect(most.size == geometry.outputSize)
        for n in 0..<2 {
          for c in 0..<channels {
            for row in 0..<most.height {
              for column in 0..<most.width {
                let cells = geometry.rows.taps(ofOutput: row).flatMap { y in
                  geometry.columns.taps(ofOutput: column).map { x[n, c, y.input, $0.input] }
                }
                #expect(most[n, c, row, column] == (cells.max() ?? -.infinity))
                guard !cells.isEmpty else { continue }
                #expect(
                  mean[n, c, row, column]
                    == cells.reduce(0, +) / Float(cells.count))
              }
            }
          }
        }
      }
    }
  }

  @Test func `A mean may count the padding, but not what rounding up adds`() throws {
    let x = Tensor<Float>([[1, 2], [3, 4]])
    let y = try averagePool(
      x, by: Pooling(kernelSize: 2, stride: 2, padding: 1, countIncludePad: true))
    let quarters: [Float] = [1, 2, 3, 4].map { $0 / 4 }
    #expect(y.elements == quarters)
    let long = Tensor<Float>(row: [1, 2, 3, 4, 5])
    let rows = try Pooling(
      kernelSize: Size(height: 1, width: 2), stride: 2, rounding: .ceil, countIncludePad: true)
    let up = try averagePool(long, by: rows)
    let means: [Float] = [1.5, 3.5, 5]
    #expect(up.elements == means)
  }

  @Test func `Scores are added to a crop`() {
    let threads = Threads(2)
    let sum = FeatureMap(channels: 2, size: 2)
    let other = FeatureMap(channels: 2, size: Size(height: 4, width: 5))
    sum.load([1, 2, 3, 4, 5, 6, 7, 8], threads: threads)
    other.load((0..<40).map { Float(10 * $0) }, threads: threads)
    addCropped(other, top: 1, left: 2, to: sum, Workspace(threads: threads))
    var result = [Float](repeating: 0, count: 8)
    sum.store(&result, threads: threads)
    let own: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let added: [Float] = [70, 80, 120, 130, 270, 280, 320, 330]
    #expect(result == zip(own, added).map { $0 + $1 })
  }

  @Test func `Normalization across channels equals its formula`() {
    var random = SplitMix64(seed: 32)
    let (channels, size) = (21, Size(height: 2, width: 3))
    let x = random.floats(channels * size.area)
    let input = FeatureMap(channels: channels, size: size)
    let output = FeatureMap(channels: channels, size: size)
    input.load(x, threads: Threads(1))
    for beta: Float in [0.75, 0.5] {
      normalizeAcrossChannels(
        input, into: output, size: 5, alpha: 0.5, beta: beta, bias: 2,
        Workspace(threads: Threads(1)))
      var result = x
      output.store(&result, threads: Threads(1))
      for c in 0..<channels {
        for p in 0..<6 {
          var squares: Float = 0
          for other in max(0, c - 2)...min(channels - 1, c + 2) {
            squares += x[other * 6 + p] * x[other * 6 + p]
          }
          let root = (2 + 0.5 / 5 * squares).squareRoot()
          let power = beta == 0.75 ? root * root.squareRoot() : root
          let expected = x[c * 6 + p] / power
          #expect(abs(result[c * 6 + p] - expected) < 1e-6)
        }
      }
    }
  }

  @Test func `The gradient of normalization is the sum of its derivatives`() {
    var random = SplitMix64(seed: 33)
    let (channels, size, alpha, bias) = (21, Size(height: 3, width: 101), 0.5, 2.0)
    let (x, y) = (random.floats(channels * size.area), random.floats(channels * size.area))
    let maps = [x, y, x].map { numbers in
      let map = FeatureMap(channels: channels, size: size)
      map.load(numbers, threads: Threads(1))
      return map
    }
    // A window of four has one channel more behind than before.
    for (window, beta) in [(5, 0.75), (4, 0.5), (1, 0.75)] {
      for level in Level.available {
        normalizationGradient(
          maps[1], input: maps[0], into: maps[2], size: window, alpha: Float(alpha),
          beta: Float(beta), bias: Float(bias), Workspace(threads: Threads(2)), level: level)
        var result = x
        maps[2].store(&result, threads: Threads(1))
        for p in 0..<size.area {
          func number(_ map: [Float], _ c: Int) -> Double { Double(map[c * size.area + p]) }
          var expected = [Double](repeating: 0, count: channels)
          for c in 0..<channels {
            let before = (window - 1) / 2
            let others = max(0, c - before)..<min(channels, c - before + window)
            let squares = others.map { number(x, $0) * number(x, $0) }.reduce(0, +)
            let s = bias + alpha / Double(window) * squares
            let own = number(y, c) / Double.pow(s, beta)
            expected[c] += own
            // What the divisor of c does: it has alpha/size of the square of each number in the window.
            let pull = own * number(x, c) * beta / s * alpha / Double(window)
            for i in others { expected[i] -= pull * 2 * number(x, i) }
          }
          for c in 0..<channels {
            #expect(abs(number(result, c) - expected[c]) < 1e-6)
          }
        }
      }
    }
  }

  @Test func `Rectifying keeps NaN`() {
    let map = FeatureMap(channels: 1, size: Size(height: 1, width: 3))
    map.load([-1, 2, .nan], threads: Threads(1))
    rectify(map, Workspace(threads: Threads(1)))
    var result: [Float] = [0, 0, 0]
    map.store(&result, threads: Threads(1))
    #expect(result[0] == 0 && result[1] == 2 && result[2].isNaN)
  }
}
