import LessonKit
@preconcurrency internal import Platform

/// Shows a lesson one step at a time and asks its predictions.
///
/// It reads whole lines and never changes the terminal's mode, so there is nothing to restore when
/// it is interrupted.
struct StepReader {
  let lesson: Lesson
  let steps: [Step]
  let renderer: TextRenderer
  let next: Lesson?

  /// What the reader typed.
  private enum Reply {
    case forward(String)
    case back
    case quit
  }

  /// Goes through the steps; whether the end was reached.
  func run(from first: Int) -> Bool {
    printOut(renderer.head(of: lesson))
    var index = max(0, first - 1)
    while index < steps.count {
      let reply = show(steps[index], number: index + 1)
      switch reply {
      case .forward: index += 1
      case .back:
        index -= 1
        // A title shows itself with what follows it.
        while index > 0, case .heading = steps[index] { index -= 1 }
        index = max(0, index)
      case .quit: return false
      }
    }
    printOut(renderer.end(of: lesson, next: next), terminator: "")
    return true
  }

  /// Shows one step and waits. A prediction waits twice: for the answer, and after it.
  private func show(_ step: Step, number: Int) -> Reply {
    guard case .prediction(let prediction) = step else {
      printOut(renderer.text(of: step))
      // A title waits for what follows.
      if case .heading = step { return .forward("") }
      return ask(prompt(number))
    }
    printOut(renderer.questionText(of: prediction), terminator: "")
    let reply = ask("Your answer (b back, q quit): ")
    guard case .forward(let answer) = reply else { return reply }
    if !answer.isEmpty { printOut(prediction.accepts(answer) ? "Right." : "Not quite.") }
    printOut(renderer.answerText(of: prediction))
    return ask(prompt(number))
  }

  private func prompt(_ number: Int) -> String {
    "-- \(number) of \(steps.count); Enter next, b back, q quit: "
  }

  private func ask(_ prompt: String) -> Reply {
    printOut(prompt, terminator: "")
    fflush(stdout)
    guard let line = readLine() else {
      printOut()
      return .quit
    }
    switch line.lowercased().filter({ !$0.isWhitespace }) {
    case "b", "back": return .back
    case "q", "quit": return .quit
    default: return .forward(line)
    }
  }
}
