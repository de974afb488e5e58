import Tensors

/// A closed form of an output size with the condition under which it holds.
///
/// ```swift
/// let six = Relationship.guide[5]
/// six.formula                                                                // ⌊(i + 2p − k)/s⌋ + 1
/// six.outputSize(SizeCase(input: 5, kernelSize: 3, stride: 2, padding: 1))   // 3
/// six.workedInstance        // o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3
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
  public let example: SizeCase
  /// What a pooling does with a last window that hangs over.
  public let rounding: Rounding
  /// The rule that chooses the padding, if it is not given in cells.
  public let rule: PaddingRule?

  private let holds: @Sendable (SizeCase) -> Bool
  private let closedForm: @Sendable (SizeCase) -> Int

  init(
    _ number: Int? = nil, _ name: String, _ operation: LayerOperation = .convolution,
    condition: String, formula: String, example: SizeCase, rounding: Rounding = .floor,
    rule: PaddingRule? = nil, holds: @escaping @Sendable (SizeCase) -> Bool,
    closedForm: @escaping @Sendable (SizeCase) -> Int
  ) {
    (self.number, self.name, self.operation) = (number, name, operation)
    (self.condition, self.formula, self.example) = (condition, formula, example)
    (self.rounding, self.rule) = (rounding, rule)
    (self.holds, self.closedForm) = (holds, closedForm)
  }

  /// Whether the condition holds and the geometry exists.
  public func applies(to sizes: SizeCase) -> Bool {
    holds(sizes) && (try? geometry(of: sizes).outputSize(input: sizes.input)) != nil
  }

  /// The closed form's value, or nil where the condition does not hold or the geometry does not exist.
  public func outputSize(_ sizes: SizeCase) -> Int? {
    applies(to: sizes) ? closedForm(sizes) : nil
  }

  /// `o`, or `o′` of a transposed convolution.
  public var symbol: String { operation == .transposedConvolution ? "o′" : "o" }

  /// The formula with the numbers of a case: `o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3`; nil where the
  /// relationship does not apply.
  public func substitution(_ sizes: SizeCase) -> String? {
    // Rounded up, a window may be dropped, which takes a step of its own.
    if rounding != .floor, applies(to: sizes),
      case .window(let window, _) = try? geometry(of: sizes).operation
    {
      return try? window.substitution(input: sizes.input, rounding: rounding).numbersLine
    }
    return outputSize(sizes).map { result in
      let numbers = formulaText(formula, with: sizes.letters)
      let step = numbers == "\(result)" ? formula : numbers
      return "\(symbol) = \(step) = \(result)"
    }
  }

  /// The formula with the numbers of its example.
  public var workedInstance: String {
    guard let line = substitution(example) else {
      preconditionFailure("\(name): the condition does not hold for its own example")
    }
    return line
  }

  /// The window, or transposed window, whose size the formula gives.
  ///
  /// - Throws: ``GeometryError`` if there is none with these numbers.
  public func geometry(of sizes: SizeCase) throws(GeometryError) -> AxisLayer {
    let (k, s, d) = (sizes.kernelSize, sizes.stride, sizes.dilation)
    if operation == .transposedConvolution {
      if let rule {
        let up = try rule.transposedWindow(kernelSize: k, stride: s, dilation: d)
        return AxisLayer(name, .transposed(up))
      }
      let window = try Window(
        kernelSize: k, stride: s, dilation: d, paddingBefore: sizes.paddingBefore,
        paddingAfter: sizes.paddingAfter)
      return AxisLayer(
        name, .transposed(try TransposedWindow(of: window, outputPadding: sizes.outputPadding)))
    }
    var (before, after) = (sizes.paddingBefore, sizes.paddingAfter)
    if let rule {
      let chosen = try rule.padding(
        input: Size(sizes.input), kernelSize: Size(k), stride: Size(s), dilation: Size(d))
      (before, after) = (chosen.left, chosen.right)
    }
    let window = try Window(
      kernelSize: k, stride: s, dilation: d, paddingBefore: before, paddingAfter: after)
    return AxisLayer(name, .window(window, rounding: rounding))
  }
}
