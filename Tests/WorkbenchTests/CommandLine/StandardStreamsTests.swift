import Tensors
@testable import Workbench
import Testing

@Suite struct StandardStreamsTests {
  @Test func `a name cannot steer the terminal`() {
    #expect("photo.jpg".visible == "photo.jpg")
    #expect("größe ¼ → 猫 👩‍🚀.png".visible == "größe ¼ → 猫 👩‍🚀.png")
    #expect("a\u{1B}[2Jb\n\r\t".visible == "a\\x1B[2Jb\\n\\r\\t")
    // Also where a line feed belongs to one character with what comes before it.
    #expect("\r\n".visible == "\\r\\n")
    #expect("\u{0}\u{7F}\u{9B}31m".visible == "\\x00\\x7F\\x9B31m")
    #expect("gnp.\u{202E}exe".visible == "gnp.\\u{202E}exe")
    for scalar in (0...0x2FFF).compactMap(Unicode.Scalar.init) {
      let shown = String(scalar).visible.unicodeScalars
      #expect(
        !shown.contains { $0.properties.generalCategory == .control },
        "U+\(String(scalar.value, radix: 16))")
    }
  }

  @Test func `in XML a name is text and nothing else`() {
    #expect(escapedForXML("a<b> & \"c\"") == "a&lt;b&gt; &amp; &quot;c&quot;")
    // No XML may hold these, not even written as numbers.
    #expect(escapedForXML("\u{0}\u{1F}\u{FFFE}\u{FFFF}.") == "    .")
    #expect(escapedForXML(" \u{FFFD}猫") == " \u{FFFD}猫")
  }

  @Test func `a line breaks at spaces, below its text`() {
    #expect(
      brokenAtSpaces("label   one two three", to: 16) == ["label   one two", "        three"])
    #expect(brokenAtSpaces("  one two three", to: 10) == ["  one two", "    three"])
    #expect(brokenAtSpaces("fits", to: 4) == ["fits"])
    #expect(
      brokenAtSpaces("averylongword and more", to: 8) == ["averylongword", "  and", "  more"])
    for width in 1...30 {
      let line = "  size   a b cc ddd   e ffff g"
      let words = brokenAtSpaces(line, to: width).flatMap { $0.split(separator: " ") }
      #expect(words == line.split(separator: " "), "\(width)")
    }
  }
}
