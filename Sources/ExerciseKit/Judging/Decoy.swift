/// A wrong solution that people really write: its name is the diagnosis.
public struct Decoy<Input, Output>: Sendable {
  /// The mistake in a few words: `kernel flipped`.
  public let name: String
  /// One sentence on what went wrong, for the learner who made it.
  public let explanation: String
  /// The wrong solution.
  public let solve: @Sendable (Input) throws -> Output

  /// A named wrong solution.
  public init(
    _ name: String, _ explanation: String, _ solve: @escaping @Sendable (Input) throws -> Output
  ) {
    (self.name, self.explanation, self.solve) = (name, explanation, solve)
  }
}
