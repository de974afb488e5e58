import ConvolutionArithmetic
import Interchange
import Tensors

/// The exit status of an error that comes from the modules below; nil if it is not known.
@Sendable func exitStatus(of error: any Error) -> ExitStatus? {
  switch error {
  case let error as GeometryError: .data(error.description)
  case let error as ShapeError: .data(error.description)
  case let error as FractionOverflow: .data(error.description)
  case let error as InterchangeError: .data(error.description)
  case FileProblem.cannotOpen(let sentence): .cannotOpen(sentence)
  case FileProblem.cannotWrite(let sentence): .cannotWrite(sentence)
  case let error as PracticeError: practiceStatus(error)
  default: nil
  }
}

extension ExitStatus {
  /// The same with the name of what failed before it, unless it is named already.
  func naming(_ name: String) -> ExitStatus {
    description.contains(name) ? self : ExitStatus(code: code, "\(name): \(description)")
  }
}
