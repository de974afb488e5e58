/// What a lesson leaves behind: its rule, and one sentence of it with numbers.
///
/// Both stand in the lesson already, under the heading that begins with “The rule”; nothing is written
/// twice.
public struct Recap: Sendable {
  /// The rule: its formulas and tables, or its prose where it has neither; then a claim.
  public let steps: [Step]

  /// - Parameter steps: those of the whole lesson.
  public init(of steps: [Step]) {
    var isRule = false
    var rule: [Step] = []
    for step in steps {
      if case .heading(let title) = step {
        isRule = title.hasPrefix("The rule")
      } else if isRule {
        rule.append(step)
      }
    }
    // Prose says the rule only where no formula does.
    let inWords = rule.contains { $0.kind == "formula" } ? "formula" : "prose"
    let worked = (rule + steps).first { $0.kind == "claim" }
    self.steps =
      rule.filter { $0.kind == inWords || $0.kind == "table" } + (worked.map { [$0] } ?? [])
  }
}
