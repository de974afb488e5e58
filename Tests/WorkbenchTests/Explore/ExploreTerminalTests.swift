import Foundation
import Testing

@testable import Workbench

/// `explore` in a terminal: what stands on the screen after each key, and what is left of it.
@Suite(.serialized) struct ExploreTerminalTests {
  private static let program = Bundle.main.executableURL!.resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "convbook").path()

  private func start(
    _ words: String = "", width: Int = 80, height: Int = 24, before: String = "",
    after: String = "", environment: [String: String] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      "\(before) '\(Self.program)' explore \(words); code=$?; \(after) echo; echo code $code",
      width: width, height: height, environment: environment)
  }

  @Test func `keys move the window, and only the lines that change are written`() throws {
    let terminal = try start()
    #expect(terminal.waits { $0.text.contains("output (0, 0) come from?") })
    #expect(terminal.screen.isAlternate && terminal.screen.hidesCursor)
    let (clears, written) = (terminal.screen.clears, terminal.screen.linesWritten)
    terminal.type("\u{1B}[C")
    #expect(terminal.waits { $0.text.contains("output (0, 1) = 2·1 + 3·2") })
    #expect(terminal.screen.text.contains("   1  [2] [3] [4]  5  ∗"))
    #expect(terminal.screen.clears == clears)
    #expect(terminal.screen.linesWritten - written < 12)
    terminal.type("p")
    #expect(terminal.waits { $0.lines[0] == "conv: input 5×5, kernel 3, padding 1 → 5×5" })
    terminal.type("TT")
    #expect(terminal.waits { $0.text.contains("the stride is 0") })
    terminal.type("\u{1B}")
    #expect(terminal.waits { !$0.text.contains("the stride is 0") })
    terminal.type("\u{1B}[200~qqq\u{1B}[201~\u{0}\u{1}éq")
    #expect(terminal.waits { $0.text.contains("code 0") })
  }

  @Test func `it leaves the screen, the cursor and the modes as they were`() throws {
    let terminal = try start(
      "conv --input 3 --kernel 2", before: "echo before; stty -a > /tmp/$$.a;",
      after: "stty -a > /tmp/$$.b; cmp /tmp/$$.a /tmp/$$.b && echo same; rm /tmp/$$.a /tmp/$$.b;")
    #expect(terminal.waits { $0.text.contains("output 0 come from?") })
    #expect(!terminal.screen.text.contains("before"))
    terminal.type("cq")
    #expect(terminal.waits { $0.text.contains("code 0") })
    #expect(!terminal.screen.isAlternate && !terminal.screen.hidesCursor)
    #expect(terminal.screen.text.contains("before") && terminal.screen.text.contains("same"))
    // The command that was asked for is there to be copied.
    #expect(
      terminal.screen.text.contains("convbook trace conv --input 3 --kernel 2 --cell 0"))
    #expect(!terminal.screen.text.contains("come from?"))
  }

  @Test func `Ctrl-C and TERM give the terminal back and end it as they would`() throws {
    for (stop, code) in [("\u{3}", 130), ("\u{1C}", 130), ("TERM", 143), ("HUP", 129)] {
      let terminal = try start(
        before: "trap : INT QUIT; stty -a | tail -1;", after: "stty -a | grep -c ' icanon';")
      #expect(terminal.waits { $0.text.contains("come from?") })
      if stop.count == 1 {
        terminal.type(stop)
      } else {
        let killer = Process()
        killer.executableURL = URL(filePath: "/bin/sh")
        killer.arguments = [
          "-c",
          "kill -\(stop) $(ps -A -o pid= -o ppid= | awk '$2 == \(terminal.leader) {print $1}')",
        ]
        try killer.run()
      }
      #expect(terminal.waits { $0.text.contains("code \(code)") }, "\(terminal.screen.text)")
      #expect(!terminal.screen.isAlternate && !terminal.screen.hidesCursor)
      #expect(terminal.screen.lines.contains("1"), "\(terminal.screen.text)")
    }
  }

  @Test func `Ctrl-Z gives the terminal back, and fg takes it again`() throws {
    let terminal = try PseudoTerminal(
      """
      set -m
      echo before
      '\(Self.program)' explore
      echo stopped; stty -a | grep -c ' icanon'
      read line
      fg > /dev/null
      echo code $?
      """)
    #expect(terminal.waits { $0.text.contains("output (0, 0) come from?") })
    terminal.type("\u{1B}[C")
    #expect(terminal.waits { $0.text.contains("output (0, 1) come from?") })
    terminal.type("\u{1A}")
    #expect(terminal.waits { !$0.isAlternate && $0.text.contains("stopped") })
    #expect(!terminal.screen.hidesCursor && terminal.screen.text.contains("before"))
    terminal.type("\n")
    #expect(terminal.waits { $0.isAlternate && $0.text.contains("output (0, 1) come from?") })
    #expect(terminal.screen.hidesCursor)
    terminal.type("q")
    #expect(terminal.waits { !$0.isAlternate && $0.text.contains("code 0") })
  }

  @Test func `another size of the window is drawn anew, and one too small says so`() throws {
    let terminal = try start("conv --input 9x9 --kernel 3", width: 60, height: 16)
    #expect(terminal.waits { $0.text.contains("more") && $0.text.contains("q leaves") })
    terminal.resize(to: 200, 50)
    #expect(terminal.waits { $0.lines[49].contains("q leaves") && !$0.text.contains("more") })
    terminal.resize(to: 50, 10)
    #expect(terminal.waits { $0.text.contains("needs") })
    terminal.resize(to: 60, 16)
    #expect(terminal.waits { $0.text.contains("come from?") && $0.lines[15].contains("q leaves") })
    terminal.type("q")
    #expect(terminal.waits { $0.text.contains("code 0") })
  }

  @Test func `it plays by itself`() throws {
    let terminal = try start("conv --input 3 --kernel 1")
    #expect(terminal.waits { $0.text.contains("output 0 come from?") })
    terminal.type("a")
    #expect(terminal.waits { $0.text.contains("output 2 come from?") })
    #expect(terminal.waits { !$0.text.contains("playing") })
    terminal.type("\u{4}")
    #expect(terminal.waits { $0.text.contains("code 0") })
  }

  @Test func `a quiz says at the end how many were right`() throws {
    let terminal = try start("conv --input 1,2,3 --weight 1,1 --quiz")
    #expect(terminal.waits { $0.text.contains("output 0 = ?") })
    terminal.type("3\r")
    #expect(terminal.waits { $0.text.contains("right; 1 of 1 right") })
    terminal.type("\r4\r")
    #expect(terminal.waits { $0.text.contains("no, it is 5") })
    terminal.type("q")
    #expect(terminal.waits { $0.text.contains("1 of 2 right") && $0.text.contains("code 0") })
  }

  @Test(arguments: [
    (80, 24, ["TERM": "dumb"], "which TERM=dumb cannot"), (40, 10, [:], "this one has 40 and 10"),
  ])
  func `a terminal that will not do is refused with the command that will`(
    width: Int, height: Int, environment: [String: String], sentence: String
  ) throws {
    let terminal = try start("conv", width: width, height: height, environment: environment)
    #expect(terminal.waits { $0.text.contains("code 64") })
    let text = terminal.screen.text.split { " \n".contains($0) }.joined(separator: " ")
    #expect(text.contains(sentence), "\(text)")
    #expect(text.contains("convbook trace conv"), "\(text)")
    #expect(!terminal.screen.isAlternate)
  }

  @Test func `where there is no terminal it is refused with the command that needs none`() {
    let kept = KeptOutput()
    let code = KeptOutput.$current.withValue(kept) {
      runConvbook(["explore", "conv", "--stride", "2"])
    }
    #expect(code == 64)
    #expect(kept.error.contains("must both be a terminal"))
    #expect(kept.error.contains("convbook trace conv --input 5x5 --kernel 3 --stride 2"))
    #expect(kept.output == "")
  }

  @Test func `without colour no escape colours anything`() throws {
    let terminal = try start(environment: ["NO_COLOR": "1"])
    #expect(terminal.waits { $0.text.contains("[411]") })
    #expect(!terminal.screen.isColored)
    let colored = try start()
    #expect(colored.waits { $0.text.contains("[411]") })
    #expect(colored.screen.isColored)
  }
}
