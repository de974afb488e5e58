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
  case pictures([Picture])
  /// Pictures that can be written as files.
  case files([PictureFile])
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
