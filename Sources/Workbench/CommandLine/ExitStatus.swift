/// Why a command ends early: a code for the shell and one sentence for the person.
///
/// The sentence says what came, what was expected and the valid range; it goes to standard error.
struct ExitStatus: Error, Equatable, Sendable, CustomStringConvertible {
  /// The process's exit code.
  let code: Int32
  /// One sentence, without a full stop at the end.
  let description: String

  /// A code with its sentence; an empty sentence prints nothing.
  init(code: Int32, _ description: String) {
    self.code = code
    self.description = description
  }

  /// 1: a check or a claim failed.
  static func failed(_ description: String) -> ExitStatus {
    ExitStatus(code: 1, description)
  }

  /// 64: wrong use of the command line.
  static func usage(_ description: String) -> ExitStatus {
    ExitStatus(code: 64, description)
  }

  /// 65: input data that is malformed, or a geometry that is impossible.
  static func data(_ description: String) -> ExitStatus {
    ExitStatus(code: 65, description)
  }

  /// 66: a file that cannot be opened.
  static func cannotOpen(_ description: String) -> ExitStatus {
    ExitStatus(code: 66, description)
  }

  /// 73: an output that cannot be written.
  static func cannotWrite(_ description: String) -> ExitStatus {
    ExitStatus(code: 73, description)
  }
}
