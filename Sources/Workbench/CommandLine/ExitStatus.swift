import ConvolutionArithmetic
import Interchange
import Tensors

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

  /// Every code, and what it says.
  static let meanings: [(code: Int32, meaning: String)] = [
    (0, "Done."), (1, "A check or a claim failed."), (64, "Wrong use of the command line."),
    (65, "Input data that is malformed, or a geometry that is impossible."),
    (66, "A file that cannot be opened, or something that is not installed."),
    (73, "An output that cannot be written."),
  ]

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

/// The exit status of an error that comes from the modules below; nil if it is not known.
@Sendable func exitStatus(of error: any Error) -> ExitStatus? {
  switch error {
  case let error as GeometryError: .data(error.description)
  case let error as ShapeError: .data(error.description)
  case let error as FractionOverflow: .data(error.description)
  case let error as InterchangeError: .data(error.description)
  case FileProblem.cannotOpen(let sentence): .cannotOpen(sentence)
  case FileProblem.cannotWrite(let sentence): .cannotWrite(sentence)
  case let error as ExerciseError: error.status
  default: nil
  }
}

extension ExitStatus {
  /// The same with the name of what failed before it, unless it is named already.
  func naming(_ name: String) -> ExitStatus {
    description.contains(name) ? self : ExitStatus(code: code, "\(name): \(description)")
  }
}
