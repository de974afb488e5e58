extension Relationship {
  /// Formulas beyond the guide: asymmetric padding, the paddings that have names, rounding up.
  public static let further: [Relationship] = slidingFurther + transposedFurther + poolingFurther

  private static let slidingFurther: [Relationship] = [
    Relationship(
      nil, "convolution, different padding at the two ends",
      condition: "i + p₁ + p₂ ≥ d(k − 1) + 1", formula: "⌊(i + p₁ + p₂ − d(k − 1) − 1)/s⌋ + 1",
      example: SizeCase(
        input: 224, kernelSize: 7, stride: 2, paddingBefore: 2, paddingAfter: 3),
      holds: { $0.input + $0.paddingBefore + $0.paddingAfter >= $0.effectiveKernelSize },
      closedForm: {
        ($0.input + $0.paddingBefore + $0.paddingAfter - $0.dilation * ($0.kernelSize - 1) - 1)
          / $0.stride + 1
      }),
    Relationship(
      nil, "PyTorch's \"same\": d(k − 1) cells in all, the odd one last",
      condition: "s = 1", formula: "i",
      example: SizeCase(input: 7, kernelSize: 4), rule: .same,
      holds: { $0.stride == 1 },
      closedForm: { $0.input }),
    Relationship(
      nil, "SAME of TensorFlow and Keras, SAME_UPPER of ONNX: the odd cell last",
      condition: "padding max(0, (o − 1)s + d(k − 1) + 1 − i) in all", formula: "⌈i/s⌉",
      example: SizeCase(input: 6, kernelSize: 3, stride: 2), rule: .sameUpper,
      holds: { _ in true },
      closedForm: { ($0.input + $0.stride - 1) / $0.stride }),
    Relationship(
      nil, "SAME_LOWER of ONNX: the odd cell first",
      condition: "padding max(0, (o − 1)s + d(k − 1) + 1 − i) in all", formula: "⌈i/s⌉",
      example: SizeCase(input: 6, kernelSize: 3, stride: 2), rule: .sameLower,
      holds: { _ in true },
      closedForm: { ($0.input + $0.stride - 1) / $0.stride }),
    Relationship(
      nil, "VALID of TensorFlow, Keras and ONNX",
      condition: "no padding, i > d(k − 1)", formula: "⌈(i − d(k − 1))/s⌉",
      example: SizeCase(input: 6, kernelSize: 3, stride: 2), rule: .valid,
      holds: { $0.input > $0.dilation * ($0.kernelSize - 1) },
      closedForm: {
        ($0.input - $0.dilation * ($0.kernelSize - 1) + $0.stride - 1) / $0.stride
      }),
  ]

  private static let transposedFurther: [Relationship] = [
    Relationship(
      nil, "transposed convolution, general: p′ = d(k − 1) − p", .transposedConvolution,
      condition: "0 ≤ a < max(s, d)", formula: "s(i′ − 1) + d(k − 1) + 1 − p₁ − p₂ + a",
      example: SizeCase(
        input: 5, kernelSize: 3, stride: 2, paddingBefore: 1, paddingAfter: 0, dilation: 2,
        outputPadding: 1),
      holds: { 0 <= $0.outputPadding && $0.outputPadding < max($0.stride, $0.dilation) },
      closedForm: {
        $0.stride * ($0.input - 1) + $0.dilation * ($0.kernelSize - 1) + 1 - $0.paddingBefore
          - $0.paddingAfter + $0.outputPadding
      }),
    Relationship(
      nil, "transpose of SAME (TensorFlow, Keras), auto_pad SAME_UPPER of ONNX: odd cell last",
      .transposedConvolution,
      condition: "k̂ − s cells taken away, or s − k̂ of output padding", formula: "s·i′",
      example: SizeCase(input: 5, kernelSize: 3, stride: 2), rule: .sameUpper,
      holds: { _ in true },
      closedForm: { $0.stride * $0.input }),
    Relationship(
      nil, "transpose with auto_pad SAME_LOWER of ONNX: odd cell first", .transposedConvolution,
      condition: "k̂ − s cells taken away, or s − k̂ of output padding", formula: "s·i′",
      example: SizeCase(input: 5, kernelSize: 3, stride: 2), rule: .sameLower,
      holds: { _ in true },
      closedForm: { $0.stride * $0.input }),
    Relationship(
      nil, "transpose of VALID (TensorFlow, Keras)", .transposedConvolution,
      condition: "nothing taken away, k̂ = d(k − 1) + 1", formula: "s·i′ + max(k̂ − s, 0)",
      example: SizeCase(input: 5, kernelSize: 3, stride: 2), rule: .valid,
      holds: { _ in true },
      closedForm: { $0.stride * $0.input + max($0.effectiveKernelSize - $0.stride, 0) }),
  ]

  private static let poolingFurther: [Relationship] = [
    Relationship(
      nil, "pooling, rounded up (PyTorch's ceil_mode)", .pooling,
      condition: "less 1 if the last window begins past the input: (o − 1)s ≥ i + p",
      formula: "⌈(i + 2p − k)/s⌉ + 1",
      example: SizeCase(input: 175, kernelSize: 2, stride: 2), rounding: .ceil,
      holds: { $0.isPlain },
      closedForm: {
        let up = ceilDivide($0.input + 2 * $0.paddingBefore - $0.kernelSize, $0.stride) + 1
        return (up - 1) * $0.stride >= $0.input + $0.paddingBefore ? up - 1 : up
      }),
    Relationship(
      nil, "pooling in Caffe, padded", .pooling,
      condition: "p > 0; less 1 if (o − 1)s ≥ i + p", formula: "⌈(i + 2p − k)/s⌉ + 1",
      example: SizeCase(input: 6, kernelSize: 3, stride: 2, padding: 1), rounding: .caffe,
      holds: { $0.isPlain && $0.paddingBefore > 0 },
      closedForm: {
        let up = ceilDivide($0.input + 2 * $0.paddingBefore - $0.kernelSize, $0.stride) + 1
        return (up - 1) * $0.stride >= $0.input + $0.paddingBefore ? up - 1 : up
      }),
    Relationship(
      nil, "pooling in Caffe, unpadded: no window is dropped", .pooling,
      condition: "p = 0", formula: "⌈(i − k)/s⌉ + 1",
      example: SizeCase(input: 5, kernelSize: 1, stride: 3), rounding: .caffe,
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { ceilDivide($0.input - $0.kernelSize, $0.stride) + 1 }),
  ]
}
