import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors
import Testing

/// The calls on tensors against the readable definitions, on integers in floats: equal to the bit,
/// because every product and sum is exact there (Winograd's √½ is not, so it is compared closely).
struct OnTensorsTests {
  func integers(_ shape: Shape, _ random: inout SplitMix64) -> Tensor<Float> {
    Tensor(
      shape: shape, elements: (0..<shape.count).map { _ in Float(random.integer(in: -4...4)) })
  }

  @Test func `convolve and transposedConvolve equal the primitives`() throws {
    var random = SplitMix64(seed: 41)
    for _ in 0..<25 {
      let groups = random.integer(in: 1...3)
      let (inputs, outputs) = (random.integer(in: 1...6), random.integer(in: 1...6))
      let x = integers(
        [2, groups * inputs, random.integer(in: 5...8), random.integer(in: 5...9)], &random)
      let w = integers(
        [groups * outputs, inputs, random.integer(in: 1...3), random.integer(in: 1...3)], &random)
      let bias = (0..<(groups * outputs)).map { _ in Float(random.integer(in: -9...9)) }
      let (stride, dilation) = (random.size(1...3), random.size(1...2))
      let padding = random.padding(0...2)
      let expected = try Primitives.convolve(
        x, w, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      let got = try FastKernels.convolve(
        x, w, bias: bias,
        by: Convolution(
          of: w, stride: stride, padding: padding, dilation: dilation, groups: groups), exact: true)
      #expect(got == expected)

      let v = integers([groups * inputs, outputs, w.height, w.width], &random)
      let back = try Primitives.transposedConvolve(
        x, v, bias: bias, stride: stride, dilation: dilation, groups: groups)
      let stamped = try FastKernels.convolve(
        x, v, bias: bias,
        by: Convolution(of: v, stride: stride, dilation: dilation, groups: groups).transposed())
      #expect(stamped == back)
    }
  }

  @Test func `Winograd is taken for 3×3 and close to the primitive`() throws {
    var random = SplitMix64(seed: 42)
    let x = integers([1, 9, 17, 18], &random)
    let w = integers([5, 9, 3, 3], &random)
    let expected = try Primitives.convolve(x, w, padding: 1)
    let got = try FastKernels.convolve(x, w, by: Convolution(of: w, padding: 1))
    let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max()!
    #expect(worst > 0, "the points are irrational, so that some cell should be rounded")
    #expect(worst < 1e-3)
  }

  @Test(arguments: Level.available) func `the first largest is that of the readable primitive`(
    level: Level
  ) throws {
    var random = SplitMix64(seed: 7)
    // Few values, so that there are ties, and among them those that no comparison takes as others do.
    let values: [Float] = [-1, 0, -0.0, 2, .infinity, -.infinity, .nan]
    for inner in [1, 15, 16, 17, 40, 4096 + 9] {
      for classes in [1, 2, 5] {
        let shape: Shape = [2, classes, 1, inner]
        let x = Tensor(
          shape: shape,
          elements: (0..<shape.count).map { _ in values.randomElement(using: &random)! })
        let expected = try Primitives.argmax(x, keepingAxis: false)
        let found = FastKernels.argmax(x, threads: Threads(3), level: level)
        #expect(found.elements.map(Int.init) == expected.elements, "\(classes) of \(inner)")
      }
    }
  }

  @Test(arguments: Level.available) func `scores in blocks are labelled as planar ones are`(
    level: Level
  ) throws {
    var random = SplitMix64(seed: 8)
    let values: [Float] = [-1, 0, -0.0, 2, 0.5]
    // One run of cells, several, and rows of which the last columns are left out.
    let sizes: [(map: Size, within: Size)] = [
      (1, 1), (Size(height: 3, width: 5), Size(height: 3, width: 5)),
      (Size(height: 41, width: 60), Size(height: 41, width: 60)),
      (Size(height: 41, width: 60), Size(height: 40, width: 60)),
      (Size(height: 41, width: 60), Size(height: 33, width: 37)),
      (Size(height: 3, width: 1500), Size(height: 2, width: 1300)),
    ]
    for (map, within) in sizes {
      for classes in [1, 2, 16, 21] {
        let shape: Shape = [1, classes, map.height, map.width]
        let x = Tensor(
          shape: shape,
          elements: (0..<shape.count).map { _ in values.randomElement(using: &random)! })
        let scores = FeatureMap(channels: classes, size: map)
        scores.load(x.elements, threads: Threads(1))
        let found = label(scores, within: within, Workspace(threads: Threads(3)), level: level)
        let seen = try crop(x, offset: 0, size: within)
        let expected = try Primitives.argmax(seen, keepingAxis: false)
        #expect(found.labels.map(Int.init) == expected.elements, "\(classes) of \(map)")
        for channel in 0..<classes {
          // These sums are exact.
          let cells = seen.elements[channel * within.area..<(channel + 1) * within.area]
          let mean = cells.reduce(0) { $0 + Double($1) } / Double(within.area)
          #expect(found.means[channel] == mean)
        }
      }
    }
  }

  @Test func `softmax and argmax`() {
    let scores = Tensor<Float>(shape: [1, 3, 1, 2], elements: [0, 1, 0, 5, 0, 1])
    let p = FastKernels.softmax(scores)
    #expect((0..<3).allSatisfy { abs(p[0, $0, 0, 0] - 1 / 3) < 1e-7 })
    #expect(abs(p[0, 0, 0, 1] + p[0, 1, 0, 1] + p[0, 2, 0, 1] - 1) < 1e-6)
    let best = FastKernels.argmax(scores)
    #expect(best.shape == [1, 1, 2])
    #expect(best.elements == [0, 1])
    let odd = Tensor<Float>(shape: [1, 4], elements: [1, .nan, 3, 3])
    #expect(FastKernels.argmax(odd).elements == [1])
    #expect(FastKernels.argmax(Tensor<Float>(shape: [1, 3], elements: [1, 3, 3])).elements == [1])
  }

  @Test func `Shapes that do not fit are errors`() throws {
    let x = Tensor<Float>.zeros([1, 4, 5, 5])
    #expect(throws: GeometryError.self) {
      try FastKernels.convolve(
        x, Tensor.zeros([2, 3, 3, 3]), by: Convolution(kernelSize: 3))
    }
    #expect(throws: GeometryError.self) {
      try FastKernels.convolve(
        x, Tensor.zeros([2, 4, 6, 3]), by: Convolution(kernelSize: Size(height: 6, width: 3)))
    }
    #expect(throws: GeometryError.self) {
      try FastKernels.convolve(
        x, Tensor.zeros([2, 4, 3, 3]), bias: [1], by: Convolution(kernelSize: 3))
    }
    #expect(throws: GeometryError.self) {
      try FastKernels.convolve(
        x, Tensor.zeros([3, 2, 3, 3]), by: Convolution(kernelSize: 3, groups: 2))
    }
  }
}
