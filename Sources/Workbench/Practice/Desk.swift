import ExerciseKit
import Tensors

/// The learner's place of work: the exercises, what is done, and what to do next.
struct Desk {
  /// The book's folder.
  let workspace: Workspace
  let file: ProgressFile
  /// Takes sentences that are not part of an answer, such as that a file was set aside.
  let remark: (String) -> Void

  /// A desk in the book's folder.
  init(_ workspace: Workspace, remark: @escaping (String) -> Void) {
    self.workspace = workspace
    file = ProgressFile(workspace)
    self.remark = remark
  }

  /// What is done so far.
  func progress() -> Progress {
    let (progress, sentence) = file.read()
    if let sentence { remark(sentence) }
    return progress
  }

  func update(_ change: (inout Progress) -> Void) {
    for sentence in file.update(change) { remark(sentence) }
  }

  /// How an exercise stands.
  enum State: String, Sendable {
    /// Nothing was done yet.
    case unsolved
    /// The file was edited.
    case started
    /// The check has passed.
    case passed
    /// It was put off.
    case skipped
    /// The solution was shown.
    case revealed
    /// The solution was shown, and later the check has passed.
    case revealedThenPassed = "revealed, then passed"
    /// The file is not there.
    case missing
  }

  /// How an exercise stands, from what is done and the file itself.
  func state(_ exercise: any AnyExercise, _ progress: Progress) -> State {
    let entry = progress[exercise.name]
    if entry.passed { return entry.revealed ? .revealedThenPassed : .passed }
    if entry.revealed { return .revealed }
    if entry.skipped { return .skipped }
    guard let text = workspace.attempt(exercise) else { return .missing }
    return text == (try? workspace.stub(exercise)) ? .unsolved : .started
  }

  /// The first exercise after `exercise` (or of all) that is still to be done, or the first before it.
  func next(after exercise: (any AnyExercise)? = nil) -> (any AnyExercise)? {
    let progress = progress()
    let start = exercise.map { workspace.number(of: $0) } ?? 0
    let order = workspace.exercises[start...] + workspace.exercises[..<start]
    return order.first { other in
      let entry = progress[other.name]
      return !entry.passed && !entry.skipped && !entry.revealed && other.name != exercise?.name
    }
  }
}
