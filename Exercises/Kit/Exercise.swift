/// An exercise: what it asks is in the solution's file; here is how an attempt at it is checked.
///
/// `Input` holds the arguments of one case, a tuple where there are several; `Output` is what the
/// learner's function returns.
public struct Exercise<Input: Sendable, Output: Answer>: Sendable {
  /// The function; with a capital letter it is the stem of the files.
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
  var mistakes: [String] { get }
  /// The function's type: `(Tensor<Int>, Size) throws -> Tensor<Int>`.
  var signature: String { get }
  /// The arguments of all cases, for the process that runs an attempt.
  var message: Message { get }
  /// The verdict on what an attempt did with the cases; the last result may be one that is no answer.
  func judge(_ results: [CaseResult]) -> Verdict
  /// The verdict on an attempt that came to no result in the case after these.
  func failure(
    _ outcome: Verdict.Outcome, after results: [CaseResult], detail: String
  ) -> Verdict
  /// The verdicts on the known mistakes.
  func judgeDecoys() -> [NamedVerdict]
  /// The verdicts on answers that compute nothing: constants, nothing at all, the input.
  func judgeTrivial() -> [NamedVerdict]
  /// The cases with their right answers and how the cells of those come about.
  func explained() throws -> [ExplainedCase]
}

/// A case as it is shown, with up to 30 cells of its right answer.
public struct ExplainedCase: Sendable {
  /// The arguments.
  public let arguments: [Shown]
  /// The right answer.
  public let expected: Shown
  /// The cells, with the lines of arithmetic for each.
  public let cells: [(text: String, arithmetic: [String])]
}

/// The verdict on a wrong answer that has a name.
public struct NamedVerdict: Sendable {
  /// What is wrong with the answer.
  public let name: String
  /// The verdict on it.
  public let verdict: Verdict
}

extension AnyExercise {
  /// The stem of the exercise's files: `Correlate1D`.
  public var stem: String { name.prefix(1).uppercased() + name.dropFirst() }
}

extension Exercise: AnyExercise {
  public var caseCount: Int { cases().count }

  public var mistakes: [String] { decoys.map(\.name) }

  public var signature: String {
    let parameters = cases().first.map { input in
      arguments(of: input).map { type(of: $0).parameterType }
    }
    return "(" + (parameters ?? []).joined(separator: ", ") + ") throws -> \(Output.self)"
  }

  public var message: Message {
    let inputs = cases()
    var message = Message()
    message.write(inputs.count)
    for argument in inputs.flatMap(arguments(of:)) { argument.write(to: &message) }
    return message
  }

  public func judge(_ results: [CaseResult]) -> Verdict { Judge(self).judge(results) }

  public func failure(
    _ outcome: Verdict.Outcome, after results: [CaseResult], detail: String
  ) -> Verdict {
    Judge(self).failure(outcome, after: results, detail: detail)
  }

  /// The arguments of one case, each by itself.
  private func arguments(of input: Input) -> [any Transferable] {
    if let only = input as? any Transferable { return [only] }
    return Mirror(reflecting: input).children.map { part in
      guard let argument = part.value as? any Transferable else {
        preconditionFailure("\(name) has an argument that cannot be sent: \(part.value)")
      }
      return argument
    }
  }

  public func judgeDecoys() -> [NamedVerdict] {
    let judge = Judge(self)
    return decoys.indices.map { decoy in
      var next = 0
      let verdict = judge.judge { _ in
        defer { next += 1 }
        guard let answer = judge.answer(ofDecoy: decoy, inCase: next) else { throw Unsolved() }
        return answer
      }
      return NamedVerdict(name: decoys[decoy].name, verdict: verdict)
    }
  }

  public func judgeTrivial() -> [NamedVerdict] {
    let judge = Judge(self)
    var found: [NamedVerdict] = []
    func add(_ name: String, _ answers: (Int) -> Output) {
      var next = 0
      let verdict = judge.judge { _ in
        defer { next += 1 }
        return answers(next)
      }
      found.append(NamedVerdict(name: name, verdict: verdict))
    }
    for (number, right) in judge.rights.enumerated() {
      add("the answer of case \(number + 1), always") { _ in right }
      for wrong in right.trivial { add("\(wrong.layout.lines), always") { _ in wrong } }
    }
    add("empty or zero") { judge.rights[$0].trivial[0] }
    add("zeros") { judge.rights[$0].trivial.last! }
    for position in 0..<6 {
      let given = judge.inputs.compactMap { argument(position, of: $0) }
      if given.count == judge.inputs.count {
        add("argument \(position) given back") { given[$0] }
      }
    }
    return found
  }

  public func explained() throws -> [ExplainedCase] {
    let judge = Judge(self)
    return try zip(judge.inputs, judge.rights).map { input, right in
      let layout = right.layout
      let step = max(1, layout.cells.count / 30)
      return ExplainedCase(
        arguments: show(input), expected: Shown("expected", right),
        cells: try stride(from: 0, to: layout.cells.count, by: step).map {
          (layout.cells[$0].text, try arithmetic(input, layout.coordinates(of: $0)))
        })
    }
  }

  /// The argument at `position`, if it is of the answer's type.
  private func argument(_ position: Int, of input: Input) -> Output? {
    if let whole = input as? Output { return position == 0 ? whole : nil }
    let parts = Array(Mirror(reflecting: input).children)
    return position < parts.count ? parts[position].value as? Output : nil
  }
}
