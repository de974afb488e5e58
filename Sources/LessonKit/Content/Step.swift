public import Tensors

/// One step of a lesson. It says what there is to show, never how it is drawn.
///
/// In texts, a pair of backquotes marks `code`. Use the characters · × − ≤ ≥ ⌊ ⌋ ⌈ ⌉ ′ Σ → ½ freely:
/// plain output spells them in ASCII (see ``Glyphs``).
public enum Step: Sendable {
  /// The title of what follows.
  case heading(String)
  /// A paragraph.
  case prose(String)
  /// Lines of a formula or of code, kept as they are.
  case formula([String])
  /// Maps side by side, with operators between them.
  case grids([Grid], operators: [String])
  /// The arithmetic of a case, cell by cell.
  case trace(Trace)
  /// Rows and columns.
  case table(Table)
  /// A question to answer before reading on.
  case prediction(Prediction)
  /// A sentence with the computation that proves it.
  case claim(Claim)
  /// Small pictures side by side.
  case pictures([MapPicture])
  /// Pictures that can be written as files.
  case files([LessonFile])
  /// A drawing of what the steps beside it say in text; a page shows it, a terminal does not.
  case figure(Figure)

  /// The name of the kind, as JSON shows it.
  public var kind: String {
    switch self {
    case .heading: "heading"
    case .prose: "prose"
    case .formula: "formula"
    case .grids: "grids"
    case .trace: "trace"
    case .table: "table"
    case .prediction: "prediction"
    case .claim: "claim"
    case .pictures: "picture"
    case .files: "files"
    case .figure: "figure"
    }
  }
}

/// A sentence, and whether the computation made as the lesson ran proves it.
public struct Claim: Hashable, Sendable {
  /// What is claimed.
  public let sentence: String
  /// What was computed.
  public let evidence: String
  /// Whether the computation agrees.
  public let holds: Bool

  public init(_ sentence: String, evidence: String, holds: Bool) {
    (self.sentence, self.evidence, self.holds) = (sentence, evidence, holds)
  }
}

/// Rows and columns of text.
public struct Table: Hashable, Sendable {
  /// The head of each column.
  public let columns: [String]
  /// The rows; each has a text for each column.
  public let rows: [[String]]

  /// A table; every row must be as long as the head.
  public init(_ columns: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row for \(columns) is ragged")
    (self.columns, self.rows) = (columns, rows)
  }
}

/// Collects the steps of a lesson; `if`, `for` and lists of steps may stand among them.
@resultBuilder
public enum StepBuilder {
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

// The vocabulary of a lesson: one function for each kind of step.

/// The title of what follows.
public func heading(_ title: String) -> Step { .heading(title) }

/// A paragraph.
public func prose(_ text: String) -> Step { .prose(text) }

/// Lines kept as they are: a formula and its substitution, or code.
public func formula(_ lines: String...) -> Step { .formula(lines) }

/// Lines kept as they are, made elsewhere.
public func formula(_ lines: [String]) -> Step { .formula(lines) }

/// Maps side by side, with operators between them: `grids(input, kernel, output, between: "∗", "=")`.
public func grids(_ grids: Grid..., between operators: String...) -> Step {
  .grids(grids, operators: operators)
}

/// Maps side by side, as many as a computation gives.
public func grids(_ grids: [Grid], between operators: [String] = []) -> Step {
  .grids(grids, operators: operators)
}

/// The arithmetic of a case.
public func trace(_ trace: Trace) -> Step { .trace(trace) }

/// A drawing beside what the text says.
public func figure(_ figure: Figure) -> Step { .figure(figure) }

public func table(_ columns: [String], rows: [[String]]) -> Step {
  .table(Table(columns, rows: rows))
}

/// A question to answer before reading on; `anyOrder` where it asks for a set, `also` for other words
/// that are right.
public func predict(
  _ question: String, answer: String, why: String, anyOrder: Bool = false, also: [String] = []
) -> Step {
  .prediction(
    Prediction(question: question, answer: answer, why: why, anyOrder: anyOrder, also: also))
}

/// Small pictures side by side.
public func pictures(_ pictures: MapPicture...) -> Step { .pictures(pictures) }

/// Pictures that can be written as files; the text names them in a sentence.
public func files(_ files: [LessonFile]) -> Step { .files(files) }

/// A sentence that `holds` proves, with its evidence in words and numbers.
public func claim(_ sentence: String, evidence: String, holds: Bool) -> Step {
  .claim(Claim(sentence, evidence: evidence, holds: holds))
}

/// A sentence that two equal values prove; the evidence shows them.
public func claim<Value: Equatable & Evidence>(
  _ sentence: String, _ got: Value, equals want: Value
) -> Step {
  claim(
    sentence, got.evidence, want.evidence, areEqual: got == want, holds: got == want)
}

/// A sentence that two different values prove; the evidence shows them.
public func claim<Value: Equatable & Evidence>(
  _ sentence: String, _ got: Value, differsFrom other: Value
) -> Step {
  claim(
    sentence, got.evidence, other.evidence, areEqual: got == other, holds: got != other)
}

/// A sentence with the two values that were computed for it, on their own ways.
private func claim(
  _ sentence: String, _ got: String, _ other: String, areEqual: Bool, holds: Bool
) -> Step {
  let equal = got.count > 20 ? "equal on both sides: \(got)" : "\(got) = \(other)"
  return .claim(
    Claim(sentence, evidence: areEqual ? equal : "\(got) is not \(other)", holds: holds))
}

/// The cells of a tensor on one line: `1 2 3`, with `/` between rows and `|` between maps.
///
/// ```swift
/// cellsText(Tensor([[1, 2], [3, 4]]))   // "1 2 / 3 4"
/// ```
public func cellsText<Scalar: CustomStringConvertible>(_ tensor: Tensor<Scalar>) -> String {
  guard tensor.shape.rank == 4 else {
    return tensor.elements.map { numberText($0) }.joined(separator: " ")
  }
  return (0..<tensor.batch * tensor.channels).map { map in
    tensor.cellTexts(batch: map / tensor.channels, channel: map % tensor.channels)
      .map { $0.joined(separator: " ") }.joined(separator: " / ")
  }.joined(separator: " | ")
}

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
