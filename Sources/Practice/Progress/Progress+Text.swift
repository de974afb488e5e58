extension Progress {
  /// Why a text is no progress file of ours.
  enum Trouble: Error, Equatable {
    /// It was written by a later version of the book.
    case newer(String)
    /// A line cannot be read.
    case unreadable(line: Int)
  }

  static let firstLine = "convbook progress "
  static let version = 1

  /// The file's text: one line for each exercise, in alphabetical order.
  var text: String {
    var lines = [
      Progress.firstLine + "\(Progress.version)",
      "# One line for each exercise. Delete this file to begin again.",
    ]
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      var words = [name]
      if entry.revealed { words.append("revealed") }
      if entry.passed { words.append("passed") }
      if entry.skipped { words.append("skipped") }
      if entry.hints > 0 { words.append("hints=\(entry.hints)") }
      if let checked = entry.checked { words.append("checked=\(checked)") }
      lines.append(words.joined(separator: " "))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Reads a file's text.
  init(text: String) throws(Trouble) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, first.hasPrefix(Progress.firstLine),
      let version = Int(first.dropFirst(Progress.firstLine.count))
    else { throw .unreadable(line: 1) }
    guard version <= Progress.version else { throw .newer("\(version)") }
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty && line.first != "#" {
      let words = line.split(separator: " ")
      guard let name = words.first, name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
        throw .unreadable(line: index + 1)
      }
      var entry = Entry()
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", maxSplits: 1)
        switch (parts.first, parts.count) {
        case ("passed", 1): entry.passed = true
        case ("skipped", 1): entry.skipped = true
        case ("revealed", 1): entry.revealed = true
        case ("checked", 2): entry.checked = String(parts[1])
        case ("hints", 2):
          guard let hints = Int(parts[1]), (0...3).contains(hints) else {
            throw .unreadable(line: index + 1)
          }
          entry.hints = hints
        default: throw .unreadable(line: index + 1)
        }
      }
      self[String(name)] = entry
    }
    // A file that was cut off half-way ends without an end of line.
    guard text.hasSuffix("\n") else { throw .unreadable(line: lines.count) }
  }
}
