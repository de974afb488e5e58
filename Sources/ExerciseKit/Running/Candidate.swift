/// A learner's function bound to the exercise that checks it. The compiler holds the function to the
/// exercise's signature.
public struct Candidate {
  /// The exercise's name.
  public let name: String
  let judge: (_ started: (CaseNotice) -> Void) -> Verdict

  /// A function of one argument.
  public init<A, R>(_ exercise: Exercise<A, R>, _ solve: @escaping (A) throws -> R) {
    name = exercise.name
    judge = { exercise.judge(solve, started: $0) }
  }

  /// A function of two arguments.
  public init<A, B, R>(_ exercise: Exercise<(A, B), R>, _ solve: @escaping (A, B) throws -> R) {
    name = exercise.name
    judge = { exercise.judge({ try solve($0.0, $0.1) }, started: $0) }
  }

  /// A function of three arguments.
  public init<A, B, C, R>(
    _ exercise: Exercise<(A, B, C), R>, _ solve: @escaping (A, B, C) throws -> R
  ) {
    name = exercise.name
    judge = { exercise.judge({ try solve($0.0, $0.1, $0.2) }, started: $0) }
  }

  /// A function of four arguments.
  public init<A, B, C, D, R>(
    _ exercise: Exercise<(A, B, C, D), R>, _ solve: @escaping (A, B, C, D) throws -> R
  ) {
    name = exercise.name
    judge = { exercise.judge({ try solve($0.0, $0.1, $0.2, $0.3) }, started: $0) }
  }

  /// A function of five arguments.
  public init<A, B, C, D, E, R>(
    _ exercise: Exercise<(A, B, C, D, E), R>, _ solve: @escaping (A, B, C, D, E) throws -> R
  ) {
    name = exercise.name
    judge = { exercise.judge({ try solve($0.0, $0.1, $0.2, $0.3, $0.4) }, started: $0) }
  }

  /// A function of six arguments.
  public init<A, B, C, D, E, F, R>(
    _ exercise: Exercise<(A, B, C, D, E, F), R>,
    _ solve: @escaping (A, B, C, D, E, F) throws -> R
  ) {
    name = exercise.name
    judge = { exercise.judge({ try solve($0.0, $0.1, $0.2, $0.3, $0.4, $0.5) }, started: $0) }
  }

  /// The verdict on the function, judged in this process.
  public func verdict() -> Verdict { judge { _ in } }
}
