import ConvolutionArithmetic
import KernelInterface
import KernelsWide
import Tensors

@testable import FastKernels

/// The tables under test: every level of this machine, and the widest tile without its instructions.
let tables: [(name: String, table: KernelTable)] =
  Level.available.map { ($0.rawValue, $0.table) } + [("14x32 tile", KernelsWide.kernelTable())]

/// One convolution, drawn at random.
struct Case: CustomStringConvertible {
  var inputs: Int
  var outputs: Int
  var size: Size
  var kernelSize: Size
  var stride: Size = 1
  var padding: Padding = 0
  var dilation: Size = 1
  var groups = 1

  var convolution: Convolution {
    get throws {
      try Convolution(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    }
  }

  var description: String {
    "\(inputs)→\(outputs) of \(size), kernel \(kernelSize), stride \(stride), padding \(padding), "
      + "dilation \(dilation), groups \(groups)"
  }
}

extension SplitMix64 {
  /// Numbers from −1 to 1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(unit() * 2 - 1) }
  }

  mutating func size(_ range: ClosedRange<Int>) -> Size {
    Size(height: integer(in: range), width: integer(in: range))
  }

  mutating func padding(_ range: ClosedRange<Int>) -> Padding {
    Padding(
      top: integer(in: range), left: integer(in: range), bottom: integer(in: range),
      right: integer(in: range))
  }
}

/// The definition, as plain loops over floats summed in double precision; also the sum of magnitudes
/// at each cell, to which the rounding error is proportional.
func definition(
  _ c: Case, _ x: [Float], _ w: [Float], _ bias: [Float], _ output: Size
) -> (sums: [Double], magnitudes: [Double]) {
  let (groupInputs, groupOutputs) = (c.inputs / c.groups, c.outputs / c.groups)
  let (plane, taps) = (c.size.area, c.kernelSize.area)
  var sums: [Double] = []
  var magnitudes: [Double] = []
  sums.reserveCapacity(c.outputs * output.area)
  x.withUnsafeBufferPointer { x in
    w.withUnsafeBufferPointer { w in
      for m in 0..<c.outputs {
        let firstInput = m / groupOutputs * groupInputs
        for oy in 0..<output.height {
          for ox in 0..<output.width {
            var sum = Double(bias[m])
            var magnitude = sum.magnitude
            for ky in 0..<c.kernelSize.height {
              let y = oy * c.stride.height + ky * c.dilation.height - c.padding.top
              if y < 0 || y >= c.size.height { continue }
              for kx in 0..<c.kernelSize.width {
                let at = ox * c.stride.width + kx * c.dilation.width - c.padding.left
                if at < 0 || at >= c.size.width { continue }
                let cell = firstInput * plane + y * c.size.width + at
                let weight = m * groupInputs * taps + ky * c.kernelSize.width + kx
                for channel in 0..<groupInputs {
                  let product =
                    Double(x[cell + channel * plane]) * Double(w[weight + channel * taps])
                  sum += product
                  magnitude += product.magnitude
                }
              }
            }
            sums.append(sum)
            magnitudes.append(magnitude)
          }
        }
      }
    }
  }
  return (sums, magnitudes)
}

/// The transposed definition: each input cell is stamped on the output.
func transposedDefinition(
  _ c: Case, _ x: [Float], _ w: [Float], _ bias: [Float], _ output: Size
) -> (sums: [Double], magnitudes: [Double]) {
  let (groupInputs, groupOutputs) = (c.inputs / c.groups, c.outputs / c.groups)
  var sums = (0..<(c.outputs * output.area)).map { Double(bias[$0 / output.area]) }
  var magnitudes = sums.map(\.magnitude)
  for channel in 0..<c.inputs {
    for iy in 0..<c.size.height {
      for ix in 0..<c.size.width {
        for ky in 0..<c.kernelSize.height {
          let y = iy * c.stride.height + ky * c.dilation.height - c.padding.top
          if y < 0 || y >= output.height { continue }
          for kx in 0..<c.kernelSize.width {
            let at = ix * c.stride.width + kx * c.dilation.width - c.padding.left
            if at < 0 || at >= output.width { continue }
            for m in 0..<groupOutputs {
              let cell =
                ((channel / groupInputs * groupOutputs + m) * output.height + y) * output.width + at
              let weight =
                ((channel * groupOutputs + m) * c.kernelSize.height + ky) * c.kernelSize.width + kx
              let product =
                Double(x[(channel * c.size.height + iy) * c.size.width + ix]) * Double(w[weight])
              sums[cell] += product
              magnitudes[cell] += product.magnitude
            }
          }
        }
      }
    }
  }
  return (sums, magnitudes)
}

/// The largest error of `got`, in units of 2⁻²⁴ times the largest sum of magnitudes nearby; `tolerance`
/// is compared with it. Every operation of a sum is rounded by half a unit at most, so that a direct sum
/// of n terms stays below n, and in practice far below.
func worstError(
  _ got: [Float], _ expected: (sums: [Double], magnitudes: [Double])
) -> Double {
  let scale = (expected.magnitudes.max() ?? 1) * 0x1p-24
  var worst = 0.0
  for (a, b) in zip(got, expected.sums) {
    let error = (Double(a) - b).magnitude
    if !(error <= worst) { worst = error }
  }
  return scale == 0 ? worst : worst / scale
}
