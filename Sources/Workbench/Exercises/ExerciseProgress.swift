import Interchange

/// What a learner has done, by exercise. Nothing depends on it but what is shown as done.
struct ExerciseProgress: Equatable, Sendable {
  /// What is known of one exercise.
  struct Entry: Equatable, Sendable {
    /// Its check has passed.
    var passed = false
    /// It was put off with `next --skip`.
    var skipped = false
    /// Its solution was shown before it was passed.
    var revealed = false
    /// How many hints were read.
    var hints = 0
    /// A fingerprint of the file that was checked last.
    var checked: String?
    /// Words of its line that say something else, as a later version of the book may write.
    var others: [String] = []

    /// Nothing is known.
    init() {}
  }

  private(set) var entries: [String: Entry] = [:]
  /// The version of the file that was read.
  var version = ExerciseProgress.knownVersion
  /// Lines that are no entry, as they stood.
  var otherLines: [String] = []

  /// Nothing done.
  init() {}

  /// What is known of the exercise of this name.
  subscript(name: String) -> Entry {
    get { entries[name] ?? Entry() }
    set { entries[name] = newValue == Entry() ? nil : newValue }
  }
}

/// A short fingerprint of a text (FNV-1a, 64 bits).
func fingerprint(_ text: String) -> String {
  String(
    text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 },
    radix: 16)
}

extension ExerciseProgress {
  static let firstLine = "convbook progress "
  static let knownVersion = 1
  private static let comment =
    "# One line for each exercise. Delete this file to begin again."

  /// The file's text: one line for each exercise, in alphabetical order, then whatever else was there.
  var text: String {
    var lines = [ExerciseProgress.firstLine + "\(version)", ExerciseProgress.comment]
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
    for line in text.split(whereSeparator: \.isNewline) where line != ExerciseProgress.comment {
      let words = line.split(separator: " ").map(String.init)
      if line.hasPrefix(ExerciseProgress.firstLine),
        let number = Int(line.dropFirst(ExerciseProgress.firstLine.count))
      {
        version = max(version, number)
      } else if words.count > 1, words[0].allSatisfy({ $0.isLetter || $0.isNumber }),
        words.dropFirst().contains(where: ExerciseProgress.isKnown)
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

extension ExerciseProgress.Entry {
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

/// The file in which progress is kept: `.convbook/progress` in the package folder.
///
/// It is replaced whole, under a lock, so that neither a crash half-way nor a second process can
/// spoil it. Lines that cannot be understood stay in it; a file of which nothing can be understood is
/// set aside beside it, never thrown away.
struct ProgressFile: Sendable {
  let folder: String
  var path: String { "\(folder)/progress" }

  /// The progress kept in this folder.
  init(_ book: BookFolder) {
    folder = book.ownFolder
  }

  /// What is kept, and a sentence if some of the file, or all of it, cannot be read.
  func read() -> (progress: ExerciseProgress, remark: String?) {
    guard Files.exists(path) else { return (ExerciseProgress(), nil) }
    let text: String
    do {
      text = try Files.read(path)
    } catch {
      return (ExerciseProgress(), "\(error), and progress is not kept")
    }
    let progress = ExerciseProgress(text: text)
    let unknown = progress.unknownLines
    if unknown == 0 || progress.version > ExerciseProgress.knownVersion { return (progress, nil) }
    guard progress.entries.isEmpty, !text.hasPrefix(ExerciseProgress.firstLine) else {
      let lines = unknown == 1 ? "one line" : "\(unknown) lines"
      return (
        progress, "\(lines) of \(path) cannot be understood; the rest is, and all stays there"
      )
    }
    let other = freeName()
    guard (try? Files.move(path, to: other)) != nil else {
      return (
        ExerciseProgress(),
        "\(path) is no progress file; it is left as it is, and progress is not kept"
      )
    }
    return (
      ExerciseProgress(),
      "\(path) is no progress file; it was set aside as \(other), a new one is begun"
    )
  }

  /// Changes what is kept. Returns sentences for the learner if something was in the way; nothing
  /// else depends on the file.
  func update(_ change: (inout ExerciseProgress) -> Void) -> [String] {
    do {
      try Files.makeFolder(folder)
      let lock = try FolderLock(folder, patience: 5)
      defer { withExtendedLifetime(lock) {} }
      let (before, remark) = read()
      var after = before
      change(&after)
      // One that can neither be read nor set aside is not written over.
      let isLeft = remark != nil && before == ExerciseProgress() && Files.exists(path)
      if after != before, !isLeft { try Files.write(after.text, to: path) }
      return remark.map { [$0] } ?? []
    } catch {
      return ["progress is not kept: \(error)"]
    }
  }

  private func freeName() -> String {
    for number in 1... where !Files.exists("\(path).set-aside-\(number)") {
      return "\(path).set-aside-\(number)"
    }
    preconditionFailure("more files than numbers")
  }
}
