import Checks
import ExerciseKit
import Testing

@testable import Workbench

struct ReplayTests {
  @Test func `every command that a verdict names for replaying its case works`() throws {
    let program = "\(Environment.programFolder)/convbook"
    try #require(Files.exists(program), "convbook is not built beside the tests")
    var commands: Set<String> = []
    for exercise in Exercises.all {
      commands.formUnion(exercise.judgeDecoys().compactMap(\.verdict.replay))
    }
    #expect(commands.count >= 10)
    for command in commands.sorted() {
      let words = command.split(separator: " ").map(String.init)
      #expect(words.first == "convbook")
      let finished = try runProcess(program, Array(words.dropFirst()))
      // A geometry that is impossible, as some cases are, is explained with exit code 65.
      #expect([.exited(0), .exited(65)].contains(finished.end), "\(command): \(finished.output)")
    }
  }
}
