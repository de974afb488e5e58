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
