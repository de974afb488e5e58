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

/// What can be said of every exercise, whatever its types.
public protocol AnyExercise: Sendable {
  /// The name of the function.
  var name: String { get }
  /// The lesson to read.
  var lesson: Int { get }
  /// The task in a few words.
  var title: String { get }
  /// A question, the formula, nearly the code.
  var hints: [String] { get }
  /// The number of cases.
  var caseCount: Int { get }
  /// The names of the known mistakes.
  var decoyNames: [String] { get }
  /// The verdict on a known mistake.
  func judgeDecoy(_ index: Int) -> Verdict
  /// The verdicts on answers that compute nothing: constants, nothing at all, the input.
  func judgeTrivial() -> [(name: String, verdict: Verdict)]
}

extension AnyExercise {
  /// The stem of the exercise's files: `Correlate1D`.
  public var stem: String { name.prefix(1).uppercased() + name.dropFirst() }
}

extension Exercise: AnyExercise {
  /// The number of cases.
  public var caseCount: Int { cases().count }
  /// The names of the known mistakes.
  public var decoyNames: [String] { decoys.map(\.name) }
  /// The verdict on a known mistake.
  public func judgeDecoy(_ index: Int) -> Verdict { judge(decoys[index].solve) }

  /// The verdicts on answers that compute nothing.
  public func judgeTrivial() -> [(name: String, verdict: Verdict)] {
    var found: [(String, Verdict)] = []
    for (number, input) in cases().enumerated() {
      guard let right = try? expected(input) else { continue }
      found.append(("the answer of case \(number + 1), always", judge { _ in right }))
      for wrong in right.trivial {
        found.append(("\(wrong.layout.lines), always", judge { _ in wrong }))
      }
    }
    found.append(("empty or zero", judge { try expected($0).trivial[0] }))
    found.append(("zeros", judge { try expected($0).trivial.last! }))
    found += (0..<6).compactMap { position in
      guard cases().allSatisfy({ argument(position, of: $0) != nil }) else { return nil }
      return (
        "argument \(position) given back", judge { argument(position, of: $0)! }
      )
    }
    return found.map { (name: $0.0, verdict: $0.1) }
  }

  /// The argument at `position`, if it is of the answer's type.
  private func argument(_ position: Int, of input: Input) -> Output? {
    if let whole = input as? Output { return position == 0 ? whole : nil }
    let parts = Array(Mirror(reflecting: input).children)
    return position < parts.count ? parts[position].value as? Output : nil
  }
}
