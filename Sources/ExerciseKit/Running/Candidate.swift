public import Tensors

/// A learner's function, ready to be called with arguments that come in a ``Message``.
public struct Candidate {
  /// The exercise's name.
  public let name: String
  private let call: (inout Message) throws -> CaseResult

  /// A function of any arguments that can be sent.
  public init<each A: Transferable, R: Answer>(
    _ name: String, _ solve: @escaping (repeat each A) throws -> R
  ) {
    self.name = name
    call = { message in
      let arguments = (repeat try (each A)(from: &message))
      return CaseResult { try solve(repeat each arguments) }
    }
  }

  /// A function whose first argument is a network.
  public init<each A: Transferable, R: Answer>(
    _ name: String, _ solve: @escaping ((Tensor<Int>) -> Tensor<Int>, repeat each A) throws -> R
  ) {
    self.name = name
    call = { message in
      let network = try MovingNetwork(from: &message)
      let arguments = (repeat try (each A)(from: &message))
      return CaseResult { try solve({ network($0) }, repeat each arguments) }
    }
  }

  /// Calls the function with each case of a message, and tells what came of it, up to the first that
  /// has no answer.
  public func run(_ cases: Message, tell: (CaseResult) -> Void) throws {
    var cases = cases
    for _ in 0..<(try cases.word()) {
      let result = try call(&cases)
      tell(result)
      if !result.isAnswer { break }
    }
  }
}
