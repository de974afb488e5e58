/// What a learner has done, by exercise. Nothing depends on it but what is shown as done.
struct Progress: Equatable, Sendable {
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
  var version = Progress.knownVersion
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
