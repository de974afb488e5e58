import ExerciseKit

@preconcurrency internal import Platform
import Tensors

/// Rechecks an exercise whenever its file is saved, until the learner quits.
///
/// Files are looked at by their inode, size and time, several times a second, so that it does not
/// matter how an editor saves: in place, or by putting a new file where the old one was.
struct Watch {
  let course: Course
  let interval: Double
  let width: Int
  let show: (Verdict) -> [String]

  /// A watch that looks every `interval` seconds, and lists exercises in lines of this width.
  init(_ course: Course, interval: Double, width: Int, show: @escaping (Verdict) -> [String]) {
    (self.course, self.interval, self.width, self.show) = (course, interval, width, show)
  }

  /// Watches until q is pressed, the input ends or the process is told to stop.
  ///
  /// - Parameter first: the exercise to begin with, or nil for the next one to be done.
  func run(first: (any AnyExercise)?) throws(ExerciseError) {
    var current = first ?? course.next()
    var stamps = allStamps()
    let keys = Keys()
    defer { keys.restore() }
    say(
      ["watching Exercises/Attempts; save a file to have it checked"]
        + (keys.areRead ? ["keys: h hint, n next, l list, q quit"] : []))
    if let current {
      say(["", "now at exercise \(course.book.number(of: current)), \(current.name)"])
    }
    while true {
      switch keys.wait(interval) {
      case .quit: return
      case .hint:
        if let current { say([""] + course.hintLines(current)) }
      case .next:
        current = course.next(after: current)
        say([""] + (try current.map(course.taskLines) ?? course.doneLines()))
      case .list: say([""] + course.listLines(course.list(), width: width))
      case nil: break
      }
      let now = allStamps()
      for exercise in course.book.exercises where now[exercise.name] != stamps[exercise.name] {
        current = exercise
        check(exercise)
      }
      stamps = now
    }
  }

  private func check(_ exercise: any AnyExercise) {
    say(["", "checking \(exercise.name) …"])
    // An editor that replaces the file may be between removing and renaming.
    let start = seconds()
    while !Files.exists(course.book.attemptPath(exercise)), seconds() - start < 1 {
      usleep(20_000)
    }
    do {
      let verdict = try course.check([exercise])[0]
      say(show(verdict))
      if verdict.outcome == .passed { say(course.passedLines(exercise)) }
    } catch {
      if StopSignals.pending == nil { say([error.description]) }
    }
  }

  private func allStamps() -> [String: [Int]] {
    var stamps: [String: [Int]] = [:]
    for exercise in course.book.exercises {
      stamps[exercise.name] = Files.stamp(course.book.attemptPath(exercise))
    }
    return stamps
  }

  private func say(_ lines: [String]) {
    for line in lines { printOut(line) }
    fflush(nil)
  }
}

/// The keys of `watch`; where there is no terminal, only time passes.
final class Keys {
  enum Key { case hint, next, list, quit }

  private let terminal = RawTerminal()
  private var typed: ArraySlice<UInt8> = []

  var areRead: Bool { terminal.isThere }

  /// Puts the terminal back as it was, and lets a signal that came end the process.
  func restore() { terminal.restore() }

  /// Waits for a key, at most this many seconds.
  func wait(_ limit: Double) -> Key? {
    if typed.isEmpty {
      switch terminal.wait(limit) {
      case .end: return .quit
      case .nothing: return nil
      case .bytes(let bytes): typed = bytes[...]
      }
    }
    guard let byte = typed.popFirst() else { return nil }
    switch Character(UnicodeScalar(byte)) {
    case "h": return .hint
    case "n": return .next
    case "l": return .list
    case "q", "\u{4}": return .quit
    default: return nil
    }
  }
}
