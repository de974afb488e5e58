import Tensors
import Testing

@testable import Workbench

@Suite struct KeyParserTests {
  private func keys(_ text: String) -> [Key] {
    var parser = KeyParser()
    return parser.keys(Array(text.utf8))
  }

  @Test func `letters, control keys and what begins with Esc`() {
    #expect(keys("aK?") == [.character("a"), .character("K"), .character("?")])
    #expect(keys("\t\r\n\u{7F}\u{8}\u{C}\u{4}").count == 7)
    #expect(keys("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D") == [.up, .down, .right, .left])
    #expect(keys("\u{1B}OA\u{1B}[1;5C\u{1B}[Z") == [.up, .right, .tab])
    #expect(
      keys("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}OH") == [.home, .end, .home, .end, .home])
  }

  @Test func `a key that comes in pieces is one key, wherever it is cut`() {
    let bytes = Array("\u{1B}[1;5Ck\u{1B}OBé\u{1B}[A".utf8)
    for cut in 0...bytes.count {
      for second in cut...bytes.count {
        var parser = KeyParser()
        let keys =
          parser.keys(Array(bytes[..<cut])) + parser.keys(Array(bytes[cut..<second]))
          + parser.keys(Array(bytes[second...]))
        #expect(keys == [.right, .character("k"), .down, .up], "cut at \(cut), \(second)")
        #expect(!parser.isWaiting)
      }
    }
  }

  @Test func `Esc alone is a key once nothing follows it`() {
    var parser = KeyParser()
    #expect(parser.keys([0x1B]) == [] && parser.isWaiting)
    #expect(parser.flush() == [.escape] && !parser.isWaiting)
    #expect(parser.keys([0x1B, 0x1B]) == [.escape] && parser.flush() == [.escape])
  }

  @Test func `what is unknown is no key, and nothing after it is lost`() {
    #expect(keys("\u{1B}[5~\u{1B}[200;9u\u{1B}OP\u{1B}x\u{0}\u{1}ü€😀a") == [.character("a")])
    #expect(keys("\u{1B}[\(String(repeating: "1", count: 100))ma").last == .character("a"))
    var parser = KeyParser()
    #expect(parser.keys([0xFF, 0xC3, 0x28, 0x80, 0x61]) == [.character("("), .character("a")])
  }

  @Test func `what is pasted is dropped, however it is cut`() {
    let bytes = Array("a\u{1B}[200~qqq\u{1B}[A garbage \u{1B}[201\u{1B}[201~b".utf8)
    for cut in 0...bytes.count {
      var parser = KeyParser()
      let keys = parser.keys(Array(bytes[..<cut])) + parser.keys(Array(bytes[cut...]))
      #expect(keys == [.character("a"), .character("b")], "cut at \(cut)")
    }
  }

  @Test func `random bytes do no harm`() {
    var random = SplitMix64(seed: 3)
    var parser = KeyParser()
    for _ in 0..<2000 {
      let bytes = (0..<random.integer(in: 0...9)).map { _ in UInt8(random.integer(in: 0...255)) }
      _ = parser.keys(bytes)
      _ = parser.flush()
    }
    _ = parser.keys(Array("\u{1B}[201~".utf8))
    #expect(parser.keys([0x61]) == [.character("a")])
  }
}
