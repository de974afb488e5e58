import LessonKit
import Testing

@testable import Workbench

struct HelpWidthTests {
  @Test func `no line of the help, of the program's or a command's, is wider than 80 columns`() {
    for help in [convbook.help] + convbook.commands.map(convbook.help(of:)) {
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test(arguments: [24, 40, 60]) func `prose and options of the help keep to a narrower terminal`(
    width: Int
  ) {
    for help in [convbook.help(width: width)]
      + convbook.commands.map({ convbook.help(of: $0, width: width) })
    {
      // Examples are typed as they stand, and a word may be longer than the line.
      let prose = help.split(separator: "\nexample")[0].split(separator: "\n")
      for line in prose where !line.hasPrefix("Try: ") {
        let words = line.split(separator: " ")
        #expect(line.count <= width || words.count < 4, "\(line)")
      }
      #expect(!prose.contains { $0.hasSuffix(" ") })
    }
    for line in lessonListText(width: width, glyphs: .unicode).split(separator: "\n") {
      #expect(line.count <= width, "\(line)")
    }
  }

  @Test func `a long command is broken before an option, as a shell takes it`() {
    #expect(shellLines("a --b 1 --c 2", to: 13) == ["a --b 1 --c 2"])
    #expect(shellLines("a --b 1 --c 2", to: 12) == ["a --b 1 \\", "    --c 2"])
    #expect(shellLines("a --b 1 --c 2", to: 5) == ["a \\", "    --b 1 \\", "    --c 2"])
    #expect(shellLines("a \"b c d\" --e", to: 9) == ["a \\", "    \"b c d\" \\", "    --e"])
    #expect(shellLines("a-word-that-is-long", to: 5) == ["a-word-that-is-long"])
  }
}
