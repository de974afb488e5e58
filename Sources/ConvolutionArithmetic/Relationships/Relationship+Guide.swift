extension Relationship {
  /// The guide's fifteen relationships, in its order.
  public static let guide: [Relationship] = slidingWindows + transposes + [dilated]

  private static let slidingWindows: [Relationship] = [
    Relationship(
      1, "no padding, unit stride",
      condition: "s = 1 and p = 0", formula: "(i − k) + 1",
      example: SizeCase(input: 4, kernelSize: 3),
      holds: { $0.isPlain && $0.stride == 1 && $0.paddingBefore == 0 },
      closedForm: { ($0.input - $0.kernelSize) + 1 }),
    Relationship(
      2, "padding, unit stride",
      condition: "s = 1", formula: "(i − k) + 2p + 1",
      example: SizeCase(input: 5, kernelSize: 4, padding: 2),
      holds: { $0.isPlain && $0.stride == 1 },
      closedForm: { ($0.input - $0.kernelSize) + 2 * $0.paddingBefore + 1 }),
    Relationship(
      3, "half (same) padding",
      condition: "k = 2n + 1, s = 1 and p = ⌊k/2⌋", formula: "i",
      example: SizeCase(input: 5, kernelSize: 3, padding: 1),
      holds: {
        $0.isPlain && $0.stride == 1 && $0.kernelSize % 2 == 1
          && $0.paddingBefore == $0.kernelSize / 2
      },
      closedForm: { $0.input }),
    Relationship(
      4, "full padding",
      condition: "s = 1 and p = k − 1", formula: "i + (k − 1)",
      example: SizeCase(input: 5, kernelSize: 3, padding: 2),
      holds: { $0.isPlain && $0.stride == 1 && $0.paddingBefore == $0.kernelSize - 1 },
      closedForm: { $0.input + ($0.kernelSize - 1) }),
    Relationship(
      5, "no padding, any stride",
      condition: "p = 0", formula: "⌊(i − k)/s⌋ + 1",
      example: SizeCase(input: 5, kernelSize: 3, stride: 2),
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { ($0.input - $0.kernelSize) / $0.stride + 1 }),
    Relationship(
      6, "padding and stride",
      condition: "any i, k, s and p", formula: "⌊(i + 2p − k)/s⌋ + 1",
      example: SizeCase(input: 5, kernelSize: 3, stride: 2, padding: 1),
      holds: { $0.isPlain },
      closedForm: { ($0.input + 2 * $0.paddingBefore - $0.kernelSize) / $0.stride + 1 }),
    Relationship(
      7, "pooling", .pooling,
      condition: "p = 0", formula: "⌊(i − k)/s⌋ + 1",
      example: SizeCase(input: 5, kernelSize: 3),
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { ($0.input - $0.kernelSize) / $0.stride + 1 }),
  ]

  private static let transposes: [Relationship] = [
    Relationship(
      8, "transpose of no padding, unit stride: p′ = k − 1", .transposedConvolution,
      condition: "s = 1 and p = 0", formula: "i′ + (k − 1)",
      example: SizeCase(input: 2, kernelSize: 3),
      holds: { $0.restoresExactly && $0.stride == 1 && $0.paddingBefore == 0 },
      closedForm: { $0.input + ($0.kernelSize - 1) }),
    Relationship(
      9, "transpose of padding, unit stride: p′ = k − p − 1", .transposedConvolution,
      condition: "s = 1", formula: "i′ + (k − 1) − 2p",
      example: SizeCase(input: 6, kernelSize: 4, padding: 2),
      holds: { $0.restoresExactly && $0.stride == 1 },
      closedForm: { $0.input + ($0.kernelSize - 1) - 2 * $0.paddingBefore }),
    Relationship(
      10, "transpose of half padding: p′ = p", .transposedConvolution,
      condition: "k = 2n + 1, s = 1 and p = ⌊k/2⌋", formula: "i′",
      example: SizeCase(input: 5, kernelSize: 3, padding: 1),
      holds: {
        $0.restoresExactly && $0.stride == 1 && $0.kernelSize % 2 == 1
          && $0.paddingBefore == $0.kernelSize / 2
      },
      closedForm: { $0.input }),
    Relationship(
      11, "transpose of full padding: p′ = 0", .transposedConvolution,
      condition: "s = 1 and p = k − 1", formula: "i′ − (k − 1)",
      example: SizeCase(input: 7, kernelSize: 3, padding: 2),
      holds: { $0.restoresExactly && $0.stride == 1 && $0.paddingBefore == $0.kernelSize - 1 },
      closedForm: { $0.input - ($0.kernelSize - 1) }),
    Relationship(
      12, "transpose of no padding, any stride: p′ = k − 1", .transposedConvolution,
      condition: "p = 0, and s divides i − k (a = 0)", formula: "s(i′ − 1) + k",
      example: SizeCase(input: 2, kernelSize: 3, stride: 2),
      holds: { $0.restoresExactly && $0.paddingBefore == 0 },
      closedForm: { $0.stride * ($0.input - 1) + $0.kernelSize }),
    Relationship(
      13, "transpose of padding and stride: p′ = k − p − 1", .transposedConvolution,
      condition: "s divides i + 2p − k (a = 0)", formula: "s(i′ − 1) + k − 2p",
      example: SizeCase(input: 3, kernelSize: 3, stride: 2, padding: 1),
      holds: { $0.restoresExactly },
      closedForm: { $0.stride * ($0.input - 1) + $0.kernelSize - 2 * $0.paddingBefore }),
    Relationship(
      14, "transpose with a cells of output padding", .transposedConvolution,
      condition: "any i, k, s and p; a = (i + 2p − k) mod s", formula: "s(i′ − 1) + a + k − 2p",
      example: SizeCase(input: 3, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1),
      holds: { $0.isPlain && $0.outputPadding < $0.stride },
      closedForm: {
        $0.stride * ($0.input - 1) + $0.outputPadding + $0.kernelSize - 2 * $0.paddingBefore
      }),
  ]

  private static let dilated = Relationship(
    15, "dilation: k̂ = k + (k − 1)(d − 1)",
    condition: "any i, k, s, p and d", formula: "⌊(i + 2p − k − (k − 1)(d − 1))/s⌋ + 1",
    example: SizeCase(input: 7, kernelSize: 3, dilation: 2),
    holds: { $0.isSymmetric },
    closedForm: {
      ($0.input + 2 * $0.paddingBefore - $0.kernelSize - ($0.kernelSize - 1) * ($0.dilation - 1))
        / $0.stride + 1
    })
}

extension SizeCase {
  /// Whether the stride divides i + 2p − k, so that the transpose restores i without output padding.
  fileprivate var restoresExactly: Bool { isPlain && outputPadding == 0 }
}
