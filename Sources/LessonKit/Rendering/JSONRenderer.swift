package import Tensors

/// Writes lessons and traces as JSON; every step has a `kind`.
public struct JSONRenderer: Sendable {
  public init() {}

  /// The whole lesson, ended by a line break.
  public func text(of lesson: Lesson, steps: [Step], next: Lesson? = nil) -> String {
    value(of: lesson, steps: steps, next: next).text + "\n"
  }

  /// The whole lesson.
  package func value(of lesson: Lesson, steps: [Step], next: Lesson?) -> JSON {
    .object(
      members(of: lesson) + [
        ("parameters", strings(lesson.parameters.names.map { $0.rawValue })),
        ("next", next.map { .integer($0.number) } ?? .null),
        ("holds", .bool(steps.allClaimsHold)),
        ("steps", .array(steps.map(value))),
      ])
  }

  /// What a list of lessons says of each.
  package func members(of lesson: Lesson) -> [(String, JSON)] {
    [
      ("number", .integer(lesson.number)), ("name", .string(lesson.slug)),
      ("title", .string(lesson.title)),
      ("part", .string("\(lesson.part.numeral) \(lesson.part.rawValue)")),
      ("question", .string(lesson.question)),
      ("corrects", lesson.corrects.map(JSON.string) ?? .null),
      ("exercises", strings(lesson.exercises)),
    ]
  }

  package func value(of step: Step) -> JSON {
    let members: [(String, JSON)] =
      switch step {
      case .heading(let text), .prose(let text): [("text", .string(text))]
      case .formula(let lines): [("lines", strings(lines))]
      case .grids(let grids, let operators):
        [("grids", .array(grids.map(value))), ("operators", strings(operators))]
      case .trace(let trace): members(of: trace)
      case .table(let table):
        [("columns", strings(table.columns)), ("rows", .array(table.rows.map(strings)))]
      case .prediction(let prediction):
        [
          ("question", .string(prediction.question)), ("answer", .string(prediction.answer)),
          ("why", .string(prediction.why)),
        ]
      case .claim(let claim):
        [
          ("sentence", .string(claim.sentence)), ("evidence", .string(claim.evidence)),
          ("holds", .bool(claim.holds)),
        ]
      case .pictures(let pictures): [("pictures", .array(pictures.map(value)))]
      case .figure(let figure):
        [("form", .string(figure.form.rawValue)), ("caption", .string(figure.caption ?? ""))]
      case .files(let files):
        [
          (
            "files",
            .array(
              files.map { .object([("name", .string($0.name)), ("shows", .string($0.shows))]) })
          )
        ]
      }
    return .object([("kind", .string(step.kind))] + members)
  }

  private func members(of trace: Trace) -> [(String, JSON)] {
    [
      ("form", .string(trace.form.rawValue)), ("notes", strings(trace.notes)),
      ("given", .array(trace.given.map(value))), ("stamps", .array(trace.stamps.map(value))),
      ("equations", .array(trace.equations.map(value))),
      ("outcome", .array(trace.outcome.map(value))),
    ]
  }

  private func value(of equation: Equation) -> JSON {
    .object([
      ("cell", .string(equation.cell)), ("picture", .integer(equation.picture)),
      (
        "place",
        .array([
          .integer(equation.place.map), .integer(equation.place.row),
          .integer(equation.place.column),
        ])
      ),
      (
        "terms",
        .array(
          equation.terms.map {
            .object([("input", number($0.input)), ("kernel", number($0.factor ?? "1"))])
          })
      ),
      ("bias", equation.bias.map(number) ?? .null), ("value", number(equation.value)),
      ("onPadding", .integer(equation.padded)), ("text", .string(equation.text)),
    ])
  }

  private func value(of grid: Grid) -> JSON {
    let window = grid.rows.indices.flatMap { row in
      grid.rows[row].indices.filter { grid.rows[row][$0].mark == .window }
        .map { JSON.array([.integer(row), .integer($0)]) }
    }
    return .object([
      ("role", .string(grid.role.rawValue)), ("title", .string(grid.title)),
      ("size", value(of: grid.size)),
      ("rows", .array(grid.rows.map { .array($0.map { number($0.text) }) })),
      ("rowLabels", strings(grid.rowLabels)), ("window", .array(window)),
    ])
  }

  private func value(of picture: MapPicture) -> JSON {
    .object([
      ("title", .string(picture.title)), ("style", .string(picture.style.rawValue)),
      (
        "rows",
        .array(
          picture.rows.map { row in
            .array(row.map { picture.style == .labels ? .integer(Int($0)) : .number($0) })
          })
      ),
    ])
  }

  private func value(of size: Size) -> JSON {
    .array([.integer(size.height), .integer(size.width)])
  }

  /// A number as a program reads it: `-1/2`, where a person reads `-½`.
  private func number(_ text: String) -> JSON { .string(Fraction.plain(text)) }

  private func strings(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }
}
