import Testing

@Suite struct HelpTests {
  @Test func `kernels of an unknown name are refused with those that there are`() throws {
    let outcome = try Convbook.run("lesson 1 --plain", environment: ["CONVBOOK_KERNELS": "avx9"])
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    #expect(
      outcome.error.contains("CONVBOOK_KERNELS is \"avx9\"; it must be baseline, avx2 or avx512"))
    for name in ["", "baseline"] {
      #expect(try Convbook.run("--version", environment: ["CONVBOOK_KERNELS": name]).code == 0)
    }
  }

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
