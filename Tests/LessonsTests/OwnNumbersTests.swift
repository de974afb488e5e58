import ConvolutionArithmetic
import LessonKit
import Lessons
import Tensors
import Testing

@Suite struct OwnNumbersTests {
  /// Numbers near the lesson's own, some of them impossible.
  @Test(arguments: LessonIndex.all.filter { !$0.parameters.names.isEmpty }.map(\.number))
  func `claims hold for other numbers too, or the geometry is refused in a sentence`(
    number: Int
  ) throws {
    let lesson = try #require(LessonIndex.lesson(number))
    var random = SplitMix64(seed: UInt64(number))
    var worked = 0
    for _ in 0..<25 {
      var values: [Parameter: Int] = [:]
      for name in lesson.parameters.names {
        let least = name.range.lowerBound
        values[name] = random.integer(in: least...min(name.range.upperBound, least + 8))
      }
      let own = Parameters(values)
      do {
        let steps = try lesson.steps(own: own)
        worked += 1
        for step in steps {
          guard case .claim(let claim) = step else { continue }
          #expect(
            claim.holds,
            "lesson \(number) \(own.commandLine): \(claim.sentence): \(claim.evidence)")
        }
      } catch let error as GeometryError {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(worked > 0)
  }

  @Test func `a number the lesson does not take is refused`() throws {
    let lesson = try #require(LessonIndex.lesson(5))
    #expect(throws: UnknownParameter.self) { try lesson.steps(own: [.dilation: 2]) }
  }
}
