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
