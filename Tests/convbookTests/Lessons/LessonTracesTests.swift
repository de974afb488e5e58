import Testing

/// Where a lesson ends with commands to type, they work, and they continue the lesson.
@Suite struct LessonTracesTests {
  @Test(arguments: 1...20)
  func `a lesson takes numbers of one's own, or ends with a trace that prints its sums`(
    number: Int
  ) throws {
    let lesson = try Convbook.run("lesson \(number) --width 400")
    // Lesson 2 repeats lesson 1's line beside its own.
    let text = squeezed(lesson.output + (try Convbook.run("lesson 1 --width 400").output))
    let commands = lesson.lines.map(squeezed).filter { $0.hasPrefix("convbook ") }
    #expect(!commands.isEmpty)
    // It is put under one's hands too, where its trace can be typed.
    let explored = commands.filter { $0.hasPrefix("convbook explore") }
    #expect(explored.count == ([5, 8, 15].contains(number) ? 0 : 1))
    for command in explored {
      // Without a terminal it refuses, but only after it has read the case.
      let outcome = try Convbook.run(
        command.replacing("'", with: "").dropFirst("convbook ".count) + "")
      #expect(outcome.code == 64 && outcome.error.contains("must both be a terminal"), "\(command)")
    }
    for command in commands where !explored.contains(command) {
      let outcome = try Convbook.run(command.dropFirst("convbook ".count) + " --width 400")
      #expect(outcome.code == 0, "\(command): \(outcome.error)")
      guard command.hasPrefix("convbook trace") else {
        // The line of a lesson with numbers of its own gives the lesson itself.
        #expect(outcome.output == lesson.output, "\(command)")
        continue
      }
      let sums = outcome.lines.filter { $0.contains("output") && $0.contains(" = ") }
      // A scatter shows stamps, and sums of one cell only.
      #expect(!sums.isEmpty || command.hasSuffix("scatter") || number == 16)
      // Two commands show more than the lesson: one map of three, and the sums of a matrix.
      for line in sums where number != 7 && !command.contains("--stride 2 --padding 1") {
        let sum = squeezed(line.split(separator: "=").dropFirst().joined(separator: "="))
        #expect(text.contains(sum), "\(command): \(line)")
      }
    }
  }

  @Test(arguments: [(41, 1), (42, 1), (43, 1), (44, 1), (45, 2)])
  func `a lesson on gradients ends with traces that go backwards, to the numbers it has`(
    number: Int, count: Int
  ) throws {
    let lesson = try Convbook.run("lesson \(number) --width 400")
    let commands = lesson.lines.map(squeezed).filter { $0.hasPrefix("convbook trace") }
    #expect(commands.count == count && commands.allSatisfy { $0.contains(" --backward") })
    for command in commands {
      let words = command.replacing("'", with: "").dropFirst("convbook ".count)
      let outcome = try Convbook.run(words + " --width 400")
      #expect(outcome.code == 0, "\(command): \(outcome.error)")
      let sums = outcome.lines.filter { $0.contains("gradient by ") && $0.contains(" = ") }
      #expect(sums.count > 1)
      // Lesson 43 has its thirds and halves as fractions.
      for line in sums where number != 43 {
        let value = squeezed(String(line.split(separator: "=").last ?? "")).split(separator: " ")[0]
        #expect(lesson.output.contains(value), "\(command): \(line)")
      }
    }
  }

  private func squeezed(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }
}
