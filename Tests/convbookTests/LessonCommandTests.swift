import Foundation
import Testing

@Suite struct LessonCommandTests {
  @Test func `a lesson by number and by name is the same, and ends with 0`() throws {
    let outcome = try Convbook.run("lesson 5 --plain")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    #expect(outcome.lines.first == "Lesson 5: Stride and the floor")
    #expect(try Convbook.run("lesson stride-and-the-floor --plain").output == outcome.output)
  }

  @Test func `the learner's own numbers are computed`() throws {
    let outcome = try Convbook.run("lesson 5 --input 6 --kernel 3 --stride 2 --padding 1")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("⌊(6 + 2·1 − 3)/2⌋ + 1"))
  }

  @Test(arguments: [
    ("lesson 99", 64, "there is no lesson \"99\""),
    ("lesson poling", 64, "did you mean pooling?"),
    ("lesson", 64, "which lesson?"),
    ("lesson 1 --width 20", 64, "--width is 20; it must be from 40 to 400"),
    ("lesson 1 --width 0", 64, "--width is 0"),
    ("lesson 1 --input 3", 64, "lesson 1 has no --input; it takes no numbers of your own"),
    ("lesson 5 --dilation 3", 64, "it takes --input, --kernel, --stride, --padding"),
    ("lesson 5 --input 1 --kernel 7", 65, "no window fits"),
    ("lesson 1 --step", 64, "must both be a terminal"),
    ("lesson all --stride 2", 64, "--stride goes with one lesson"),
    ("lesson 1 --from 3 --format json", 64, "--from goes with --format terminal"),
    ("lesson 1 --format html", 64, "terminal, markdown or json"),
    ("lessons --write /nowhere/at/all", 73, "cannot be written"),
  ])
  func `what is wrong is said in a sentence`(line: String, code: Int, sentence: String) throws {
    let outcome = try Convbook.run(line)
    #expect(outcome.code == Int32(code))
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
  }

  /// Maintainers run it: what each lesson prints, LessonTests holds too.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] != nil,
      "CONVBOOK_MAINTAINER=1 swift test"))
  func `all lessons, plain, end to end`() throws {
    let all = try Convbook.run("lesson all --plain")
    #expect(all.code == 0 && all.error.isEmpty)
    #expect(all.lines.count { $0.hasPrefix("Lesson ") && $0.contains(": ") } >= 38)
  }

  @Test func `each line of a lesson in the list begins with its number`() throws {
    let outcome = try Convbook.run("lessons")
    #expect(outcome.code == 0)
    #expect(outcome.lines.contains { $0.hasPrefix("5   Stride and the floor") })
    let json = try Convbook.run("lessons --format json").output
    #expect(json.contains("\"name\": \"stride-and-the-floor\""))
  }
}
