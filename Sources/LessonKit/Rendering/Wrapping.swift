/// Returns the words of `text` in lines of at most `width` characters.
///
/// A word longer than a line is cut; numbers and letters in parentheses, `(k − 1)`, stay together. Backquotes mark code and take no room; what stands between a
/// pair is in the ink of code. Following lines are indented by `hanging`.
package func wrap(_ text: String, width: Int, hanging: Int = 0, ink: Ink? = nil) -> [Line] {
  var lines: [Line] = []
  var line = Line()
  var isCode = false
  for word in words(of: text, upTo: (width - hanging) / 2) {
    let length = word.reduce(0) { $0 + ($1 == "`" ? 0 : 1) }
    if line.width > hanging, line.width + 1 + length > width {
      lines.append(line)
      line = Line(String(repeating: " ", count: hanging))
    } else if line.width > (lines.isEmpty ? 0 : hanging) {
      line.append(" ")
    }
    var piece = ""
    for character in word {
      if character == "`" {
        line.append(piece, isCode ? .code : ink)
        piece = ""
        isCode.toggle()
      } else {
        if line.width + piece.count >= width {
          line.append(piece, isCode ? .code : ink)
          piece = ""
          lines.append(line)
          line = Line(String(repeating: " ", count: hanging))
        }
        piece.append(character)
      }
    }
    line.append(piece, isCode ? .code : ink)
  }
  if line.width > 0 { lines.append(line) }
  return lines
}

/// The words, those of a short formula in parentheses as one.
private func words(of text: String, upTo longest: Int) -> [Substring] {
  let words = text.split(separator: " ")
  var result: [Substring] = []
  var index = 0
  while index < words.count {
    var depth = 0
    var end = index
    repeat {
      for character in words[end] { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
      end += 1
    } while depth > 0 && end < min(words.count, index + 12)
    let group = text[words[index].startIndex..<words[end - 1].endIndex]
    // A remark in words may be broken.
    let isFormula =
      depth == 0 && group.count <= longest
      && group.split { !$0.isLetter }.allSatisfy { $0.count == 1 }
    if isFormula || end == index + 1 {
      result.append(group)
      index = end
    } else {
      result.append(words[index])
      index += 1
    }
  }
  return result
}
