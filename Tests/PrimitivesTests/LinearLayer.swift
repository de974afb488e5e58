import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// A layer that is linear in each of its parts: input, kernel, bias.
struct LinearLayer: CustomTestStringConvertible {
  let name: String
  let parts: [Tensor<Double>]
  let forward: @Sendable ([Tensor<Double>]) throws -> Tensor<Double>
  /// The gradients by all parts.
  let backward: @Sendable ([Tensor<Double>], _ gradient: Tensor<Double>) throws -> [Tensor<Double>]

  static let all = convolutions + transposed + fusions + masks

  var testDescription: String { name }
}

extension LinearLayer {
  private static func numbers(_ shape: Shape, seed: Int) -> Tensor<Double> {
    Sweep.map(shape[0], shape[1], Size(height: shape[2], width: shape[3]), seed: seed)
      .map { Double($0) }
  }

  private static func bias(_ tensor: Tensor<Double>) -> [Double] { tensor.elements }
  private static func bias(of gradient: Tensor<Double>) throws -> Tensor<Double> {
    let sums = try biasGradient(gradient)
    return Tensor(shape: [1, sums.count, 1, 1], elements: sums)
  }

  /// Unequal strides, dilations and sides, and groups.
  private static let windows: [(name: String, stride: Size, padding: Padding, dilation: Size)] = [
    ("plain", 1, 0, 1),
    ("stride 2×3", Size(height: 2, width: 3), 0, 1),
    ("padding 2,0,1,3", 1, Padding(top: 2, left: 0, bottom: 1, right: 3), 1),
    ("dilation 2×1", 1, 0, Size(height: 2, width: 1)),
    (
      "all of them", Size(height: 3, width: 2), Padding(top: 0, left: 2, bottom: 2, right: 1),
      Size(height: 1, width: 2)
    ),
  ]

  static let convolutions: [LinearLayer] = [1, 2].flatMap { groups in
    windows.map { name, stride, padding, dilation in
      LinearLayer(
        name: "convolution, \(name), groups \(groups)",
        parts: [
          numbers([2, 2, 5, 5], seed: 1), numbers([4, 2 / groups, 2, 3], seed: 7),
          numbers([1, 4, 1, 1], seed: 3),
        ],
        forward: { parts in
          try convolve(
            parts[0], parts[1], bias: bias(parts[2]), stride: stride, padding: padding,
            dilation: dilation, groups: groups)
        },
        backward: { parts, gradient in
          [
            try convolutionInputGradient(
              gradient, parts[1],
              by: Convolution(
                of: parts[1], stride: stride, padding: padding, dilation: dilation, groups: groups),
              inputSize: parts[0].size),
            try convolutionKernelGradient(
              parts[0], gradient,
              by: Convolution(
                kernelSize: parts[1].size, stride: stride, padding: padding, dilation: dilation,
                groups: groups)),
            try bias(of: gradient),
          ]
        })
    }
  }

  static let transposed: [LinearLayer] = [1, 2].flatMap { groups in
    windows.map { name, stride, padding, dilation in
      // Rows and columns that no whole window of the forward convolution reads.
      let outputPadding = Size(height: stride.height - 1, width: dilation.width - 1)
      return LinearLayer(
        name: "transposed convolution, \(name), output padding \(outputPadding), groups \(groups)",
        parts: [
          numbers([2, 2, 3, 4], seed: 1), numbers([2, 4 / groups, 2, 3], seed: 7),
          numbers([1, 4, 1, 1], seed: 3),
        ],
        forward: { parts in
          try transposedConvolve(
            parts[0], parts[1], bias: bias(parts[2]), stride: stride, padding: padding,
            outputPadding: outputPadding, dilation: dilation, groups: groups)
        },
        backward: { parts, gradient in
          [
            try convolutionInputGradient(
              gradient, parts[1],
              by: Convolution(
                of: parts[1], stride: stride, padding: padding, dilation: dilation, groups: groups
              ).transposed(outputPadding: outputPadding), inputSize: parts[0].size),
            try convolutionKernelGradient(
              parts[0], gradient,
              by: Convolution(
                kernelSize: parts[1].size, stride: stride, padding: padding, dilation: dilation,
                groups: groups
              ).transposed(outputPadding: outputPadding)),
            try bias(of: gradient),
          ]
        })
    }
  }

  static let fusions: [LinearLayer] = {
    let (a, b) = (numbers([2, 3, 4, 5], seed: 1), numbers([2, 3, 4, 5], seed: 2))
    let few = numbers([2, 1, 4, 5], seed: 3)
    let offset = Size(height: 1, width: 2)
    return [
      LinearLayer(
        name: "crop", parts: [a],
        forward: { try crop($0[0], offset: offset, size: Size(height: 2, width: 3)) },
        backward: { [try cropGradient($1, offset: offset, inputSize: $0[0].size)] }),
      LinearLayer(
        name: "sum", parts: [a, b], forward: { try fuseBySum($0[0], $0[1]) },
        backward: { [$1, $1] }),
      LinearLayer(
        name: "concatenation", parts: [a, few, b], forward: { try fuseByConcatenation($0) },
        backward: { try splitChannels($1, into: $0.map(\.channels)) }),
      LinearLayer(
        name: "average pool", parts: [a],
        forward: { try averagePool($0[0], kernelSize: 2, stride: Size(height: 1, width: 2)) },
        backward: {
          [
            try averagePoolGradient(
              $1, by: Pooling(kernelSize: 2, stride: Size(height: 1, width: 2)),
              inputSize: $0[0].size)
          ]
        }),
    ]
  }()

  static let masks: [LinearLayer] = DropoutUnit.allCases.map { unit in
    let x = numbers([2, 8, 3, 2], seed: 1)
    var random = SplitMix64(seed: 5)
    let mask: Tensor<Double> = try! dropoutMask(
      x.shape, probability: Fraction(1, 2), unit: unit, using: &random)
    return LinearLayer(
      name: "dropout by \(unit)", parts: [x], forward: { try multiplied($0[0], by: mask) },
      backward: { [try multiplied($1, by: mask)] })
  }
}
