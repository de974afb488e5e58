import LessonKit
import Tensors

/// What the pages search: a small index, as a script because pages from the disk may load no other file.
enum BookIndex {
  /// For each section of each page its link, its title, where it stands, and its words, each once.
  static func script(of pages: [BookPage]) -> String {
    let sections = pages.flatMap { page in
      parts(of: page.body).map { part in
        JSON.array([
          .string(page.name + (part.anchor.isEmpty ? "" : "#\(part.anchor)")),
          .string(part.title.isEmpty ? page.title : part.title),
          .string(part.title.isEmpty ? page.part : page.title),
          .string(words(of: part.html).joined(separator: " ")),
        ])
      }
    }
    let lines = sections.map { section in
      section.text.split(separator: "\n").map { $0.trimmed }.joined()
    }
    return "book.index = [\n\(lines.joined(separator: ",\n"))\n];\n"
  }

  /// The page up to its first heading, and from each to the next.
  private static func parts(of html: String) -> [(title: String, anchor: String, html: String)] {
    let pieces = html.components(before: "<h2 id=\"")
    return pieces.enumerated().map { index, piece in
      guard index > 0 else { return ("", "", piece) }
      let anchor = piece.prefix { $0 != "\"" }
      let title = piece.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
      return (plain(String(title)), String(anchor), piece)
    }
  }

  /// The words of a text between tags, in small letters, each once; numbers and letters alone are left out.
  private static func words(of html: String) -> [String] {
    var text = ""
    var isTag = false
    for character in html {
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" { (isTag, text) = (false, text + " ") }
    }
    let words = plain(text).lowercased().split { !$0.isLetter && !$0.isNumber }
      .filter { $0.count > 1 && !$0.allSatisfy(\.isNumber) }
    return Set(words.map { String($0) }).sorted()
  }

  private static func plain(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")].reduce(text) { text, pair in
      text.components(before: pair.0).joined(separator: pair.1)
    }
  }
}

extension String {
  /// The parts between the places of a text.
  fileprivate func components(before mark: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let range = rest.firstRange(of: mark) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}

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
