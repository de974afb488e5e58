import LessonKit
import Lessons
import Tensors

/// Prints every lesson, one after the other; fails at the end if a claim was false.
func printWholeBook(_ format: LessonFormat) throws {
  var failed: [Int] = []
  var values: [JSON] = []
  for lesson in LessonIndex.all {
    let steps = try lesson.steps()
    let next = LessonIndex.next(after: lesson)
    if !steps.allClaimsHold { failed.append(lesson.number) }
    switch format {
    case .markdown: printOut(MarkdownRenderer().text(of: lesson, steps: steps, next: next))
    case .json: values.append(JSONRenderer().value(of: lesson, steps: steps, next: next))
    case .text(let renderer): printOut(renderer.text(of: lesson, steps: steps, next: next))
    }
  }
  if case .json = format { printOut(JSON.array(values).text) }
  guard failed.isEmpty else {
    throw ExitStatus.failed(
      "a claim does not hold in lesson \(listed(failed.map(String.init)))")
  }
}
