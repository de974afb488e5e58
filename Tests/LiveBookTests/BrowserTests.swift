import Foundation
import Testing

/// What `.ci/check-live-book` says: which browser, and where the pages are.
enum BrowserPlace {
  static let environment = ProcessInfo.processInfo.environment
  static let program = environment["CONVBOOK_BROWSER"]
  static let site = environment["CONVBOOK_SITE"].map {
    URL(filePath: $0, directoryHint: .isDirectory)
  }
}

/// The pages in a real browser. What a reader does in a page is in `Browser/reader.js`.
@Suite(.serialized, .enabled(if: BrowserPlace.program != nil && BrowserPlace.site != nil))
struct BrowserTests {
  /// Pages of every kind.
  static let kinds = [
    "index.html", "05-stride-and-the-floor.html", "laboratory.html", "draw.html", "quiz.html",
  ]

  let browser: Chromium
  let folder: URL
  let reader: String

  init() throws {
    browser = try Chromium(try #require(BrowserPlace.program))
    folder = try #require(BrowserPlace.site)
    reader = try Self.script("reader.js")
  }

  static func script(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Browser")
    return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Every page by its name.
  func pages() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".html") }.sorted()
  }

  func address(_ page: String) -> String {
    folder.appending(path: "").absoluteString + page
  }

  /// Opens a page and does there what a reader does; nothing may be wrong, nor on the console.
  func read(_ page: String, at address: String? = nil, _ actions: String...) throws {
    browser.messages = []
    try browser.open(address ?? self.address(page))
    try act(page, actions)
  }

  func act(_ page: String, _ actions: [String]) throws {
    try browser.evaluate(reader)
    let names = actions.map { "\"\($0)\"" }.joined(separator: ", ")
    for fault in try #require(try browser.evaluate("reader(\(names))") as? [String]) {
      Issue.record("\(page): \(fault)")
    }
    #expect(browser.messages == [], "\(page) wrote on the console")
  }

  @Test func `every page is read from the disk, at three widths, and asks nothing of anybody`()
    throws
  {
    for width in [360, 800, 1920] {
      try browser.resize(width: width)
      for page in try pages() {
        let isFirst = width == 800
        guard isFirst || !page.hasPrefix("4") && Int(page.prefix(2)).map({ $0 % 5 == 0 }) != false
        else { continue }
        if isFirst {
          try read(page, "shape", "figures", "predictions", "numbers", "change")
        } else {
          try read(page, "shape")
        }
      }
    }
    let outside = browser.requests.filter { request in
      !request.hasPrefix(folder.absoluteString) && !request.hasPrefix("data:")
        && !request.hasPrefix("blob:") && request != "about:blank"
    }
    #expect(outside == [])
  }

  @Test func `every link leads to a page and a place in it`() throws {
    var places: [String: Set<String>] = [:]
    var links: [(from: String, to: String)] = []
    for page in try pages() {
      try browser.open(address(page))
      let ids = try browser.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
      places[page] = Set(ids as? [String] ?? [])
      let found = try browser.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
      links += (found as? [String] ?? []).map { (page, $0) }
    }
    try browser.evaluate("book.load('search.js')")
    let found = try browser.evaluate("book.index.map(entry => entry[0])") as? [String] ?? []
    links += found.map { ("search", $0) }
    #expect(found.count > 100)
    for (from, link) in links {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let page = parts[0].isEmpty ? from : String(parts[0])
      let ids = try #require(places[page], "\(from) leads to \(link)")
      guard parts.count > 1, page != "laboratory.html" else { continue }
      #expect(ids.contains(String(parts[1])), "\(from) leads to \(link)")
    }
  }

  @Test func `a web server gives the same pages`() throws {
    browser.served = folder
    try browser.send("Fetch.enable")
    for page in ["index.html", "05-stride-and-the-floor.html"] {
      try read(page, at: "http://book.test/\(page)", "shape", "figures", "predictions", "numbers")
    }
    try read("laboratory.html", at: "http://book.test/laboratory.html", "laboratory")
    try read("draw.html", at: "http://book.test/draw.html", "draw")
  }

  @Test func `the laboratory, the quiz and the search do as they are told`() throws {
    try read("laboratory.html", "laboratory", "network")
    try read("quiz.html", "quiz", "search")
  }

  @Test func `what is drawn is labelled, also after a trap`() throws {
    try read("draw.html", "draw")
    try read("draw.html", "workerTraps")
  }

  @Test func `the module starts anew after a trap, and nothing that was typed is lost`() throws {
    try read("laboratory.html", "traps")
  }

  @Test(arguments: [
    "laboratory.html#conv&input=zz%%&stride=-3", "laboratory.html#conv&stride=99999999999",
    "laboratory.html#conv&input=%3Cscript%3E", "05-stride-and-the-floor.html#&input=seven",
  ])
  func `a link with a broken state has a sentence, and the page is usable`(link: String) throws {
    try read(link, "brokenLink")
  }

  @Test(arguments: ["WebAssembly", "DecompressionStream"])
  func `a browser that lacks something is told what`(lacking: String) throws {
    try browser.send(
      "Page.addScriptToEvaluateOnNewDocument", ["source": "delete window.\(lacking);"])
    try read("laboratory.html", "lack")
    try read("05-stride-and-the-floor.html", "shape", "figures")
  }

  @Test func `without scripts a lesson is whole, and shows no field that does nothing`() throws {
    try browser.send("Emulation.setScriptExecutionDisabled", ["value": true])
    try browser.open(address("05-stride-and-the-floor.html"))
    let snapshot = try browser.send(
      "DOMSnapshot.captureSnapshot", ["computedStyles": ["display"]])
    let strings = try #require(snapshot["strings"] as? [String])
    #expect(strings.contains { $0.contains("floor") })
    // What has no layout is not shown: of the fields for the reader's numbers nothing is.
    let document = try #require((snapshot["documents"] as? [[String: Any]])?.first)
    let layout = try #require(document["layout"] as? [String: Any])
    let nodes = try #require(document["nodes"] as? [String: Any])
    let names = try #require(nodes["nodeName"] as? [Int])
    let shown = try #require(layout["nodeIndex"] as? [Int]).map { strings[names[$0]] }
    #expect(!shown.contains("INPUT") && !shown.contains("BUTTON"))
    #expect(shown.contains("svg") && shown.contains("TABLE") && shown.contains("SUMMARY"))
  }

  @Test func `the last page is remembered, also from the disk`() throws {
    try browser.open(address("05-stride-and-the-floor.html"))
    try browser.open(address("index.html"))
    let link = try browser.evaluate("document.querySelector('#last a').getAttribute('href')")
    #expect(link as? String == "05-stride-and-the-floor.html")
  }
}
