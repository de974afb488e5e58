/// What the body of an exercise throws until it is solved.
///
/// ```swift
/// public func flipped(_ w: Tensor<Int>) throws -> Tensor<Int> {
///   throw Unsolved()
/// }
/// ```
public struct Unsolved: Error, CustomStringConvertible {
  /// The error itself; it carries nothing.
  public init() {}

  /// One sentence.
  public var description: String { "this exercise is not solved yet" }
}
