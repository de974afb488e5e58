import LessonKit

/// The drawings of a lesson: of each of its traces, and those that it names itself.
struct LessonFigures {
  /// A drawing, and the step whose text says the same.
  struct Item {
    let step: Int
    /// `05-stride-and-the-floor-1.svg`
    let name: String
    let figure: Figure
  }

  let items: [Item]

  /// The drawings among these steps; what is too large to be drawn stays text.
  init(of lesson: Lesson, _ steps: [Step]) {
    var items: [Item] = []
    for (index, step) in steps.enumerated() {
      let figure: Figure? =
        switch step {
        case .trace(let trace): try? Figure(trace, caption: trace.caption)
        case .figure(let figure): figure
        default: nil
        }
      guard let figure, figure.length <= 100 else { continue }
      items.append(
        Item(step: index, name: "\(lesson.pageStem)-\(items.count + 1).svg", figure: figure))
    }
    self.items = items
  }

  /// What a page has before the text of a step.
  func images(of lesson: Lesson) -> [Int: String] {
    var images: [Int: String] = [:]
    for item in items {
      let shown = item.figure.caption ?? item.figure.title
      images[item.step] = "![\(lesson.title): \(shown)](\(item.name))"
    }
    return images
  }

  /// The drawings as files.
  var files: [PictureFile] {
    items.map { item in
      PictureFile(item.name, shows: item.figure.title) { Array(item.figure.animatedSVG().utf8) }
    }
  }
}
