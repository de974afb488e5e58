/// An exercise: what it asks is in the solution's file; here is how an attempt at it is checked.
///
/// `Input` holds the arguments of one case, a tuple where there are several; `Output` is what the
/// learner's function returns.
public struct Exercise<Input: Sendable, Output: Answer>: Sendable {
  /// The name of the function; with a capital letter it is the stem of the files.
  public let name: String
  /// The lesson to read.
  public let lesson: Int
  /// The task in a few words.
  public let title: String
  /// A question, the formula, nearly the code.
  public let hints: [String]
  /// Largest accepted |got − expected| / max(1, |expected|); 0 where answers are exact.
  public let tolerance: Double
  /// The cases, smallest first.
  public let cases: @Sendable () -> [Input]
  /// The arguments of a case as they are shown.
  public let show: @Sendable (Input) -> [Shown]
  /// The right answer, computed by the book's own definitions.
  public let expected: @Sendable (Input) throws -> Output
  /// How the cell at these coordinates of the right answer comes about, in lines of arithmetic.
  public let arithmetic: @Sendable (Input, [Int]) throws -> [String]
  /// The command that replays a case step by step, where there is one.
  public let replay: @Sendable (Input) -> String?
  /// Known mistakes.
  public let decoys: [Decoy<Input, Output>]

  /// An exercise with its cases, its right answers and the mistakes that are known by name.
  public init(
    _ name: String, lesson: Int, title: String, hints: [String], tolerance: Double = 0,
    cases: @escaping @Sendable () -> [Input],
    show: @escaping @Sendable (Input) -> [Shown],
    expected: @escaping @Sendable (Input) throws -> Output,
    arithmetic: @escaping @Sendable (Input, [Int]) throws -> [String],
    replay: @escaping @Sendable (Input) -> String? = { _ in nil },
    decoys: [Decoy<Input, Output>]
  ) {
    (self.name, self.lesson, self.title, self.hints) = (name, lesson, title, hints)
    (self.tolerance, self.cases, self.show) = (tolerance, cases, show)
    (self.expected, self.arithmetic, self.replay) = (expected, arithmetic, replay)
    self.decoys = decoys
  }
}
