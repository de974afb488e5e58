extension Exercise {
  /// The verdict on a candidate: every case is run first, then shapes are compared, then numbers, so
  /// that the first thing reported is what must be mended first.
  ///
  /// - Parameter started: is told of each case before it is run.
  public func judge(
    _ candidate: (Input) throws -> Output, started: (CaseNotice) -> Void = { _ in }
  ) -> Verdict {
    let inputs = cases()
    var answers: [Output] = []
    for (index, input) in inputs.enumerated() {
      started(
        CaseNotice(
          number: index + 1, count: inputs.count, arguments: show(input), replay: replay(input)))
      do {
        answers.append(try candidate(input))
      } catch is Unsolved {
        return Verdict(name, .unsolved, lesson: lesson)
      } catch {
        return failing(.threw, index, inputs, detail: "the function threw an error: \(error)")
      }
    }
    return compare(answers, inputs)
  }

  private func compare(_ answers: [Output], _ inputs: [Input]) -> Verdict {
    let rights: [Output]
    do {
      rights = try inputs.map(expected)
    } catch {
      preconditionFailure("\(name) has a case without an answer: \(error)")
    }
    let got = answers.map(\.layout)
    let want = rights.map(\.layout)
    if let index = want.indices.first(where: { !want[$0].hasShape(of: got[$0]) }) {
      var verdict = failing(
        .wrongShape, index, inputs,
        detail: "the shape is \(got[index].shapeText), expected \(want[index].shapeText)")
      verdict.expected = Shown("expected", rights[index])
      verdict.got = Shown("got", answers[index])
      diagnose(&verdict, answers, inputs)
      return verdict
    }
    for index in want.indices {
      let wrong = want[index].cells.indices.filter {
        !got[index].cells[$0].agrees(with: want[index].cells[$0], tolerance: tolerance)
      }
      guard let first = wrong.first else { continue }
      var verdict = failing(
        .wrongValue, index, inputs,
        detail: "\(want[index].name(of: first)) is \(got[index].cells[first].text), "
          + "expected \(want[index].cells[first].text)"
          + (wrong.count > 1 ? "; \(wrong.count) are wrong" : ""))
      verdict.expected = Shown("expected", rights[index])
      verdict.got = Shown("got", answers[index])
      verdict.arithmetic =
        (try? arithmetic(inputs[index], want[index].coordinates(of: first))) ?? []
      diagnose(&verdict, answers, inputs)
      return verdict
    }
    var verdict = Verdict(name, .passed, lesson: lesson)
    verdict.caseCount = inputs.count
    return verdict
  }

  private func failing(
    _ outcome: Verdict.Outcome, _ index: Int, _ inputs: [Input], detail: String
  ) -> Verdict {
    var verdict = Verdict(name, outcome, lesson: lesson, detail: detail)
    verdict.caseNumber = index + 1
    verdict.caseCount = inputs.count
    verdict.arguments = show(inputs[index])
    verdict.replay = replay(inputs[index])
    verdict.tolerance = tolerance > 0 ? tolerance : nil
    return verdict
  }

  /// Names the mistake if a decoy gives the same answers in every case.
  private func diagnose(_ verdict: inout Verdict, _ answers: [Output], _ inputs: [Input]) {
    let got = answers.map(\.layout)
    let known = decoys.first { decoy in
      zip(inputs, got).allSatisfy { input, layout in
        guard let other = try? decoy.solve(input).layout else { return false }
        return other.hasShape(of: layout)
          && zip(layout.cells, other.cells).allSatisfy { $0.agrees(with: $1, tolerance: 1e-9) }
      }
    }
    verdict.diagnosis = known?.name
    verdict.explanation = known?.explanation
  }
}

extension Layout {
  /// Whether the extents and the number of cells are the same.
  func hasShape(of other: Layout) -> Bool {
    shape == other.shape && cells.count == other.cells.count
  }
}
