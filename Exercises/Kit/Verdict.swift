/// What a check found.
public struct Verdict: Equatable, Sendable {
  /// The outcomes.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The body still throws `Unsolved`.
    case unsolved
    /// The file is not there.
    case missing
    /// The file does not compile.
    case compileError
    /// The process died: an index out of bounds, `fatalError`, no memory.
    case crashed
    /// The process did not end in time.
    case timedOut
    /// The process ended by itself before the check was done.
    case exited
    /// The function threw an error of its own.
    case threw
    /// An answer has the wrong shape.
    case wrongShape
    /// An answer has a wrong number.
    case wrongValue
    /// Every case is right.
    case passed
  }

  /// The exercise's name.
  public var exercise: String
  /// What was found.
  public var outcome: Outcome
  /// The lesson to read.
  public var lesson: Int
  /// The failing case, from 1.
  public var caseNumber: Int?
  /// The number of cases.
  public var caseCount: Int?
  /// The arguments of the failing case.
  public var arguments: [Shown] = []
  /// The right answer.
  public var expected: Shown?
  /// The answer that came.
  public var got: Shown?
  /// One sentence: which cell, or which shape, or what the process said.
  public var detail = ""
  /// The arithmetic of the first wrong cell.
  public var arithmetic: [String] = []
  /// The known mistake that gives the same answers.
  public var diagnosis: String?
  /// What went wrong there.
  public var explanation: String?
  /// How far an answer may be off, where it may.
  public var tolerance: Double?
  /// The command that replays the failing case.
  public var replay: String?
  /// What the attempt printed, or the compiler.
  public var output: [String] = []

  /// A verdict on an exercise.
  public init(_ exercise: String, _ outcome: Outcome, lesson: Int, detail: String = "") {
    (self.exercise, self.outcome, self.lesson, self.detail) = (exercise, outcome, lesson, detail)
  }

  /// Whether it is neither passed nor unsolved.
  public var isFailure: Bool { outcome != .passed && outcome != .unsolved }
}

/// A named value as a check shows it: a parameter of a case, the expected answer, the one that came.
public struct Shown: Equatable, Sendable {
  /// The parameter's name.
  public let name: String
  /// The extents in words; empty for a single number.
  public let shape: String
  /// The value in lines of text.
  public let lines: [String]

  /// A value with a name.
  public init(_ name: String, _ value: some Answer) { self.init(name, value.layout) }

  /// An answer that is laid out, with a name.
  init(_ name: String, _ layout: AnswerLayout) {
    self.name = name
    shape = layout.shape.isEmpty ? "" : layout.shapeText
    lines = layout.lines
  }

  /// An answer of which the part around a cell is shown, if it is large.
  init(_ name: String, _ layout: AnswerLayout, around place: [Int]) {
    self.name = name
    shape = layout.shape.isEmpty ? "" : layout.shapeText
    lines = layout.lines(around: place)
  }

  private init(_ name: String, shape: String, lines: [String]) {
    (self.name, self.shape, self.lines) = (name, shape, lines)
  }

  /// The same with its lines changed.
  public func mapLines(_ change: (String) -> String) -> Shown {
    Shown(name, shape: shape, lines: lines.map(change))
  }

  /// A text with a name.
  public init(_ name: String, text: String) {
    (self.name, shape, lines) = (name, "", [text])
  }

  /// `stride = 2`, or the name with its shape and the value in indented lines below it.
  public var text: [String] {
    if lines.count == 1 { return ["\(name) = \(lines[0])"] }
    return ["\(name) \(shape) ="] + lines.map { "  " + $0 }
  }
}
