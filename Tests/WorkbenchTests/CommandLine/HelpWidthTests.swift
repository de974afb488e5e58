import Testing

@testable import Workbench

struct HelpWidthTests {
  @Test func `no line of the help, of the program's or a command's, is wider than 80 columns`() {
    for help in [convbook.help] + convbook.commands.map(convbook.help(of:)) {
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
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
