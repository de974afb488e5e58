import Foundation
import LessonKit
import Testing

@testable import Workbench

@Suite struct LessonPagesTests {
  private let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Docs/Lessons")

  /// So a lesson says the same at every run, too, and on every machine.
  @Test func `the pages are what the lessons say`() throws {
    var pages = [LessonPages.indexName: LessonPages.index]
    for lesson in Book.lessons {
      let steps = try LessonRuns.steps(lesson.number)
      pages[LessonPages.name(of: lesson)] = LessonPages.text(of: lesson, steps: steps)
      for file in LessonFigures(of: lesson, steps).files {
        pages[file.name] = String(decoding: file.bytes, as: UTF8.self)
      }
    }
    for (name, text) in pages {
      let page = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      // The pages are long; which it is says enough.
      let isFresh = page == text
      #expect(isFresh, "Docs/Lessons/\(name) is stale; run: \(LessonPages.command)")
    }
  }

  @Test func `no page is left over from a lesson that is gone`() throws {
    let names =
      try Book.lessons.flatMap { lesson in
        [LessonPages.name(of: lesson)]
          + LessonFigures(of: lesson, try LessonRuns.steps(lesson.number)).files.map(\.name)
      } + [LessonPages.indexName]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      #expect(names.contains(name), "Docs/Lessons/\(name) belongs to no lesson; delete it")
    }
  }
}
