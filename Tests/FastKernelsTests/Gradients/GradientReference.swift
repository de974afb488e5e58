import ConvolutionArithmetic
import FastKernels
import KernelInterface
import Tensors
import Testing

/// 1 and 2 threads, whose bits must be the same.
let threadCounts = [Threads(1), Threads(2)]

/// A map that holds planar channels.
func loaded(_ planar: [Float], channels: Int, _ size: Size) -> FeatureMap {
  let map = FeatureMap(channels: channels, size: size)
  map.load(planar, threads: Threads(1), level: .baseline)
  return map
}

/// A map whose every cell, unused lanes too, is NaN until it is written.
func unwritten(channels: Int, _ size: Size) -> FeatureMap {
  let map = FeatureMap(channels: channels, size: size)
  map.pixels.update(repeating: .nan, count: FeatureMap.count(channels: channels, size: size))
  return map
}

/// The planar channels of a map; an issue if a lane beyond the last channel is not 0.
func planar(_ map: FeatureMap, _ what: String) -> [Float] {
  let pixels = map.size.area
  var result = [Float](repeating: .nan, count: map.channels * pixels)
  map.store(&result, threads: Threads(1), level: .baseline)
  if map.channels % 16 != 0 {
    let last = map.pixels + map.channels / 16 * pixels * 16
    var isClean = true
    for pixel in 0..<pixels {
      for lane in (map.channels % 16)..<16 where !(last[pixel * 16 + lane] == 0) { isClean = false }
    }
    #expect(isClean, "lanes beyond channel \(map.channels) are not 0: \(what)")
  }
  return result
}

/// Expects equal numbers; an issue names the first place where they differ.
func expectEqual(
  _ got: [Float], _ expected: [Float], _ what: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard got != expected else { return }
  let at = zip(got, expected).enumerated().first { $1.0 != $1.1 }
  let place =
    at.map { "number \($0) is \($1.0), not \($1.1)" }
    ?? "there are \(got.count) numbers, not \(expected.count)"
  Issue.record("\(place): \(what())", sourceLocation: sourceLocation)
}

extension Case {
  /// The size of the convolution's output.
  var outputSize: Size {
    get throws {
      try convolution.outputSize(input: size)
    }
  }

  /// The number of weights of one kernel for each output and each input of its group.
  var weightCount: Int { outputs * inputs / groups * kernelSize.area }

  /// What computes the gradient by the input, as its own case: inputs and outputs exchanged, and the
  /// gradient's size for the input's.
  func exchanged(_ gradient: Size) -> Case {
    var result = self
    (result.inputs, result.outputs, result.size) = (outputs, inputs, gradient)
    return result
  }
}

extension SplitMix64 {
  /// Whole numbers, so that sums are exact in any order.
  mutating func integers(_ count: Int, _ range: ClosedRange<Int> = -4...4) -> [Float] {
    (0..<count).map { _ in Float(integer(in: range)) }
  }

  /// A convolution of a small map, whatever its window.
  mutating func convolution(
    inputs: Int, outputs: Int, groups: Int = 1, width: ClosedRange<Int> = 1...12,
    kernel: ClosedRange<Int> = 1...4, stride: ClosedRange<Int> = 1...3,
    padding: ClosedRange<Int> = 0...3, dilation: ClosedRange<Int> = 1...2
  ) -> Case {
    let (kernelSize, dilation) = (size(kernel), size(dilation))
    return Case(
      inputs: inputs, outputs: outputs,
      size: Size(
        height: integer(in: 1...7) + (kernelSize.height - 1) * dilation.height,
        width: integer(in: width) + (kernelSize.width - 1) * dilation.width),
      kernelSize: kernelSize, stride: self.size(stride), padding: self.padding(padding),
      dilation: dilation, groups: groups)
  }
}

/// The gradient by the kernels: over all output cells, what each tap met times the gradient there.
func kernelGradientDefinition(
  _ c: Case, _ x: [Float], _ gradient: [Float], _ output: Size
) -> (sums: [Double], magnitudes: [Double]) {
  let (groupInputs, groupOutputs) = (c.inputs / c.groups, c.outputs / c.groups)
  let (width, stride) = (c.size.width, c.stride.width)
  var sums: [Double] = []
  var magnitudes: [Double] = []
  x.withUnsafeBufferPointer { x in
    gradient.withUnsafeBufferPointer { gradient in
      for m in 0..<c.outputs {
        for channel in 0..<groupInputs {
          let first = (m / groupOutputs * groupInputs + channel) * c.size.area
          for ky in 0..<c.kernelSize.height {
            for kx in 0..<c.kernelSize.width {
              var (sum, magnitude) = (0.0, 0.0)
              for oy in 0..<output.height {
                let y = oy * c.stride.height + ky * c.dilation.height - c.padding.top
                if y < 0 || y >= c.size.height { continue }
                let (row, place) = (first + y * width, (m * output.height + oy) * output.width)
                let begin = kx * c.dilation.width - c.padding.left
                for ox in 0..<output.width {
                  let at = ox * stride + begin
                  if at < 0 || at >= width { continue }
                  let product = Double(x[row + at]) * Double(gradient[place + ox])
                  sum += product
                  magnitude += product.magnitude
                }
              }
              sums.append(sum)
              magnitudes.append(magnitude)
            }
          }
        }
      }
    }
  }
  return (sums, magnitudes)
}
