/// Why the content of a file is not what it should be: malformed, damaged, or of a kind not read.
public struct InterchangeError: Error, Equatable, CustomStringConvertible {
  /// One sentence: what came, what was expected.
  public let description: String

  /// An error that says this sentence.
  public init(_ description: String) {
    self.description = description
  }
}
