@testable import Workbench
import Tensors
import Testing

@Suite struct ArgumentsTests {
  let command = Command(
    "size", in: .read, "the size", operands: "OP", mostOperands: 1,
    options: [
      Option("kernel", "K", "the kernel size"), Option("padding", "P", "the padding"),
      .flag("ceil-mode", "round up"),
    ],
    examples: []
  ) { _ in }

  func parse(_ line: String) throws -> Arguments {
    try Arguments(line.split(separator: " ").map(String.init), for: command)
  }

  @Test func `operands, values and flags in any order`() throws {
    let arguments = try parse("--kernel 3 conv --padding=-1 --ceil-mode")
    #expect(arguments.operands == ["conv"])
    #expect(arguments["kernel"] == "3")
    #expect(try arguments.integer("padding") == -1)
    #expect(arguments.has("ceil-mode"))
    #expect(arguments.given == ["ceil-mode", "kernel", "padding"])
  }

  @Test func `a value may begin with a minus sign, and two dashes end the options`() throws {
    #expect(try parse("--padding -1")["padding"] == "-1")
    #expect(try parse("-- --kernel").operands == ["--kernel"])
    #expect(try parse("-3").operands == ["-3"])
  }

  @Test(arguments: [
    ("--kernl 3", "size has no option --kernl; did you mean --kernel?"),
    ("--zzz", "size has no option --zzz; see convbook size --help"),
    ("-k 3", "size has no option -k; see convbook size --help"),
    ("-kernel 3", "size has no option -kernel; did you mean --kernel?"),
    ("--kernel", "--kernel has no value; write --kernel K, where it is the kernel size"),
    (
      "--kernel --ceil-mode", "--kernel has no value; write --kernel K, where it is the kernel size"
    ),
    ("--kernel 3 --kernel 3", "--kernel is given twice; give it once"),
    ("--ceil-mode=yes", "--ceil-mode takes no value, but \"yes\" was given"),
    ("conv 5", "\"5\" is one too many: size takes OP and no more operands"),
  ])
  func `wrong use is one sentence`(line: String, sentence: String) {
    #expect(throws: ExitStatus.usage(sentence)) { try parse(line) }
  }

  @Test(arguments: [
    ("x", "--kernel is \"x\"; it must be a whole number from 1 to 9"),
    ("1.5", "--kernel is \"1.5\"; it must be a whole number from 1 to 9"),
    ("0", "--kernel is 0; it must be from 1 to 9"),
    ("99999999999999999999", "--kernel is 99999999999999999999; it must be from 1 to 9"),
  ])
  func `a number outside its range`(text: String, sentence: String) {
    #expect(throws: ExitStatus.usage(sentence)) {
      try parse("--kernel \(text)").integer("kernel", in: 1...9)
    }
  }

  @Test func `the nearest name is found, and nothing far away`() {
    #expect(nearest(to: "szie", among: ["size", "solve"]) == "size")
    #expect(nearest(to: "exer", among: ["lessons", "exercises"]) == "exercises")
    #expect(nearest(to: "banana", among: ["size", "solve"]) == nil)
  }
}
