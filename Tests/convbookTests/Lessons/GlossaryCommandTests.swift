import Testing

@Suite struct GlossaryCommandTests {
  @Test(arguments: ["glossary receptive field", "glossary Receptive Fields"])
  func `one term, in any form, is one sentence and its lesson`(line: String) throws {
    let outcome = try Convbook.run(line)
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    #expect(outcome.lines.first == "receptive field (lesson 24)")
    #expect(outcome.output.contains("The pixels that can change a cell"))
  }

  @Test func `without a word all terms are shown, as text, page and JSON`() throws {
    let text = try Convbook.run("glossary")
    #expect(text.code == 0 && text.output.contains("Winograd (lesson 37)"))
    #expect(text.lines.allSatisfy { $0.count <= 100 })
    let page = try Convbook.run("glossary --format markdown").output
    #expect(page.hasPrefix("# Glossary\n") && page.contains("| tap |"))
    let json = try Convbook.run("glossary tap --format json").output
    #expect(json.contains("\"word\": \"tap\"") && json.contains("\"lesson\": 1"))
  }

  @Test(arguments: [
    ("glossary pading", "did you mean padding?"),
    ("glossary recptive field", "did you mean receptive field?"),
    ("glossary quark", "convbook glossary lists its words"),
    ("glossary tap --format html", "terminal, markdown or json"),
  ])
  func `an unknown word suggests the nearest`(line: String, sentence: String) throws {
    let outcome = try Convbook.run(line)
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
  }
}
