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

  /// The next line that is typed, nil at the end of the input.
  var read: () -> String? = { readLine() }
  /// Shows text at once.
  var write: (String) -> Void = { text in
    printOut(text, terminator: "")
    fflush(stdout)
  }

  private enum Reply {
    case forward(String)
    case back
    /// The same page once more.
    case again
    case quit
  }

  /// Goes through the pages; whether the end was reached.
  func run(fromPage first: Int) -> Bool {
    write(renderer.head(of: lesson) + "\n")
    let pages = steps.pages
    var index = max(0, first - 1)
    while index < pages.count {
      switch show(pages[index], number: index + 1, of: pages.count) {
      case .forward: index += 1
      case .back: index -= 1
      case .again: break
      case .quit: return false
      }
    }
    write(renderer.end(of: lesson, next: next))
    return true
  }

  /// Shows one page and waits. A prediction waits twice: for the answer, and after it, from where the way
  /// back leads to the question.
  private func show(_ page: Range<Int>, number: Int, of count: Int) -> Reply {
    let prompt = "-- \(number) of \(count); Enter next, b back, q quit: "
    var hasAnswered = false
    for step in steps[page] where step.kind != "figure" {
      guard case .prediction(let prediction) = step else {
        write(renderer.text(of: step) + "\n")
        continue
      }
      write(renderer.questionText(of: prediction))
      var reply = ask("Your answer (b back, q quit): ", isFirst: number == 1)
      while case .forward(let answer) = reply, !answer.isEmpty, prediction.isMissed(by: answer) {
        write("A number, please; an empty line shows the answer.\n")
        reply = ask("Your answer (b back, q quit): ", isFirst: number == 1)
      }
      guard case .forward(let answer) = reply else { return reply }
      hasAnswered = true
      if !answer.isEmpty { write(prediction.accepts(answer) ? "Right.\n" : "Not quite.\n") }
      write(renderer.answerText(of: prediction) + "\n")
    }
    while true {
      let reply = ask(prompt, isFirst: number == 1 && !hasAnswered)
      if case .back = reply, hasAnswered { return .again }
      // Whoever types words here thinks that something was asked.
      guard case .forward(let text) = reply, text.contains(where: { !$0.isWhitespace }) else {
        return reply
      }
      write("Nothing is asked here: Enter shows what comes next, b goes back, q quits.\n")
    }
  }

  private func ask(_ prompt: String, isFirst: Bool) -> Reply {
    while true {
      write(prompt)
      guard let line = read() else {
        write("\n")
        return .quit
      }
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "b", "back":
        guard isFirst else { return .back }
        write("This is the first step; there is none before it.\n")
      case "q", "quit": return .quit
      default: return .forward(line)
      }
    }
  }
}

extension [Step] {
  /// The steps that are shown together: a title goes with what follows it, and so does what a terminal
  /// does not show.
  var pages: [Range<Int>] {
    var pages: [Range<Int>] = []
    var start = 0
    for (index, step) in enumerated() {
      if ["heading", "figure"].contains(step.kind), index + 1 < count { continue }
      pages.append(start..<index + 1)
      start = index + 1
    }
    return pages
  }
}
