import LessonKit
import Lessons
import Testing

@Suite struct LessonIndexTests {
  @Test func `lessons are numbered from 1 without a gap, each with a name of its own`() {
    #expect(LessonIndex.all.map(\.number) == Array(1...LessonIndex.all.count))
    #expect(Set(LessonIndex.all.map(\.slug)).count == LessonIndex.all.count)
  }
}
