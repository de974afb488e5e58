import Tensors
import Testing

@Suite struct JSONTests {
  @Test func `objects keep their order, lists of numbers stay on one line`() {
    let value: JSON = ["b": [3, 4], "a": ["x": true], "n": .null, "e": []]
    #expect(
      value.text == """
        {
          "b": [3, 4],
          "a": {
            "x": true
          },
          "n": null,
          "e": []
        }
        """)
  }

  @Test func `text is quoted, and what JSON cannot say is null`() {
    #expect(JSON.string("a\"\\\n\u{1}é").text == "\"a\\\"\\\\\\n\\u0001é\"")
    #expect(JSON.string("\u{9B}2J\u{202E}").text == "\"\\u009b2J\\u202e\"")
    #expect(JSON.number(.nan).text == "null")
    #expect(JSON.number(0.5).text == "0.5")
  }
}
