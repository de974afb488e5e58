/// Which characters may be printed.
public enum Glyphs: String, Hashable, Sendable {
  /// All of them.
  case unicode
  /// ASCII alone: for terminals without UTF-8, and for screen readers.
  case ascii

  /// The text in these characters.
  ///
  /// ```swift
  /// Glyphs.ascii.spell("o = ⌊(i−k)/s⌋ + 1, ¾·x")   // "o = floor((i-k)/s) + 1, 3/4*x"
  /// ```
  public func spell(_ text: String) -> String {
    guard self == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var result = ""
    var followsFraction = false
    for character in text {
      let spelling = character.isASCII ? String(character) : Glyphs.spellings[character] ?? "?"
      let isFraction = !character.isASCII && spelling.first!.isNumber && spelling.contains("/")
      // 4½ is 4 1/2, not 41/2, and ½x is 1/2*x, not 1/(2x).
      if isFraction, result.last?.isNumber == true { result += " " }
      if followsFraction, character.isLetter { result += "*" }
      followsFraction = isFraction
      result += spelling
    }
    return result
  }

  /// How a plain text spells a character that is not ASCII.
  static let spellings: [Character: String] = [
    "·": "*", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "±": "+/-", "÷": "/",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "↔": "<->", "↓": "down",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "∗": "(*)", "⟨": "<", "⟩": ">",
    "′": "'", "″": "''", "°": " degrees", "Σ": "sum", "Δ": "delta", "√": "sqrt ", "∞": "infinity",
    "ᵀ": "^T", "²": "^2", "³": "^3", "⁻": "^-", "¹": "1", "⁵": "5", "∂": "d", "σ": "sigma",
    "λ": "lambda",
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8",
    "⅝": "5/8", "⅞": "7/8", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "ŷ": "y", "ŵ": "w",
    "x̂": "x^", "k̂": "k^", "“": "\"", "”": "\"", "‘": "'", "’": "'", "✓": "[holds]",
    "✗": "[FALSE]", "é": "e", "ö": "o", "•": "-",
  ]
}
