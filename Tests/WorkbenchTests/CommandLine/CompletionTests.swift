import Testing

@testable import Workbench

struct CompletionTests {
  @Test(arguments: [
    ("terminal or json", ["terminal", "json"]),
    ("terminal, markdown or json (default: terminal)", ["terminal", "markdown", "json"]),
    ("pooling: floor, ceil or caffe", ["floor", "ceil", "caffe"]),
    ("scenes (the usual), quick or photographs", ["scenes", "quick", "photographs"]),
    (
      "which classes the mean IU is over: union (the usual), truth or all",
      ["union", "truth", "all"]
    ),
    ("only one stage: classifier, 32s, 16s or at-once", ["classifier", "32s", "16s", "at-once"]),
    ("text, or json with every shape", ["text", "json"]),
    ("mean or sum over the pixels of a batch", ["mean", "sum"]),
    ("kernel size: 3, or 2,3 for height,width", []),
    ("the learning rate of each stage, in place of the recipe's", []),
    ("the weights; those of the drawn scenes if not given", []),
    ("the picture, a PNG or PPM as the name says", []),
    ("", []),
  ])
  func `the words of a value stand in the help`(help: String, words: [String]) {
    #expect(alternatives(in: help) == words)
  }

  /// One command of each kind of operand and of value.
  private let small = Program(
    name: "book", summary: "a book's program", version: "1",
    commands: [
      Command(
        "show", in: .read, "what's in it", operands: "IMAGE...", mostOperands: .max,
        options: [
          Option("format", "F", "text or json"), Option("output", "F", "where it goes: [here]"),
          Option("folder", "DIR", "a folder"), .flag("plain", "no colour"),
        ],
        details: [".begins with a point, has a \\ and a --dash"],
        examples: [Command.Example("show a.png", "shows it")]
      ) { _ in },
      Command(
        "sizes", in: .read, "sizes", operands: "OP", mostOperands: 1,
        options: [Option("kernel", "K", "3, or 2,3")],
        examples: [Command.Example("sizes conv", "of one")]
      ) { _ in },
    ],
    cover: {}, status: { _ in nil })

  @Test func `bash offers commands, options, words and files`() {
    let lines = small.completions(for: .bash).split(separator: "\n").map {
      $0.drop { $0 == " " }
    }
    for line in [
      #"COMPREPLY=($(compgen -W "show sizes help --help --version" -- "$current"))"#,
      #""show --format") words="text json" ;;"#, #""show --output") kind=file ;;"#,
      #""show --folder") kind=folder ;;"#, #""sizes --kernel") kind=none ;;"#,
      #"-*) words="--format --output --folder --plain --help" ;;"#,
      #"*) words="conv conv-transpose max-pool avg-pool bilinear linear softmax argmax" ;;"#,
    ] { #expect(lines.contains(Substring(line)), "\(line)") }
  }

  @Test func `zsh and fish get the helps, in quotes of their kind`() {
    let zsh = small.completions(for: .zsh)
    #expect(zsh.contains(#"'show:what'\''s in it'"#))
    #expect(zsh.contains("'--output=[where it goes: here]:F:_files'"))
    #expect(zsh.contains("'--format=[text or json]:F:(text json)'"))
    #expect(zsh.contains("'*:IMAGE:_files'"))
    let fish = small.completions(for: .fish)
    #expect(fish.contains(#"-a show -d 'what\'s in it'"#))
    #expect(fish.contains("from show' -l format -x -a 'text json' -d 'text or json'"))
    #expect(fish.contains("from show' -l plain -d 'no colour'"))
  }

  @Test func `what is offered is what is taken, and where files go files are offered`() throws {
    func completion(_ command: String, _ option: String) throws -> Completion? {
      let command = try #require(convbook.commands.first { $0.name == command })
      return try #require(command.options.first { $0.name == option }).completion
    }
    let formats = ["terminal", "markdown", "json", "svg", "gif"]
    #expect(try completion("trace", "format") == .words(formats, orFile: false))
    let forms = ["window", "scatter", "matrix", "zero-insertion", "all"]
    #expect(try completion("trace", "form") == .words(forms, orFile: false))
    #expect(try completion("apply", "output") == .file)
    // A name or a file: by a function, for _arguments gives its own words to a command.
    let zsh = convbook.completions(for: .zsh)
    #expect(zsh.contains("_convbook_or_file() {") && zsh.contains(":NET: _convbook_or_file fcn8s "))
  }

  @Test func `every command and option of the book is in each script and in the manual`() {
    let scripts = Shell.allCases.map(convbook.completions(for:))
    let manual = convbook.manualPage
    for command in convbook.commands {
      for script in scripts { #expect(script.contains(command.name)) }
      for option in command.options {
        #expect(scripts[0].contains("--\(option.name)") && scripts[1].contains("--\(option.name)"))
        #expect(scripts[2].contains("-l \(option.name) "))
        let written = option.name.split(separator: "-").joined(separator: "\\-")
        #expect(manual.contains(".B \\-\\-\(written)"), "\(option.name)")
      }
    }
  }

  @Test func `in the manual no line of text steers the typesetter`() {
    let lines = small.manualPage.split(separator: "\n")
    #expect(lines.contains(#"\&.begins with a point, has a \e and a \-\-dash"#))
    let requests: Set<Substring> = [
      ".TH", ".SH", ".SS", ".B", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE",
    ]
    for line in lines + convbook.manualPage.split(separator: "\n") where line.hasPrefix(".") {
      #expect(requests.contains(line.prefix { $0 != " " }), "\(line)")
    }
    #expect(!convbook.manualPage.split(separator: "\n").contains { $0.hasPrefix("'") })
  }
}
