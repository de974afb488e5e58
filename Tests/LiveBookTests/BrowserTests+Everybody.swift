import Foundation
import Lessons
import Testing

@testable import LiveBook

/// Numbers, keyboard, screen reader, eyes, paper; and how fast it is.
extension BrowserTests {
  @Test func `the page answers 600 cases as the native code does`() throws {
    let book = LiveBook(lessons: LessonIndex.withOwnNumbers)
    try browser.open(address("laboratory.html"))
    for request in BrowserCases.requests(600) {
      let quoted = String(
        decoding: try JSONEncoder().encode(request), as: UTF8.self)
      let answer = try browser.evaluate("book.ask(\(quoted)).then(JSON.stringify)") as? String
      let there = try JSONSerialization.jsonObject(with: Data((answer ?? "{}").utf8))
      // The largest extent is a smaller one where an Int has 32 bits; a sentence may name it.
      let own = book.answer(request).replacingOccurrences(of: "1000000000", with: "10000")
      let here = try JSONSerialization.jsonObject(with: Data(own.utf8))
      #expect(there as? NSDictionary == here as? NSDictionary, "\(request)")
    }
  }

  @Test func `the keyboard alone reaches a figure and walks through it`() throws {
    try browser.open(address("03-the-window-in-two-dimensions.html"))
    let isThere = "document.activeElement.classList.contains('live')"
    for _ in 0..<60 where try browser.evaluate(isThere) as? Bool != true {
      try browser.press("Tab", code: 9)
    }
    #expect(try browser.evaluate(isThere) as? Bool == true)
    let said = "document.activeElement.querySelector('svg').getAttribute('aria-label')"
    let first = try browser.evaluate(said) as? String
    try browser.press("ArrowRight", code: 39)
    let second = try browser.evaluate(said) as? String
    #expect(first != second)
    #expect(second?.contains("output") == true, "\(second ?? "nothing is said")")
    // The first thing that Tab reaches leads past the head of the page.
    try browser.open(address("index.html"))
    try browser.press("Tab", code: 9)
    #expect(try browser.evaluate("document.activeElement.textContent") as? String == "To the text")
  }

  @Test func `a screen reader has a name for whatever can be used or seen`() throws {
    let named: Set<String> = [
      "button", "link", "textbox", "searchbox", "spinbutton", "slider", "combobox", "checkbox",
      "image", "heading", "DisclosureTriangle",
    ]
    for page in Self.kinds {
      try browser.open(address(page))
      let tree = try browser.send("Accessibility.getFullAXTree")["nodes"] as? [[String: Any]] ?? []
      var count = 0
      for node in tree where node["ignored"] as? Bool != true {
        let role = (node["role"] as? [String: Any])?["value"] as? String ?? ""
        guard named.contains(role) else { continue }
        count += 1
        let name = (node["name"] as? [String: Any])?["value"] as? String ?? ""
        #expect(!name.isEmpty, "\(page): a \(role) without a name")
      }
      #expect(count > 5)
    }
  }

  @Test(arguments: ["light", "dark"])
  func `text stands out from its ground`(scheme: String) throws {
    try browser.imitate(["prefers-color-scheme": scheme])
    for page in Self.kinds {
      try read(page, "contrast")
    }
  }

  @Test func `paper shows what is folded, and nothing that can't be used there`() throws {
    try browser.imitate(medium: "print")
    try browser.open(address("05-stride-and-the-floor.html"))
    for (selector, isShown) in [
      (".prediction .answer", true), ("header", false), (".bar", false), (".reply", false),
    ] {
      let shown = try browser.evaluate(
        "document.querySelector('\(selector)').checkVisibility({ contentVisibilityAuto: true })")
      #expect(shown as? Bool == isShown, "\(selector)")
    }
  }

  @Test func `who wants no motion gets none that was not asked for`() throws {
    try browser.imitate(["prefers-reduced-motion": "reduce"])
    try browser.open(address("05-stride-and-the-floor.html"))
    let behavior = try browser.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    #expect(behavior as? String == "auto")
    #expect(try browser.evaluate("document.getAnimations().length") as? Int == 0)
  }

  /// Not judged, because it depends on the machine and on what else it does.
  @Test(.enabled(if: BrowserPlace.environment["CONVBOOK_MEASURE"] == "1"))
  func `how fast the pages are`() throws {
    let observer = """
      new MutationObserver(() => { if (document.querySelector("#maps svg"))
        window.firstFigure ??= performance.now(); }).observe(document, { childList: true, subtree: true });
      """
    try browser.send("Page.addScriptToEvaluateOnNewDocument", ["source": observer])
    let measure = try Self.script("measure.js")
    var slowest: [String: (time: Double, page: String)] = [:]
    for page in try pages() {
      try browser.open(address(page))
      try browser.evaluate(measure)
      for (name, time) in try browser.evaluate("measured()") as? [String: Double] ?? [:] {
        if time > slowest[name]?.time ?? 0 { slowest[name] = (time, page) }
      }
    }
    for (name, (time, page)) in slowest.sorted(by: { $0.key < $1.key }) {
      print("\(name): \((time * 10).rounded() / 10) ms (\(page))")
    }
    #expect(!slowest.isEmpty)
  }
}
