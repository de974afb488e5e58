/// Returns the words of `text` in lines of at most `width` characters.
///
/// A word longer than a line is cut. Backquotes mark code and take no room; what stands between a
/// pair is in the ink of code. Following lines are indented by `hanging`.
func wrap(_ text: String, width: Int, hanging: Int = 0, ink: Ink? = nil) -> [Line] {
  var lines: [Line] = []
  var line = Line()
  var isCode = false
  for word in text.split(separator: " ") {
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
