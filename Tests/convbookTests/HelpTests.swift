import Testing

@Suite struct HelpTests {
  @Test func `the help lists the commands, and each command has its own with an example`() throws {
    let help = try Convbook.run("--help")
    #expect(help.code == 0 && help.error.isEmpty)
    #expect(help.output.contains("size OP"))

    let own = try Convbook.run("size --help")
    #expect(own.code == 0 && own.error.isEmpty)
    #expect(own.output.contains("usage: convbook size OP"))
    #expect(own.output.contains("example"))
    #expect(try Convbook.run("help size").output == own.output)
  }

  @Test func `an unknown command suggests the nearest`() throws {
    let outcome = try Convbook.run("szie conv")
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "convbook: there is no command \"szie\"; did you mean size?\n")
  }
}
