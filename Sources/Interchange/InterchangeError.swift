/// Why the content of a file is not what it should be: malformed, damaged, or of a kind not read.
public struct InterchangeError: Error, Equatable, CustomStringConvertible {
  /// One sentence: what came, what was expected.
  public let description: String
  /// Whether it is not damaged, only of a kind that is not read.
  let isUnreadKind: Bool

  /// An error that says this sentence.
  public init(_ description: String) {
    self.init(description, isUnreadKind: false)
  }

  init(_ description: String, isUnreadKind: Bool) {
    self.description = description
    self.isUnreadKind = isUnreadKind
  }
}
