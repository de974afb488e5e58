/// Collects the steps of a lesson; `if`, `for` and lists of steps may stand among them.
@resultBuilder
public enum StepBuilder {
  /// One step.
  public static func buildExpression(_ step: Step) -> [Step] { [step] }
  /// Several steps, made elsewhere.
  public static func buildExpression(_ steps: [Step]) -> [Step] { steps }
  /// A statement that shows nothing, such as an assignment.
  public static func buildExpression(_ nothing: Void) -> [Step] { [] }
  /// Steps in order.
  public static func buildBlock(_ parts: [Step]...) -> [Step] { parts.flatMap { $0 } }
  /// Steps that depend on a condition.
  public static func buildOptional(_ part: [Step]?) -> [Step] { part ?? [] }
  /// The first alternative.
  public static func buildEither(first part: [Step]) -> [Step] { part }
  /// The second alternative.
  public static func buildEither(second part: [Step]) -> [Step] { part }
  /// Steps for each of a list.
  public static func buildArray(_ parts: [[Step]]) -> [Step] { parts.flatMap { $0 } }
}
