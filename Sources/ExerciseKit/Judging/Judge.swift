extension Exercise {
  /// The verdict on a candidate. It is about the smallest failing case, whether an error, a shape or a
  /// number is wrong there; the cases after it are run for the diagnosis, which must explain them all.
  ///
  /// - Parameter started: is told of each case before it is run.
  public func judge(
    _ candidate: (Input) throws -> Output, started: (CaseNotice) -> Void = { _ in }
  ) -> Verdict {
    Bench(self).judge(candidate, started: started)
  }
}

/// An exercise made ready to judge: its cases, their right answers and what known mistakes answer,
/// each computed once.
final class Bench<Input: Sendable, Output: Answer> {
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

  func judge(
    _ candidate: (Input) throws -> Output, started: (CaseNotice) -> Void = { _ in }
  ) -> Verdict {
    var got: [Layout] = []
    var fault: Verdict?
    for (index, input) in inputs.enumerated() {
      started(
        CaseNotice(
          number: index + 1, count: inputs.count, arguments: exercise.show(input),
          replay: exercise.replay(input), fault: fault))
      do {
        let answer = try candidate(input)
        got.append(answer.layout)
        fault = fault ?? self.fault(index, answer)
      } catch is Unsolved {
        return Verdict(exercise.name, .unsolved, lesson: exercise.lesson)
      } catch {
        fault?.detail += "; case \(index + 1) throws an error: \(error)"
        return fault ?? failing(.threw, index, detail: "the function threw an error: \(error)")
      }
    }
    if var fault {
      (fault.diagnosis, fault.explanation) = diagnosis(of: got, first: (fault.caseNumber ?? 1) - 1)
      return fault
    }
    var verdict = Verdict(exercise.name, .passed, lesson: exercise.lesson)
    verdict.caseCount = inputs.count
    return verdict
  }

  /// What is wrong with the answer of one case: its first cell that differs or is missing, with the
  /// arithmetic of that cell; nil if it is right.
  private func fault(_ index: Int, _ answer: Output) -> Verdict? {
    let (got, want) = (answer.layout, rights[index].layout)
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
    } else if want.shape.count == 1 {
      parts += ["\(got.name(of: want.cells.count)) is too many"]
    } else {
      place = want.coordinates(of: 0)
    }
    var verdict = failing(
      isSameShape ? .wrongValue : .wrongShape, index, detail: parts.joined(separator: "; "))
    verdict.tolerance = exercise.tolerance > 0 ? exercise.tolerance : nil
    verdict.expected = Shown("expected", rights[index])
    verdict.got = Shown("got", answer)
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
  private func diagnosis(of got: [Layout], first: Int) -> (name: String?, explanation: String?) {
    func explains(_ answer: (Int) -> Layout?) -> Bool {
      ([first] + got.indices).allSatisfy { answer($0)?.isTwin(of: got[$0]) == true }
    }
    for (number, decoy) in exercise.decoys.enumerated()
    where explains({ answer(ofDecoy: number, inCase: $0)?.layout }) {
      return (decoy.name, decoy.explanation)
    }
    let like = Resemblance.all.first { like in explains { like.change(rights[$0].layout) } }
    return (like?.name, like?.explanation)
  }
}

extension Layout {
  /// Whether the extents and the number of cells are the same.
  func hasShape(of other: Layout) -> Bool {
    shape == other.shape && cells.count == other.cells.count
  }

  /// Whether shape and cells are the same, as far as the last digits tell.
  func isTwin(of other: Layout) -> Bool {
    hasShape(of: other) && zip(cells, other.cells).allSatisfy { $0.isTwin(of: $1) }
  }

  /// The cell at the coordinates that another layout of this rank has; nil where there is none.
  func cell(at coordinates: [Int], rank: Int) -> Cell? {
    guard rank == shape.count else { return nil }
    if shape.isEmpty {
      return cells.indices.contains(coordinates.first ?? 0) ? cells[coordinates.first ?? 0] : nil
    }
    guard shape.reduce(1, *) == cells.count, zip(coordinates, shape).allSatisfy({ $0 < $1 })
    else { return nil }
    return cells[zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}
