import Foundation
import Testing

@Suite struct ArchitectureTests {
  private let book = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func `every file that the page on the architecture names is there`() throws {
    let page = try String(contentsOf: book.appending(path: "Docs/Architecture.md"), encoding: .utf8)
    let named = Set(page.split(separator: "`").filter { $0.hasSuffix(".swift") }.map(String.init))
    var there: Set<String> = ["Package.swift"]
    for folder in ["Sources", "Lessons", "Exercises"] {
      let files = try #require(
        FileManager.default.enumerator(
          at: book.appending(path: folder), includingPropertiesForKeys: nil))
      for case let file as URL in files { there.insert(file.lastPathComponent) }
    }
    #expect(named.count > 40)
    #expect(named.subtracting(there) == [])
  }

  /// A reader of one command opens so many files; they are named in the order of the data.
  @Test(arguments: [("trace", 12), ("size", 12), ("lesson 14", 12), ("apply", 12), ("segment", 20)])
  func `a walk is short`(command: String, most: Int) throws {
    let page = try String(contentsOf: book.appending(path: "Docs/Architecture.md"), encoding: .utf8)
    let walk = try #require(
      page.components(separatedBy: "\n\n").first { $0.hasPrefix("`\(command)`:") })
    let files = walk.split(separator: "`").filter { $0.hasSuffix(".swift") }
    #expect(5...most ~= files.count, "\(files.count) files")
  }
}
