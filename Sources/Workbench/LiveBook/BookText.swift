import LessonKit
import Tensors

/// The HTML of a page of `Docs` that the book itself writes: headings, paragraphs, tables, and blocks of
/// code are all that these have.
func pageHTML(ofMarkdown text: String) -> String {
  var result: [String] = []
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
  func take(while isMember: (Substring) -> Bool) -> [String] {
    let members = lines.prefix(while: isMember)
    lines = lines.dropFirst(members.count)
    return members.map { String($0) }
  }
  while let line = lines.first {
    if line.isEmpty {
      lines = lines.dropFirst()
    } else if line.hasPrefix("```") {
      lines = lines.dropFirst()
      result.append(HTMLRenderer.preformatted(take { !$0.hasPrefix("```") }))
      lines = lines.dropFirst()
    } else if line.hasPrefix("#") {
      let level = line.prefix { $0 == "#" }.count
      let title = String(line.dropFirst(level)).trimmed
      result.append("<h\(level) id=\"\(HTMLRenderer.anchor(title))\">\(phrase(title))</h\(level)>")
      lines = lines.dropFirst()
    } else if line.hasPrefix("|") {
      result.append(table(take { $0.hasPrefix("|") }))
    } else if line.hasPrefix("- ") {
      let items = take { $0.hasPrefix("- ") || $0.hasPrefix("  ") }
        .joined(separator: "\n").split(separator: "\n- ")
      result.append(
        "<ul>"
          + items.map { "<li>\(phrase(String($0.hasPrefix("- ") ? $0.dropFirst(2) : $0)))</li>" }
          .joined() + "</ul>")
    } else {
      let paragraph = take { !$0.isEmpty && !$0.hasPrefix("|") && !$0.hasPrefix("#") }
      result.append("<p>\(phrase(paragraph.joined(separator: " ")))</p>")
    }
  }
  return result.joined(separator: "\n")
}

private func table(_ lines: [String]) -> String {
  func cells(_ line: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\"
    }
    return cells.dropLast().map { $0.trimmed }
  }
  let head = cells(lines[0]).map { "<th scope=\"col\">\(phrase($0))</th>" }.joined()
  let rows = lines.dropFirst(2).map { line in
    "<tr>" + cells(line).map { "<td>\(phrase($0))</td>" }.joined() + "</tr>"
  }
  return "<div class=\"wide\"><table class=\"rows\"><thead><tr>\(head)</tr></thead><tbody>"
    + rows.joined(separator: "\n") + "</tbody></table></div>"
}

/// A text with its code and its escapes; of a link the words remain.
private func phrase(_ text: String) -> String {
  var plain = ""
  var (isCode, isEscaped) = (false, false)
  for character in text {
    if character == "`" { isCode.toggle() }
    if character == "\\", !isCode, !isEscaped {
      isEscaped = true
      continue
    }
    isEscaped = false
    plain.append(character)
  }
  return HTMLRenderer.phrase(plain)
}
