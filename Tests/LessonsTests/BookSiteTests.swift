import Foundation
import LessonKit
import Testing

@testable import Workbench

/// The live book says what the terminal says.
@Suite struct BookSiteTests {
  @Test(arguments: Book.lessons.map(\.number))
  func `a page has every number that the terminal has`(number: Int) throws {
    let lesson = try #require(Book.lesson(number))
    let steps = try LessonRuns.steps(number)
    let page = BookPage(lesson, steps: steps)
    let lines = text(ofHTML: page.body)
    let onPage = counts(lines)
    // A trace's figure has the numbers of its maps once where the terminal repeats them.
    let rest = steps.filter { $0.kind != "trace" && $0.kind != "picture" && $0.kind != "files" }
    let renderer = TextRenderer(width: 400)
    for (word, count) in counts(rest.map { renderer.text(of: $0) }.joined(separator: "\n")) {
      #expect(onPage[word, default: 0] >= count, "\(word) is in the terminal \(count) times")
    }
    for case .trace(let trace) in steps {
      for sum in trace.equations { #expect(lines.contains(sum.text)) }
    }
    #expect(page.html.utf8.count < 300_000)
  }

  @Test func `pages are well-formed, and ask nothing of any server`() throws {
    for lesson in Book.lessons {
      let html = BookPage(lesson, steps: try LessonRuns.steps(lesson.number)).html
      #expect(!html.contains("http://") || html.contains("http://www.w3.org/2000/svg"))
      #expect(!html.contains("https://"), "lesson \(lesson.number)")
      #expect(!html.contains(" style=\""), "the policy of the pages forbids styles in elements")
      #expect(html.contains("default-src 'none'"))
      var open: [Substring] = []
      for tag in html.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
        let name = tag.output.2
        let isVoid = ["meta", "link", "input", "img", "br"].contains(name)
        if tag.output.1 == "/" {
          #expect(open.popLast() == name, "lesson \(lesson.number)")
        } else if tag.output.3.isEmpty, !isVoid {
          open.append(name)
        }
      }
      #expect(open == [], "lesson \(lesson.number)")
    }
  }

  @Test func `every link between pages leads to a page`() throws {
    let lessons = try Book.lessons.map { BookPage($0, steps: try LessonRuns.steps($0.number)) }
    let pages = lessons + [.contents, .laboratory, .drawing, .quiz, .formulas, .glossary]
    let names = Set(pages.map(\.name))
    for page in pages {
      for link in page.html.matches(of: /<a [^>]*href="([^"#]+)/) {
        #expect(names.contains(String(link.output.1)), "\(page.name) leads to \(link.output.1)")
      }
    }
    #expect(BookIndex.script(of: pages).contains("[\"05-stride-and-the-floor.html#the-floor\""))
  }

  @Test func `Markdown of the book's own pages becomes HTML`() {
    #expect(
      pageHTML(ofMarkdown: "# A `b`\n\nOne\ntwo.\n\n| a | b |\n|---|---|\n| `x` | 1 < 2 |\n")
        == "<h1 id=\"a-b\">A <code>b</code></h1>\n<p>One two.</p>\n"
        + "<div class=\"wide\"><table class=\"rows\"><thead><tr><th scope=\"col\">a</th>"
        + "<th scope=\"col\">b</th></tr></thead><tbody><tr><td><code>x</code></td>"
        + "<td>1 &lt; 2</td></tr></tbody></table></div>")
  }

  /// What a reader of a page without scripts reads.
  private func text(ofHTML html: String) -> String {
    var bytes: [UInt8] = []
    var isTag = false
    for byte in html.utf8 {
      if byte == UInt8(ascii: "<") { isTag = true }
      if !isTag { bytes.append(byte) }
      if isTag, byte == UInt8(ascii: ">") {
        isTag = false
        bytes.append(UInt8(ascii: " "))
      }
    }
    let names = ["&lt;": "<", "&gt;": ">", "&quot;": "\""]
    return names.reduce(String(decoding: bytes, as: UTF8.self)) {
      $0.replacingOccurrences(of: $1.key, with: $1.value)
    }.replacingOccurrences(of: "&amp;", with: "&")
  }

  /// How often each number is there.
  private func counts(_ text: String) -> [Substring: Int] {
    text.split { !$0.isNumber }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
