import Tensors

/// The operations whose output sizes are computed.
public enum LayerOperation: String, Hashable, Sendable, CaseIterable {
  case convolution
  case transposedConvolution
  case pooling
}

/// A closed form of an output size with the condition under which it holds.
///
/// ```swift
/// let six = Relationship.guide[5]
/// six.formula                                               // ⌊(i + 2p − k)/s⌋ + 1
/// let window = try Window(kernelSize: 3, stride: 2, padding: 1)
/// six.outputSize(of: window, input: 5)                      // 3
/// six.workedInstance                                        // o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3
/// ```
///
/// The numbered ones are those of Dumoulin and Visin, "A guide to convolution arithmetic for deep
/// learning", arXiv 1603.07285. Each is computed by the shortest expression that its condition
/// allows, not by the general formula, and is tested against counting.
public struct Relationship: Sendable {
  /// Its number in the guide; nil beyond the guide.
  public let number: Int?
  /// What it is about.
  public let name: String
  /// The operation whose size it gives.
  public let operation: LayerOperation
  /// When it holds, in words.
  public let condition: String
  /// The right-hand side in letters.
  public let formula: String
  /// A case to show it with; the condition holds.
  public let example: (window: Window, input: Int)
  /// The rule that chooses the padding, if it is not given in cells.
  public let rule: PaddingRule?

  private let holds: @Sendable (Window) -> Bool
  private let closedForm: @Sendable (Int, Window) -> Int

  init(
    _ number: Int? = nil, _ name: String, _ operation: LayerOperation = .convolution,
    condition: String, formula: String, input: Int,
    window: @autoclosure () throws(GeometryError) -> Window, rule: PaddingRule? = nil,
    holds: @escaping @Sendable (Window) -> Bool,
    closedForm: @escaping @Sendable (Int, Window) -> Int
  ) {
    (self.number, self.name, self.operation) = (number, name, operation)
    (self.condition, self.formula, self.rule) = (condition, formula, rule)
    (self.holds, self.closedForm) = (holds, closedForm)
    do { example = (try window(), input) } catch { fatalError("\(name): \(error.description)") }
  }

  /// The closed form's value, or nil where the condition does not hold or the geometry does not exist.
  public func outputSize(of window: Window, input: Int) -> Int? {
    guard window.isTransposed == example.window.isTransposed,
      window.rounding == example.window.rounding, holds(window),
      (try? padded(window, input: input).outputSize(input: input)) != nil
    else { return nil }
    return closedForm(input, window)
  }

  /// `o`, or `o′` of a transposed convolution.
  public var symbol: String { operation == .transposedConvolution ? "o′" : "o" }

  /// The formula with the numbers of a case: `o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3`; nil where the
  /// relationship does not apply.
  public func substitution(of window: Window, input: Int) -> String? {
    outputSize(of: window, input: input).flatMap { result in
      // Rounded up, a window may be dropped, which takes a step of its own.
      if window.rounding != .floor { return try? window.substitution(input: input).numbersLine }
      let numbers = formulaText(formula, with: window.letters(input: input))
      let step = numbers == "\(result)" ? formula : numbers
      return "\(symbol) = \(step) = \(result)"
    }
  }

  /// The formula with the numbers of its example.
  public var workedInstance: String {
    guard let line = substitution(of: example.window, input: example.input) else {
      preconditionFailure("\(name): the condition does not hold for its own example")
    }
    return line
  }

  /// The window whose size the formula gives: the same, or with the padding that the rule chooses.
  public func padded(_ window: Window, input: Int) throws(GeometryError) -> Window {
    guard let rule else { return window }
    return window.isTransposed
      ? try window.transposed(by: rule) : try window.padded(by: rule, input: input)
  }
}

extension Window {
  /// Whether it is the plain case of the guide's first fourteen relationships.
  var isPlain: Bool { isSymmetric && dilation == 1 }

  /// The letters of the formulas and their numbers.
  fileprivate func letters(input: Int) -> [(letter: String, number: Int)] {
    [
      ("i′", input), ("i", input), ("k̂", effectiveKernelSize), ("k", kernelSize), ("s", stride),
      ("d", dilation), ("p₁", paddingBefore), ("p₂", paddingAfter), ("p", paddingBefore),
      ("a", outputPadding),
    ]
  }
}

extension Relationship {
  /// Formulas beyond the guide: asymmetric padding, the paddings that have names, rounding up.
  public static let further: [Relationship] = slidingFurther + transposedFurther + poolingFurther

  private static let slidingFurther: [Relationship] = [
    Relationship(
      nil, "convolution, different padding at the two ends",
      condition: "i + p₁ + p₂ ≥ d(k − 1) + 1", formula: "⌊(i + p₁ + p₂ − d(k − 1) − 1)/s⌋ + 1",
      input: 224, window: try Window(kernelSize: 7, stride: 2, paddingBefore: 2, paddingAfter: 3),
      holds: { _ in true },
      closedForm: { i, w in
        (i + w.paddingBefore + w.paddingAfter - w.dilation * (w.kernelSize - 1) - 1)
          / w.stride + 1
      }),
    Relationship(
      nil, "PyTorch's \"same\": d(k − 1) cells in all, the odd one last",
      condition: "s = 1", formula: "i",
      input: 7, window: try Window(kernelSize: 4), rule: .same,
      holds: { $0.stride == 1 },
      closedForm: { i, _ in i }),
    Relationship(
      nil, "SAME of TensorFlow and Keras, SAME_UPPER of ONNX: the odd cell last",
      condition: "padding max(0, (o − 1)s + d(k − 1) + 1 − i) in all", formula: "⌈i/s⌉",
      input: 6, window: try Window(kernelSize: 3, stride: 2), rule: .sameUpper,
      holds: { _ in true },
      closedForm: { i, w in (i + w.stride - 1) / w.stride }),
    Relationship(
      nil, "SAME_LOWER of ONNX: the odd cell first",
      condition: "padding max(0, (o − 1)s + d(k − 1) + 1 − i) in all", formula: "⌈i/s⌉",
      input: 6, window: try Window(kernelSize: 3, stride: 2), rule: .sameLower,
      holds: { _ in true },
      closedForm: { i, w in (i + w.stride - 1) / w.stride }),
    Relationship(
      nil, "VALID of TensorFlow, Keras and ONNX",
      condition: "no padding, i > d(k − 1)", formula: "⌈(i − d(k − 1))/s⌉",
      input: 6, window: try Window(kernelSize: 3, stride: 2), rule: .valid,
      holds: { _ in true },
      closedForm: { i, w in
        (i - w.dilation * (w.kernelSize - 1) + w.stride - 1) / w.stride
      }),
  ]

  private static let transposedFurther: [Relationship] = [
    Relationship(
      nil, "transposed convolution, general: p′ = d(k − 1) − p", .transposedConvolution,
      condition: "0 ≤ a < max(s, d)", formula: "s(i′ − 1) + d(k − 1) + 1 − p₁ − p₂ + a",
      input: 5,
      window: try Window(kernelSize: 3, stride: 2, dilation: 2, paddingBefore: 1, paddingAfter: 0)
        .transposed(outputPadding: 1),
      holds: { _ in true },
      closedForm: { i, w in
        w.stride * (i - 1) + w.dilation * (w.kernelSize - 1) + 1 - w.paddingBefore
          - w.paddingAfter + w.outputPadding
      }),
    Relationship(
      nil, "transpose of SAME (TensorFlow, Keras), auto_pad SAME_UPPER of ONNX: odd cell last",
      .transposedConvolution,
      condition: "k̂ − s cells taken away, or s − k̂ of output padding", formula: "s·i′",
      input: 5, window: try Window(kernelSize: 3, stride: 2).transposed(), rule: .sameUpper,
      holds: { _ in true },
      closedForm: { i, w in w.stride * i }),
    Relationship(
      nil, "transpose with auto_pad SAME_LOWER of ONNX: odd cell first", .transposedConvolution,
      condition: "k̂ − s cells taken away, or s − k̂ of output padding", formula: "s·i′",
      input: 5, window: try Window(kernelSize: 3, stride: 2).transposed(), rule: .sameLower,
      holds: { _ in true },
      closedForm: { i, w in w.stride * i }),
    Relationship(
      nil, "transpose of VALID (TensorFlow, Keras)", .transposedConvolution,
      condition: "nothing taken away, k̂ = d(k − 1) + 1", formula: "s·i′ + max(k̂ − s, 0)",
      input: 5, window: try Window(kernelSize: 3, stride: 2).transposed(), rule: .valid,
      holds: { _ in true },
      closedForm: { i, w in w.stride * i + max(w.effectiveKernelSize - w.stride, 0) }),
  ]

  /// The last window is dropped where it would begin past the input.
  private static let clipped: @Sendable (Int, Window) -> Int = { i, w in
    let up = ceilDivide(i + 2 * w.paddingBefore - w.kernelSize, w.stride) + 1
    return (up - 1) * w.stride >= i + w.paddingBefore ? up - 1 : up
  }

  private static let poolingFurther: [Relationship] = [
    Relationship(
      nil, "pooling, rounded up (PyTorch's ceil_mode)", .pooling,
      condition: "less 1 if the last window begins past the input: (o − 1)s ≥ i + p",
      formula: "⌈(i + 2p − k)/s⌉ + 1",
      input: 175, window: try Window(kernelSize: 2, stride: 2, rounding: .ceil),
      holds: { $0.isPlain },
      closedForm: clipped),
    Relationship(
      nil, "pooling in Caffe, padded", .pooling,
      condition: "p > 0; less 1 if (o − 1)s ≥ i + p", formula: "⌈(i + 2p − k)/s⌉ + 1",
      input: 6, window: try Window(kernelSize: 3, stride: 2, padding: 1, rounding: .caffe),
      holds: { $0.isPlain && $0.paddingBefore > 0 },
      closedForm: clipped),
    Relationship(
      nil, "pooling in Caffe, unpadded: no window is dropped", .pooling,
      condition: "p = 0", formula: "⌈(i − k)/s⌉ + 1",
      input: 5, window: try Window(kernelSize: 1, stride: 3, rounding: .caffe),
      holds: { $0.isPlain && $0.paddingBefore == 0 },
      closedForm: { i, w in ceilDivide(i - w.kernelSize, w.stride) + 1 }),
  ]
}
