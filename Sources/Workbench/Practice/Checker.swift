import ExerciseKit
import Tensors

/// Checks attempts: compiles those that were changed, runs each in a process of its own.
struct Checker {
  let workspace: Workspace
  let clockLimit: Double

  /// A checker of the book's exercises that gives each attempt this many seconds.
  init(_ workspace: Workspace, clockLimit: Double = AttemptLimits.clockSeconds) {
    (self.workspace, self.clockLimit) = (workspace, clockLimit)
  }

  /// The verdict on one attempt.
  func check(_ exercise: any AnyExercise) throws(PracticeError) -> Verdict {
    try check([exercise])[0]
  }

  /// The verdicts on attempts, in their order. Files that are still stubs are not compiled.
  func check(_ exercises: [any AnyExercise]) throws(PracticeError) -> [Verdict] {
    var verdicts: [String: Verdict] = [:]
    var edited: [any AnyExercise] = []
    for exercise in exercises {
      switch workspace.attempt(exercise) {
      case nil:
        verdicts[exercise.name] = missing(exercise)
      case let text? where text == (try? workspace.stub(exercise)):
        verdicts[exercise.name] = Verdict(exercise.name, .unsolved, lesson: exercise.lesson)
      default: edited.append(exercise)
      }
    }
    if !edited.isEmpty {
      let found = try StopSignals.heldBack { () throws(PracticeError) in
        let build = try AttemptBuild(workspace)
        defer { build.clean() }
        let names = Set(exercises.map(\.name))
        var (together, verdicts) = ([any AnyExercise](), [Verdict]())
        for exercise in edited {
          let text = workspace.attempt(exercise) ?? ""
          if sharesNothing(text, exercise.name, besides: names) {
            together.append(exercise)
          } else {
            verdicts += try run([exercise], build)
          }
        }
        return together.isEmpty ? verdicts : try verdicts + run(together, build)
      }
      for verdict in found { verdicts[verdict.exercise] = verdict }
    }
    return exercises.map { verdicts[$0.name]! }
  }

  private func run(
    _ exercises: [any AnyExercise], _ build: AttemptBuild
  ) throws(PracticeError) -> [Verdict] {
    switch try build.build(exercises) {
    case .program(let path):
      var verdicts: [Verdict] = []
      for exercise in exercises {
        verdicts.append(
          try AttemptRun.verdict(of: exercise, program: path, clockLimit: clockLimit))
      }
      return verdicts
    case .errors(let errors):
      guard exercises.count > 1 else {
        return [failing(exercises[0], errors[exercises[0].name] ?? [])]
      }
      // The rest together; those with errors each alone, for the fault may be another's.
      var verdicts: [Verdict] = []
      let (broken, sound) = (
        exercises.filter { errors[$0.name] != nil }, exercises.filter { errors[$0.name] == nil }
      )
      for exercise in broken { verdicts += try run([exercise], build) }
      if !sound.isEmpty { verdicts += try run(sound, build) }
      return verdicts
    }
  }

  private func failing(_ exercise: any AnyExercise, _ lines: [String]) -> Verdict {
    var verdict = Verdict(
      exercise.name, .compileError, lesson: exercise.lesson,
      detail: "\(workspace.attemptPath(exercise)) does not compile")
    verdict.output = AttemptRun.shortened(lines, to: 60)
    return verdict.harmless
  }

  private func missing(_ exercise: any AnyExercise) -> Verdict {
    Verdict(
      exercise.name, .missing, lesson: exercise.lesson,
      detail: "\(workspace.attemptPath(exercise)) is not there; "
        + "convbook reset \(workspace.number(of: exercise)) makes it again")
  }
}
