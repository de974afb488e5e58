import ExerciseKit

/// A verdict as lines of text for a learner.
struct VerdictText {
  let book: BookFolder
  let width: Int
  let color: Bool

  /// Texts of this width, with or without colour.
  init(_ book: BookFolder, width: Int, color: Bool) {
    (self.book, self.width, self.color) = (book, max(40, width), color)
  }

  /// One line: number, name and outcome.
  func summary(_ verdict: Verdict) -> String {
    let number = number(verdict)
    let place = verdict.caseNumber.map { ", case \($0) of \(verdict.caseCount ?? $0)" } ?? ""
    let diagnosis = verdict.diagnosis.map { " (\($0))" } ?? ""
    return padded("\(number)", to: 3) + padded(verdict.exercise, to: 28)
      + words(verdict.outcome) + place + diagnosis
  }

  /// Everything there is to say, most important first.
  func lines(_ verdict: Verdict) -> [String] {
    let number = number(verdict)
    let name = "exercise \(number), \(verdict.exercise)"
    switch verdict.outcome {
    case .passed:
      return [paint("[passed] \(name): all \(verdict.caseCount ?? 0) cases are right", "32")]
        + printed(verdict)
    case .unsolved:
      return [
        "[not solved yet] \(name)",
        "  edit Exercises/Attempts/\(stem(verdict)).swift; convbook hint \(number) gives a hint",
      ]
    case .missing:
      return [paint("[missing] \(name)", "31")] + text(verdict.detail)
    case .compileError:
      return [paint("[does not compile] \(name)", "31")] + verdict.output + reading(verdict)
    default:
      return [paint("[\(words(verdict.outcome))] \(name)\(place(verdict))", "31")]
        + failure(verdict)
    }
  }

  private func failure(_ verdict: Verdict) -> [String] {
    var lines = text(verdict.detail) + [""]
    if !verdict.arguments.isEmpty {
      lines += verdict.arguments.flatMap(shown) + [""]
    }
    if let expected = verdict.expected, let got = verdict.got {
      lines += shown(expected) + shown(got) + [""]
    }
    if !verdict.arithmetic.isEmpty {
      lines += text("how it comes about:")
      lines += verdict.arithmetic.flatMap { wrapped($0, to: width - 4) }.map { "    " + $0 } + [""]
    }
    if let tolerance = verdict.tolerance {
      lines += text("an answer may be off by \(tolerance) · max(1, |expected|)") + [""]
    }
    if let diagnosis = verdict.diagnosis {
      lines += text("This is what you get with: \(diagnosis). \(verdict.explanation ?? "")") + [""]
    }
    return lines + printed(verdict) + reading(verdict)
  }

  /// A value; one that is a single long line is broken at its spaces.
  private func shown(_ value: Shown) -> [String] {
    let lines =
      value.lines.count > 1 ? value.text : value.text.flatMap { wrapped($0, to: width - 8) }
    return lines.enumerated().map {
      (value.lines.count == 1 && $0 > 0 ? "        " : "    ") + $1
    }
  }

  private func reading(_ verdict: Verdict) -> [String] {
    var lines = [
      "  file          Exercises/Attempts/\(stem(verdict)).swift",
      "  read again    convbook lesson \(verdict.lesson)",
    ]
    if let replay = verdict.replay {
      let command = shellLines(replay, to: width - 16)
      lines += zip(command.indices, command).map {
        ($0 == 0 ? "  step by step  " : String(repeating: " ", count: 16)) + $1
      }
    }
    return lines + ["  a hint        convbook hint \(number(verdict))"]
  }

  private func printed(_ verdict: Verdict) -> [String] {
    guard !verdict.output.isEmpty else { return [] }
    return ["  your file printed:"] + verdict.output.map { "    " + $0 } + [""]
  }

  private func text(_ sentence: String) -> [String] {
    wrapped(sentence, to: width - 2).map { "  " + $0 }
  }

  private func place(_ verdict: Verdict) -> String {
    verdict.caseNumber.map { ": case \($0) of \(verdict.caseCount ?? $0)" } ?? ""
  }

  private func words(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .unsolved: "not solved yet"
    case .missing: "missing"
    case .compileError: "does not compile"
    case .crashed: "crashed"
    case .timedOut: "no end"
    case .exited: "ended by itself"
    case .threw: "threw an error"
    case .wrongShape: "wrong shape"
    case .wrongValue: "wrong value"
    case .passed: "passed"
    }
  }

  private func number(_ verdict: Verdict) -> Int {
    (book.exercises.firstIndex { $0.name == verdict.exercise } ?? -1) + 1
  }

  private func stem(_ verdict: Verdict) -> String {
    verdict.exercise.prefix(1).uppercased() + verdict.exercise.dropFirst()
  }

  private func paint(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
