import Foundation
import Lessons
import Testing

@Suite struct LessonPagesTests {
  private let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Docs/Lessons")

  @Test func `the pages are what the lessons say`() throws {
    for (name, text) in try LessonPages.all() {
      let page = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      #expect(page == text, "Docs/Lessons/\(name) is stale; run: \(LessonPages.command)")
    }
  }

  @Test func `no page is left over from a lesson that is gone`() throws {
    let names = try LessonPages.all().keys
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      #expect(names.contains(name), "Docs/Lessons/\(name) belongs to no lesson; delete it")
    }
  }
}
