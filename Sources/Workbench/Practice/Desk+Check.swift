import ExerciseKit

extension Desk {
  /// Checks exercises and keeps what was found.
  func check(_ exercises: [any AnyExercise]) throws(PracticeError) -> [Verdict] {
    let prints = exercises.map { workspace.attempt($0).map(fingerprint) }
    let verdicts = try Checker(workspace).check(exercises)
    update { progress in
      for (verdict, print) in zip(verdicts, prints) where verdict.outcome != .unsolved {
        progress[verdict.exercise].checked = print
        progress[verdict.exercise].passed = verdict.outcome == .passed
        if verdict.outcome == .passed { progress[verdict.exercise].skipped = false }
      }
    }
    return verdicts
  }

  /// What `check` without a number means: the files edited since they were last checked, or else the
  /// next exercise that is still to be done.
  func toCheck() -> [any AnyExercise] {
    let progress = progress()
    let changed = workspace.exercises.filter { exercise in
      guard let text = workspace.attempt(exercise) else { return false }
      return text != (try? workspace.stub(exercise))
        && progress[exercise.name].checked != fingerprint(text)
    }
    return changed.isEmpty ? next().map { [$0] } ?? [] : changed
  }
}
