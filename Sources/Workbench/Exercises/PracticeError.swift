/// Why a command of the learner's loop cannot do its work: one sentence.
enum PracticeError: Error, Equatable, CustomStringConvertible {
  /// What was asked for does not exist.
  case unknown(String)
  /// A file or folder of the book is missing or cannot be read.
  case cannotOpen(String)
  /// A file cannot be written.
  case cannotWrite(String)
  /// The toolchain or the built modules are missing, or a process cannot be started.
  case cannotRun(String)

  /// One sentence: what is missing, and what to do.
  var description: String {
    switch self {
    case .unknown(let text), .cannotOpen(let text), .cannotWrite(let text), .cannotRun(let text):
      text
    }
  }
}
