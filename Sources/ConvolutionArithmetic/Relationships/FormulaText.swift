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
