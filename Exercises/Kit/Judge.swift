extension Exercise {
  /// The verdict on a candidate. It is about the smallest failing case, whether an error, a shape or a
  /// number is wrong there; the cases after it are run for the diagnosis, which must explain them all.
  public func judge(_ candidate: (Input) throws -> Output) -> Verdict {
    Judge(self).judge(candidate)
  }
}

/// An exercise made ready to judge: its cases, their right answers and what known mistakes answer,
/// each computed once.
final class Judge<Input: Sendable, Output: Answer> {
  let exercise: Exercise<Input, Output>
  let inputs: [Input]

  init(_ exercise: Exercise<Input, Output>) {
    self.exercise = exercise
    inputs = exercise.cases()
  }

  lazy var rights: [Output] = inputs.map { input in
    do {
      return try exercise.expected(input)
    } catch {
      preconditionFailure("\(exercise.name) has a case without an answer: \(error)")
    }
  }

  private var decoyAnswers: [Int: Output?] = [:]

  /// What a decoy answers in a case; nil where it throws. Computed when it is first asked for.
  func answer(ofDecoy decoy: Int, inCase index: Int) -> Output? {
    let key = decoy * inputs.count + index
    if let known = decoyAnswers[key] { return known }
    let answer = try? exercise.decoys[decoy].solve(inputs[index])
    decoyAnswers[key] = .some(answer)
    return answer
  }

  func judge(_ candidate: (Input) throws -> Output) -> Verdict {
    var results: [CaseResult] = []
    for input in inputs where results.last?.isAnswer ?? true {
      results.append(CaseResult { try candidate(input) })
    }
    return judge(results)
  }

  /// The verdict on the results of all cases, or of the first ones if the last of them is no answer.
  func judge(_ results: [CaseResult]) -> Verdict {
    var got: [AnswerLayout] = []
    var fault: Verdict?
    for (index, result) in results.enumerated() {
      switch result {
      case .answer(let layout):
        got.append(layout)
        fault = fault ?? self.fault(index, layout)
      case .unsolved: return Verdict(exercise.name, .unsolved, lesson: exercise.lesson)
      case .threw(let error):
        fault?.detail += "; case \(index + 1) throws an error: \(error)"
        return fault ?? failing(.threw, index, detail: "the function threw an error: \(error)")
      }
    }
    precondition(got.count == inputs.count, "\(got.count) answers for \(inputs.count) cases")
    if var fault {
      (fault.diagnosis, fault.explanation) = diagnosis(of: got, first: (fault.caseNumber ?? 1) - 1)
      return fault
    }
    var verdict = Verdict(exercise.name, .passed, lesson: exercise.lesson)
    verdict.caseCount = inputs.count
    return verdict
  }

  /// The verdict on an attempt that came to no result in the case after these. What is wrong with an
  /// answer before is still what must be mended first.
  func failure(
    _ outcome: Verdict.Outcome, after results: [CaseResult], detail: String
  ) -> Verdict {
    var answers: [AnswerLayout] = []
    for case .answer(let layout) in results.prefix(inputs.count) { answers.append(layout) }
    let index = min(answers.count, inputs.count - 1)
    let faults = answers.indices.lazy.compactMap { self.fault($0, answers[$0]) }
    guard var fault = faults.first else { return failing(outcome, index, detail: detail) }
    fault.detail += "; case \(index + 1) does not end well: \(detail)"
    return fault
  }

  /// What is wrong with the answer of one case: its first cell that differs or is missing, with the
  /// arithmetic of that cell; nil if it is right.
  private func fault(_ index: Int, _ got: AnswerLayout) -> Verdict? {
    let want = rights[index].layout
    func cell(_ position: Int) -> Cell? {
      got.cell(at: want.coordinates(of: position), rank: want.shape.count)
    }
    let wrong = want.cells.indices.filter { position in
      cell(position)?.agrees(with: want.cells[position], tolerance: exercise.tolerance) != true
    }
    let isSameShape = want.hasShape(of: got)
    if isSameShape, wrong.isEmpty { return nil }

    var parts = isSameShape ? [] : ["the shape is \(got.shapeText), expected \(want.shapeText)"]
    var place = [want.cells.count]
    if let first = wrong.first {
      place = want.coordinates(of: first)
      let (name, expected) = (want.name(of: first), want.cells[first].text)
      parts += [
        cell(first).map { "\(name) is \($0.text), expected \(expected)" }
          ?? "\(name), expected \(expected), is missing"
      ]
      if isSameShape, wrong.count > 1 { parts += ["\(wrong.count) are wrong"] }
    } else if want.shape.count == 1, got.shape.count == 1 {
      parts += ["\(got.name(of: want.cells.count)) is too many"]
    } else {
      place = want.coordinates(of: 0)
    }
    var verdict = failing(
      isSameShape ? .wrongValue : .wrongShape, index, detail: parts.joined(separator: "; "))
    verdict.tolerance = exercise.tolerance > 0 ? exercise.tolerance : nil
    verdict.expected = Shown("expected", want, around: place)
    verdict.got = Shown("got", got, around: place)
    verdict.arithmetic = (try? exercise.arithmetic(inputs[index], place)) ?? []
    return verdict
  }

  private func failing(_ outcome: Verdict.Outcome, _ index: Int, detail: String) -> Verdict {
    var verdict = Verdict(exercise.name, outcome, lesson: exercise.lesson, detail: detail)
    verdict.caseNumber = index + 1
    verdict.caseCount = inputs.count
    verdict.arguments = exercise.show(inputs[index])
    verdict.replay = exercise.replay(inputs[index])
    return verdict
  }

  /// The mistake that gives these answers in every case: a known one, or what all the numbers have in
  /// common. The case that is wrong is asked first, for it tells most mistakes apart.
  private func diagnosis(of got: [AnswerLayout], first: Int) -> (
    name: String?, explanation: String?
  ) {
    func explains(_ answer: (Int) -> AnswerLayout?) -> Bool {
      ([first] + got.indices).allSatisfy { answer($0)?.isTwin(of: got[$0]) == true }
    }
    for (number, decoy) in exercise.decoys.enumerated()
    where explains({ answer(ofDecoy: number, inCase: $0)?.layout }) {
      return (decoy.name, decoy.explanation)
    }
    let like = CommonMistake.all.first { like in explains { like.change(rights[$0].layout) } }
    return (like?.name, like?.explanation)
  }
}

extension AnswerLayout {
  /// Whether the extents and the number of cells are the same.
  func hasShape(of other: AnswerLayout) -> Bool {
    shape == other.shape && cells.count == other.cells.count
  }

  /// Whether shape and cells are the same, as far as the last digits tell.
  func isTwin(of other: AnswerLayout) -> Bool {
    hasShape(of: other) && zip(cells, other.cells).allSatisfy { $0.isTwin(of: $1) }
  }

  /// The cell at the coordinates that another layout of this rank has; nil where there is none.
  func cell(at coordinates: [Int], rank: Int) -> Cell? {
    guard rank == shape.count else { return nil }
    if shape.isEmpty {
      return cells.indices.contains(coordinates.first ?? 0) ? cells[coordinates.first ?? 0] : nil
    }
    guard hasItsCells, zip(coordinates, shape).allSatisfy({ $0 < $1 })
    else { return nil }
    return cells[zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}
