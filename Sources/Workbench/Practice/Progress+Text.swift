extension Progress {
  static let firstLine = "convbook progress "
  static let knownVersion = 1
  private static let comment =
    "# One line for each exercise. Delete this file to begin again."

  /// The file's text: one line for each exercise, in alphabetical order, then whatever else was there.
  var text: String {
    var lines = [Progress.firstLine + "\(version)", Progress.comment]
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      var words = [name]
      if entry.revealed { words.append("revealed") }
      if entry.passed { words.append("passed") }
      if entry.skipped { words.append("skipped") }
      if entry.hints > 0 { words.append("hints=\(entry.hints)") }
      if let checked = entry.checked { words.append("checked=\(checked)") }
      lines.append((words + entry.others).joined(separator: " "))
    }
    return (lines + otherLines).map { $0 + "\n" }.joined()
  }

  /// Reads a file's text. What cannot be understood is kept, for it may be of a later version of the
  /// book, or of a hand that slipped: nobody's work is lost by a line that we cannot read.
  init(text: String) {
    for line in text.split(whereSeparator: \.isNewline) where line != Progress.comment {
      let words = line.split(separator: " ").map(String.init)
      if line.hasPrefix(Progress.firstLine),
        let number = Int(line.dropFirst(Progress.firstLine.count))
      {
        version = max(version, number)
      } else if words.count > 1, words[0].allSatisfy({ $0.isLetter || $0.isNumber }),
        words.dropFirst().contains(where: Progress.isKnown)
      {
        for word in words.dropFirst() { self[words[0]].take(word) }
      } else {
        otherLines.append(String(line))
      }
    }
  }

  /// The number of lines that say nothing to this version.
  var unknownLines: Int { otherLines.count { !$0.hasPrefix("#") } }

  private static func isKnown(_ word: String) -> Bool {
    var entry = Entry()
    entry.take(word)
    return entry.others.isEmpty
  }
}

extension Progress.Entry {
  /// Adds what a word of a line says; a line that stands there twice says both.
  fileprivate mutating func take(_ word: String) {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("passed", 1): passed = true
    case ("skipped", 1): skipped = true
    case ("revealed", 1): revealed = true
    case ("checked", 2): checked = parts[1]
    case ("hints", 2):
      guard let read = Int(parts[1]), (0...3).contains(read) else { fallthrough }
      hints = max(hints, read)
    default: if !others.contains(word) { others.append(word) }
    }
  }
}
