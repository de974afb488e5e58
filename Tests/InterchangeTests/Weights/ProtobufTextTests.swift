import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

/// The text format of protocol buffers, as `.prototxt` files are written in it.
@Suite struct ProtobufTextTests {
  private func message(_ text: String) throws -> TextMessage {
    try TextMessage(text: Array(text.utf8))
  }

  /// A message as one line, each value as it was written.
  private func line(_ message: TextMessage) -> String {
    message.fields.map { field in
      switch field.value {
      case .message(let inner): "\(field.name){\(line(inner))}"
      case .text(let text): "\(field.name)=\"\(text)\""
      case .word(let word): "\(field.name)=\(word)"
      }
    }.joined(separator: " ")
  }

  @Test(arguments: [
    ("a: 1", "a=1"),
    ("a:1 b:2;c:3,d:4", "a=1 b=2 c=3 d=4"),
    ("a { b: 1 }", "a{b=1}"),
    ("a: { b: 1 } a <b: 2>", "a{b=1} a{b=2}"),
    ("a < b { c: 1 } >;", "a{b{c=1}}"),
    ("a: [1, 2, 3]", "a=1 a=2 a=3"),
    ("a [{ b: 1 }, <b: 2>]", "a{b=1} a{b=2}"),
    ("a: []", ""),
    ("a: MAX # the largest\n#b: 1\r\nc: true", "a=MAX c=true"),
    ("a: - 1e-4 b: .5f c: 0x1F d: -inf e: nan", "a=-1e-4 b=.5f c=0x1F d=-inf e=nan"),
    ("\u{FEFF}a: 1", "a=1"),
    ("a: 'x\"y' b: \"x'y\" c: \"#\"", "a=\"x\"y\" b=\"x'y\" c=\"#\""),
    (#"a: "one" 'two'"#, "a=\"onetwo\""),
    (#"a: "\n\t\\\"\'\101\x41\u00e9\U0001F600""#, "a=\"\n\t\\\"'AAé😀\""),
    ("", ""),
  ]) func `what is written, field by field`(text: String, expected: String) throws {
    #expect(line(try message(text)) == expected)
  }

  @Test func `each field knows its line and character`() throws {
    let places = try message("a: 'é' b: 1\r\n  c { d: 2 }\re: 3").fields.map(\.place)
    #expect(
      places == [
        TextPlace(line: 1, column: 4), TextPlace(line: 1, column: 11),
        TextPlace(line: 2, column: 3), TextPlace(line: 3, column: 4),
      ])
  }

  @Test(arguments: [
    ("a {\n  b: 1\n", "line 3, column 1: the text ends inside a, which begins on line 1; a \"}\""),
    ("a <\n b { ", "line 2, column 6: the text ends inside b, which begins on line 2; a \"}\""),
    ("a: 1 }", "line 1, column 6: expected the name of a field, and found \"}\""),
    ("a { b: 1 >", "line 1, column 10: expected the name of a field, and found \">\""),
    ("# é\n a 1", "line 2, column 4: expected \":\" or \"{\" behind a, and found \"1\""),
    ("a: \"é\" b \"x\"", "line 1, column 10: expected \":\" or \"{\" behind b, and found \"\"\""),
    ("a:", "line 1, column 3: expected the value of a, and found the end of the text"),
    ("a: [1 2]", "line 1, column 7: expected \",\" or \"]\" in the list a, and found \"2\""),
    ("a: \"x", "line 1, column 4: the text in quotes that begins here does not end"),
    ("a: 'x\ny'", "line 1, column 4: the text in quotes that begins here does not end"),
    (#"a: "\q""#, "line 1, column 5: there is no such escape"),
    (#"a: "\777""#, "line 1, column 5: there is no such escape"),
    (#"a: "\ud800""#, "line 1, column 5: there is no such escape"),
    (#"a: "\xff""#, "line 1, column 4: the text in quotes is no UTF-8"),
    ("1: a", "line 1, column 1: expected the name of a field, and found \"1\""),
    ("a: \u{1B}[31m", "line 1, column 4: expected the value of a, and found"),
  ]) func `mistakes are answered with their place`(text: String, expected: String) {
    let problem = #expect(throws: TextProblem.self) { try message(text) }
    let sentence = problem?.description ?? "none"
    #expect(sentence.hasPrefix(expected), "\(sentence)")
    #expect(!sentence.contains("\u{1B}"))
  }

  @Test func `nesting, fields and length have an end`() throws {
    let deep = { (depth: Int) in
      String(repeating: "a{", count: depth) + String(repeating: "}", count: depth)
    }
    #expect(try message(deep(TextMessage.deepest)).fields.count == 1)
    for text in [
      deep(TextMessage.deepest + 1), String(repeating: "a{", count: 100_000),
      String(repeating: "a:1 ", count: TextMessage.most + 1),
      String(repeating: " ", count: TextMessage.longest + 1),
      "a: " + String(repeating: "1", count: 300),
    ] {
      #expect(throws: TextProblem.self) { try message(text) }
    }
  }

  // MARK: Values

  private func part(_ text: String, knowing known: [String]) throws -> TextMessage.Part {
    try TextMessage.Part(
      message(text), called: "a_param", at: TextPlace(line: 1, column: 1), knowing: known)
  }

  @Test func `numbers, flags and words as their reader knows them`() throws {
    let part = try part(
      "a: 12 b: 0x1F c: 017 d: -3 e: 1e-4 f: .5f g: true h: f i: MAX j: 'text' k: 3.",
      knowing: [])
    let all = -100...100
    #expect(
      try ["a", "b", "c", "d"].map { try part.wholeNumber($0, in: all) } == [12, 31, 15, -3])
    #expect(try ["a", "e", "f", "k"].map { try part.number($0) } == [12, 1e-4, 0.5, 3])
    #expect(try part.flag("g", or: false) && !part.flag("h", or: true) && part.flag("x", or: true))
    #expect(try part.word("i") == "MAX" && part.text("j") == "text")
    #expect(try part.number("x") == nil && part.text("x") == nil)
  }

  @Test(arguments: [
    "1.5", "1e3", "--1", "+1", "9223372036854775808", "-", "0x", "0xG", "08", "MAX", "'1'", "101",
    "{}",
    "0x-1", "１",
  ]) func `what is no whole number of the range`(written: String) throws {
    guard let part = try? part("a: \(written)", knowing: []) else { return }
    #expect(throws: TextProblem.self) { try part.wholeNumber("a", in: 0...100) }
  }

  @Test(arguments: ["inf", "-infinity", "nan", "1e999", "MAX", "1.2.3", "0x1p3f", "e5", "'1'"])
  func `what is no number`(written: String) throws {
    let part = try part("a: \(written)", knowing: [])
    #expect(throws: TextProblem.self) { try part.number("a") }
  }

  @Test func `a field that is misspelled is not passed over, one of another dialect is`() throws {
    let known = ["kernel_size", "stride", "pad", "pad_h"]
    let problem = #expect(throws: TextProblem.self) {
      try part("stride: 2\n kernal_size: 3", knowing: known)
    }
    #expect(
      problem?.description
        == "line 2, column 15: a_param has no field kernal_size; did you mean kernel_size?")
    #expect(try part("hole: 2 pad: 1", knowing: known).all("hole").count == 1)
    // Where the field it resembles is there too, it is another one.
    #expect(try part("pad: 1 pads: 2", knowing: known).has("pads"))
    #expect(throws: TextProblem.self) {
      try part("stride: 1 stride: 2", knowing: known).wholeNumber("stride", in: 1...9)
    }
  }

  // MARK: Anything

  @Test func `whatever bytes come, they are a message or a sentence`() throws {
    let original = Array(
      #"""
      name: "net" input: 'data' input_dim: [1, 3, 0x20, 32]
      layer { name: "conv\x31" type: "Convolution" # a remark
        convolution_param < num_output: 8; kernel_size: 3, pad: 1 weight_filler { value: -.5e-3 } >
        include: { phase: TRAIN } param [{ lr_mult: 1 }, { lr_mult: 2 }] }
      """#.utf8)
    let mutations = Mutations(of: original, seed: 0)
    for count in 0...original.count { _ = try? TextMessage(text: mutations.truncated(to: count)) }
    var read = 0
    for seed in 1...20 {
      var mutations = Mutations(of: original, seed: UInt64(seed))
      for _ in 0..<200 {
        do throws(TextProblem) {
          let message = try TextMessage(text: mutations.next())
          read += 1
          let most = original.count * 2
          #expect(line(message).utf8.count < most * 4)
        } catch {
          #expect(error.place.line >= 1 && error.place.column >= 1)
          #expect(error.description.count < 400)
        }
      }
    }
    #expect(read > 100)
  }
}
