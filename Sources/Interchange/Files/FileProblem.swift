/// Why a file can't be opened, read or written, whatever its content.
public enum FileProblem: Error, Equatable, CustomStringConvertible {
  /// An input can't be opened or read; the sentence names the path and the reason.
  case cannotOpen(String)
  /// An output can't be written; the sentence names the path and the reason.
  case cannotWrite(String)

  /// One sentence: which file, and why.
  public var description: String {
    switch self {
    case .cannotOpen(let sentence), .cannotWrite(let sentence): sentence
    }
  }
}
