import Tensors
import Testing

@testable import Interchange

@Suite struct JSONReaderTests {
  private func read(_ text: String) throws -> JSON {
    try JSON(parsing: Array(text.utf8), of: "a.json")
  }

  @Test func `what is written is read again`() throws {
    let value: JSON = [
      "name": "a \"b\" \\ é", "sizes": [1, -2, 0.5, 1e9], "is": true, "not": false, "none": .null,
      "empty": [], "in": ["a": ["b": []]], "large": .unsigned(UInt64.max),
    ]
    let again = try read(value.text)
    #expect(again == value)
    #expect(again["name"]?.string == "a \"b\" \\ é" && again["sizes"]?.items?.count == 4)
    #expect(again["sizes"]?.items?[1].integer == -2 && again["sizes"]?.items?[2].number == 0.5)
    #expect(again["missing"] == nil && again["name"]?.items == nil)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\" 1}", "{\"a\":1}x", "tru", "01e", "1e999", "nan", "--1", "\"a",
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: InterchangeError.self) { try read(text) }
  }

  @Test func `values lie in each other 64 deep at most`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(64))
    #expect(throws: InterchangeError.self) { try read(nested(66)) }
    #expect(throws: InterchangeError.self) { try read(nested(100_000)) }
  }
}
