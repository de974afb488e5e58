extension Relationship {
  /// The guide's fifteen relationships, in its order.
  public static let guide: [Relationship] = slidingWindows + transposes + [dilated]

  private static let slidingWindows: [Relationship] = [
    Relationship(
      1, "no padding, unit stride",
      condition: "s = 1 and p = 0", formula: "(i − k) + 1",
      input: 4, window: try Window(kernelSize: 3),
      holds: { $0.isPlain && $0.stride == 1 && $0.paddingBefore == 0 },
      closedForm: { i, w in (i - w.kernelSize) + 1 }),
    Relationship(
      2, "padding, unit stride",
      condition: "s = 1", formula: "(i − k) + 2p + 1",
      input: 5, window: try Window(kernelSize: 4, padding: 2),
      holds: { $0.isPlain && $0.stride == 1 },
      closedForm: { i, w in (i - w.kernelSize) + 2 * w.paddingBefore + 1 }),
    Relationship(
      3, "half (same) padding",
      condition: "k = 2n + 1, s = 1 and p = ⌊k/2⌋", formula: "i",
      input: 5, window: try Window(kernelSize: 3, padding: 1),
      holds: {
        $0.isPlain && $0.stride == 1 && $0.kernelSize % 2 == 1
          && $0.paddingBefore == $0.kernelSize / 2
      },
      closedForm: { i, _ in i }),
    Relationship(
      4, "full padding",
      condition: "s = 1 and p = k − 1", formula: "i + (k − 1)",
      input: 5, window: try Window(kernelSize: 3, padding: 2),
      holds: { $0.isPlain && $0.stride == 1 && $0.paddingBefore == $0.kernelSize - 1 },
      closedForm: { i, w in i + (w.kernelSize - 1) }),
    Relationship(
      5, "no padding, any stride",
      condition: "p = 0", formula: "⌊(i − k)/s⌋ + 1",
      input: 5, window: try Window(kernelSize: 3, stride: 2),
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { i, w in (i - w.kernelSize) / w.stride + 1 }),
    Relationship(
      6, "padding and stride",
      condition: "any i, k, s and p", formula: "⌊(i + 2p − k)/s⌋ + 1",
      input: 5, window: try Window(kernelSize: 3, stride: 2, padding: 1),
      holds: { $0.isPlain },
      closedForm: { i, w in (i + 2 * w.paddingBefore - w.kernelSize) / w.stride + 1 }),
    Relationship(
      7, "pooling", .pooling,
      condition: "p = 0", formula: "⌊(i − k)/s⌋ + 1",
      input: 5, window: try Window(kernelSize: 3),
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { i, w in (i - w.kernelSize) / w.stride + 1 }),
  ]

  private static let transposes: [Relationship] = [
    Relationship(
      8, "transpose of no padding, unit stride: p′ = k − 1", .transposedConvolution,
      condition: "s = 1 and p = 0", formula: "i′ + (k − 1)",
      input: 2, window: try Window(kernelSize: 3).transposed(),
      holds: { $0.restoresExactly && $0.stride == 1 && $0.paddingBefore == 0 },
      closedForm: { i, w in i + (w.kernelSize - 1) }),
    Relationship(
      9, "transpose of padding, unit stride: p′ = k − p − 1", .transposedConvolution,
      condition: "s = 1", formula: "i′ + (k − 1) − 2p",
      input: 6, window: try Window(kernelSize: 4, padding: 2).transposed(),
      holds: { $0.restoresExactly && $0.stride == 1 },
      closedForm: { i, w in i + (w.kernelSize - 1) - 2 * w.paddingBefore }),
    Relationship(
      10, "transpose of half padding: p′ = p", .transposedConvolution,
      condition: "k = 2n + 1, s = 1 and p = ⌊k/2⌋", formula: "i′",
      input: 5, window: try Window(kernelSize: 3, padding: 1).transposed(),
      holds: {
        $0.restoresExactly && $0.stride == 1 && $0.kernelSize % 2 == 1
          && $0.paddingBefore == $0.kernelSize / 2
      },
      closedForm: { i, _ in i }),
    Relationship(
      11, "transpose of full padding: p′ = 0", .transposedConvolution,
      condition: "s = 1 and p = k − 1", formula: "i′ − (k − 1)",
      input: 7, window: try Window(kernelSize: 3, padding: 2).transposed(),
      holds: { $0.restoresExactly && $0.stride == 1 && $0.paddingBefore == $0.kernelSize - 1 },
      closedForm: { i, w in i - (w.kernelSize - 1) }),
    Relationship(
      12, "transpose of no padding, any stride: p′ = k − 1", .transposedConvolution,
      condition: "p = 0, and s divides i − k (a = 0)", formula: "s(i′ − 1) + k",
      input: 2, window: try Window(kernelSize: 3, stride: 2).transposed(),
      holds: { $0.restoresExactly && $0.paddingBefore == 0 },
      closedForm: { i, w in w.stride * (i - 1) + w.kernelSize }),
    Relationship(
      13, "transpose of padding and stride: p′ = k − p − 1", .transposedConvolution,
      condition: "s divides i + 2p − k (a = 0)", formula: "s(i′ − 1) + k − 2p",
      input: 3, window: try Window(kernelSize: 3, stride: 2, padding: 1).transposed(),
      holds: { $0.restoresExactly },
      closedForm: { i, w in w.stride * (i - 1) + w.kernelSize - 2 * w.paddingBefore }),
    Relationship(
      14, "transpose with output padding a", .transposedConvolution,
      condition: "any i, k, s and p; a = (i + 2p − k) mod s", formula: "s(i′ − 1) + a + k − 2p",
      input: 3,
      window: try Window(kernelSize: 3, stride: 2, padding: 1).transposed(outputPadding: 1),
      holds: { $0.isPlain && $0.outputPadding < $0.stride },
      closedForm: { i, w in
        w.stride * (i - 1) + w.outputPadding + w.kernelSize - 2 * w.paddingBefore
      }),
  ]

  private static let dilated = Relationship(
    15, "dilation: k̂ = k + (k − 1)(d − 1)",
    condition: "any i, k, s, p and d", formula: "⌊(i + 2p − k − (k − 1)(d − 1))/s⌋ + 1",
    input: 7, window: try Window(kernelSize: 3, dilation: 2),
    holds: { $0.isSymmetric },
    closedForm: { i, w in
      (i + 2 * w.paddingBefore - w.kernelSize - (w.kernelSize - 1) * (w.dilation - 1))
        / w.stride + 1
    })
}

extension Window {
  /// Whether the stride divides i + 2p − k, so that the transpose restores i without output padding.
  fileprivate var restoresExactly: Bool { isPlain && outputPadding == 0 }
}
