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
  /// The number of cases.
  public var caseCount: Int { cases().count }

  /// The names of the known mistakes.
  public var mistakes: [String] { decoys.map(\.name) }

  /// The function's type.
  public var signature: String {
    let parameters = cases().first.map { input in
      arguments(of: input).map { type(of: $0).parameterType }
    }
    return "(" + (parameters ?? []).joined(separator: ", ") + ") throws -> \(Output.self)"
  }

  /// The number of cases, and the arguments of each.
  public var message: Message {
    let inputs = cases()
    var message = Message()
    message.write(inputs.count)
    for argument in inputs.flatMap(arguments(of:)) { argument.write(to: &message) }
    return message
  }

  /// The verdict on what an attempt did with the cases.
  public func judge(_ results: [CaseResult]) -> Verdict { Bench(self).judge(results) }

  /// The verdict on an attempt that came to no result in the case after these.
  public func failure(
    _ outcome: Verdict.Outcome, after results: [CaseResult], detail: String
  ) -> Verdict {
    Bench(self).failure(outcome, after: results, detail: detail)
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

  /// The verdicts on the known mistakes.
  public func judgeDecoys() -> [NamedVerdict] {
    let bench = Bench(self)
    return decoys.indices.map { decoy in
      var next = 0
      let verdict = bench.judge { _ in
        defer { next += 1 }
        guard let answer = bench.answer(ofDecoy: decoy, inCase: next) else { throw Unsolved() }
        return answer
      }
      return NamedVerdict(name: decoys[decoy].name, verdict: verdict)
    }
  }

  /// The verdicts on answers that compute nothing.
  public func judgeTrivial() -> [NamedVerdict] {
    let bench = Bench(self)
    var found: [NamedVerdict] = []
    func judge(_ name: String, _ answers: (Int) -> Output) {
      var next = 0
      let verdict = bench.judge { _ in
        defer { next += 1 }
        return answers(next)
      }
      found.append(NamedVerdict(name: name, verdict: verdict))
    }
    for (number, right) in bench.rights.enumerated() {
      judge("the answer of case \(number + 1), always") { _ in right }
      for wrong in right.trivial { judge("\(wrong.layout.lines), always") { _ in wrong } }
    }
    judge("empty or zero") { bench.rights[$0].trivial[0] }
    judge("zeros") { bench.rights[$0].trivial.last! }
    for position in 0..<6 {
      let given = bench.inputs.compactMap { argument(position, of: $0) }
      if given.count == bench.inputs.count {
        judge("argument \(position) given back") { given[$0] }
      }
    }
    return found
  }

  /// The cases, explained.
  public func explained() throws -> [ExplainedCase] {
    let bench = Bench(self)
    return try zip(bench.inputs, bench.rights).map { input, right in
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
