extension Exercise {
  /// The verdict on a candidate: every case is run first, then shapes are compared, then numbers, so
  /// that the first thing reported is what must be mended first.
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

  /// What each decoy answers in each case; nil where it throws.
  private lazy var mistakes: [[Layout?]] = exercise.decoys.map { decoy in
    inputs.map { try? decoy.solve($0).layout }
  }

  func judge(
    _ candidate: (Input) throws -> Output, started: (CaseNotice) -> Void = { _ in }
  ) -> Verdict {
    var answers: [Output] = []
    for (index, input) in inputs.enumerated() {
      started(
        CaseNotice(
          number: index + 1, count: inputs.count, arguments: exercise.show(input),
          replay: exercise.replay(input)))
      do {
        answers.append(try candidate(input))
      } catch is Unsolved {
        return Verdict(exercise.name, .unsolved, lesson: exercise.lesson)
      } catch {
        return failing(.threw, index, detail: "the function threw an error: \(error)")
      }
    }
    return compare(answers)
  }

  private func compare(_ answers: [Output]) -> Verdict {
    let got = answers.map(\.layout)
    let want = rights.map(\.layout)
    if let index = want.indices.first(where: { !want[$0].hasShape(of: got[$0]) }) {
      let detail = "the shape is \(got[index].shapeText), expected \(want[index].shapeText)"
      return failing(.wrongShape, index, answers, got, detail: detail)
    }
    for index in want.indices {
      let wrong = want[index].cells.indices.filter {
        !got[index].cells[$0].agrees(
          with: want[index].cells[$0], tolerance: exercise.tolerance)
      }
      guard let first = wrong.first else { continue }
      let detail =
        "\(want[index].name(of: first)) is \(got[index].cells[first].text), "
        + "expected \(want[index].cells[first].text)"
        + (wrong.count > 1 ? "; \(wrong.count) are wrong" : "")
      var verdict = failing(.wrongValue, index, answers, got, detail: detail)
      verdict.arithmetic =
        (try? exercise.arithmetic(inputs[index], want[index].coordinates(of: first))) ?? []
      return verdict
    }
    var verdict = Verdict(exercise.name, .passed, lesson: exercise.lesson)
    verdict.caseCount = inputs.count
    return verdict
  }

  private func failing(
    _ outcome: Verdict.Outcome, _ index: Int, detail: String
  ) -> Verdict {
    var verdict = Verdict(exercise.name, outcome, lesson: exercise.lesson, detail: detail)
    verdict.caseNumber = index + 1
    verdict.caseCount = inputs.count
    verdict.arguments = exercise.show(inputs[index])
    verdict.replay = exercise.replay(inputs[index])
    return verdict
  }

  private func failing(
    _ outcome: Verdict.Outcome, _ index: Int, _ answers: [Output], _ got: [Layout], detail: String
  ) -> Verdict {
    var verdict = failing(outcome, index, detail: detail)
    verdict.tolerance = exercise.tolerance > 0 ? exercise.tolerance : nil
    verdict.expected = Shown("expected", rights[index])
    verdict.got = Shown("got", answers[index])
    let known = exercise.decoys.indices.first { isSame(mistakes[$0], got) }
    verdict.diagnosis = known.map { exercise.decoys[$0].name }
    verdict.explanation = known.map { exercise.decoys[$0].explanation }
    return verdict
  }

  /// Whether a known mistake gives these answers in every case.
  private func isSame(_ mistake: [Layout?], _ got: [Layout]) -> Bool {
    zip(mistake, got).allSatisfy { other, layout in
      guard let other, other.hasShape(of: layout) else { return false }
      return zip(layout.cells, other.cells).allSatisfy { $0.agrees(with: $1, tolerance: 1e-9) }
    }
  }
}

extension Layout {
  /// Whether the extents and the number of cells are the same.
  func hasShape(of other: Layout) -> Bool {
    shape == other.shape && cells.count == other.cells.count
  }
}
