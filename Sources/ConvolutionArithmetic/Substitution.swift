/// A formula with the numbers put in, line by line, down to the result.
///
/// ```swift
/// let window = try Window(kernelSize: 3, stride: 2, padding: 1)
/// try window.substitution(input: 5).line
/// // o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·1 − 3)/2⌋ + 1 = ⌊4/2⌋ + 1 = 2 + 1 = 3
/// ```
public struct Substitution: Hashable, Sendable {
  /// What is computed: `o`, or `o′` of a transposed convolution.
  public let symbol: String
  /// The right-hand side in letters: `⌊(i + 2p − k)/s⌋ + 1`.
  public let formula: String
  /// The right-hand side in numbers, simpler with every step; the last is the result.
  public let steps: [String]
  public let result: Int

  /// A formula with its steps; steps that only repeat the one before are left out.
  init(symbol: String, formula: String, steps: [String], result: Int) {
    self.symbol = symbol
    self.formula = formula
    self.result = result
    var kept: [String] = []
    for step in steps where step != kept.last { kept.append(step) }
    self.steps = kept
  }

  /// Everything in one line: `o = ⌊(i + 2p − k)/s⌋ + 1 = ⌊(5 + 2·1 − 3)/2⌋ + 1 = … = 3`.
  public var line: String { ([symbol, formula] + steps).joined(separator: " = ") }

  /// The numbers in one line: `o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = ⌊4/2⌋ + 1 = 2 + 1 = 3`.
  public var numbersLine: String { ([symbol] + steps).joined(separator: " = ") }

  /// One line for each step, the equal signs below each other.
  public var lines: [String] {
    let indent = String(repeating: " ", count: symbol.count)
    return ["\(symbol) = \(formula)"] + steps.map { "\(indent) = \($0)" }
  }
}

/// A number as a factor or summand: in parentheses below zero.
func inParentheses(_ number: Int) -> String { number < 0 ? "(−\(number.magnitude))" : "\(number)" }

/// A number with the minus sign of the formulas.
func signed(_ number: Int) -> String { number < 0 ? "−\(number.magnitude)" : "\(number)" }

extension Window {
  /// The output size with every step of its computation; of a transposed convolution, a is the output
  /// padding.
  ///
  /// - Throws: ``GeometryError`` if no window fits, or nothing is left.
  public func substitution(input: Int) throws(GeometryError) -> Substitution {
    let output = try outputSize(input: input)
    return isTransposed ? restoring(output, from: input) : sliding(over: input, to: output)
  }

  private func sliding(over input: Int, to output: Int) -> Substitution {
    let padded = isSymmetric ? "2p" : "p₁ + p₂"
    let paddedNumbers =
      isSymmetric
      ? "2·\(inParentheses(paddingBefore))"
      : "\(inParentheses(paddingBefore)) + \(inParentheses(paddingAfter))"
    let kernel = dilation == 1 ? "k" : "d(k − 1) − 1"
    let kernelNumbers = dilation == 1 ? "\(kernelSize)" : "\(dilation)·(\(kernelSize) − 1) − 1"
    let room = input + totalPadding - effectiveKernelSize
    let (open, close) = rounding == .floor ? ("⌊", "⌋") : ("⌈", "⌉")
    let quotient = rounding == .floor ? floorDivide(room, stride) : ceilDivide(room, stride)
    var steps = [
      "\(open)(\(input) + \(paddedNumbers) − \(kernelNumbers))/\(stride)\(close) + 1",
      "\(open)\(signed(room))/\(stride)\(close) + 1",
      "\(inParentheses(quotient)) + 1",
      "\(quotient + 1)",
    ]
    if output < quotient + 1 {
      // The last window would begin past the input and the padding before it.
      steps[3] =
        "\(quotient + 1), less 1 (the last window would begin at \(quotient)·\(stride) = "
        + "\(quotient * stride), past the \(input) + \(paddingBefore) cells of input and padding)"
      steps.append("\(output)")
    }
    return Substitution(
      symbol: "o", formula: "\(open)(i + \(padded) − \(kernel))/s\(close) + 1", steps: steps,
      result: output)
  }

  private func restoring(_ output: Int, from input: Int) -> Substitution {
    let padding = isSymmetric ? "2p" : "p₁ − p₂"
    let paddingNumbers =
      isSymmetric
      ? "2·\(inParentheses(paddingBefore))"
      : "\(inParentheses(paddingBefore)) − \(inParentheses(paddingAfter))"
    let kernel = dilation == 1 ? "k" : "d(k − 1) + 1"
    let kernelNumbers = dilation == 1 ? "\(kernelSize)" : "\(dilation)·(\(kernelSize) − 1) + 1"
    let added = outputPadding == 0 ? ("", "") : (" + a", " + \(outputPadding)")
    let less = totalPadding == 0 ? "" : " − \(inParentheses(totalPadding))"
    return Substitution(
      symbol: "o′", formula: "s(i′ − 1) + \(kernel) − \(padding)\(added.0)",
      steps: [
        "\(stride)·(\(input) − 1) + \(kernelNumbers) − \(paddingNumbers)\(added.1)",
        "\(stride * (input - 1)) + \(effectiveKernelSize)\(less)\(added.1)",
        "\(output)",
      ], result: output)
  }
}

/// Returns a formula with numbers for its letters.
///
///     formulaText("s(i′ − 1) + k − 2p", with: [("i′", 3), ("k", 4), ("s", 2), ("p", 1)])
///     // 2·(3 − 1) + 4 − 2·1
///
/// Between two factors that were only written side by side a `·` is put. Words of more than one
/// letter (`max`) are kept.
func formulaText(_ formula: String, with letters: [(letter: String, number: Int)]) -> String {
  var result = ""
  var endsInFactor = false
  var rest = Substring(formula)
  while let character = rest.first {
    let word = rest.prefix { $0.isLetter || $0.isMark }
    if !word.isEmpty && word.unicodeScalars.count(where: { $0.properties.isAlphabetic }) > 1 {
      result += word
      rest = rest.dropFirst(word.count)
      endsInFactor = false
      continue
    }
    if let found = letters.first(where: { rest.hasPrefix($0.letter) }) {
      result += (endsInFactor ? "·" : "") + inParentheses(found.number)
      rest = rest.dropFirst(found.letter.count)
      endsInFactor = true
      continue
    }
    if character == "(" && endsInFactor { result += "·" }
    result.append(character)
    endsInFactor = character.isNumber || character == ")"
    rest = rest.dropFirst()
  }
  return result
}

extension Character {
  /// Whether it only marks the letter before: ′, ₁ and ₂.
  fileprivate var isMark: Bool { "′₁₂".contains(self) }
}
