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

  /// Beside the inner loops, which know their instructions, and what is not there in an embedded program.
  @Test func `what differs between systems stands in Platform alone`() throws {
    let words = [
      "os(", "canImport(Glibc)", "canImport(Darwin)", "canImport(Musl)", "import Glibc",
      "import Darwin", "import Musl", "arch(x86_64)", "arch(arm64)", "import Foundation",
    ]
    var found: [String] = []
    for folder in ["Sources", "Lessons", "Exercises/Checks", "Exercises/Runner"] {
      let files = try #require(
        FileManager.default.enumerator(
          at: book.appending(path: folder), includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" {
        guard !["/Interchange/Platform/", "/Kernels/"].contains(where: file.path.contains) else {
          continue
        }
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          let text = line.trimmingCharacters(in: .whitespaces)
          guard text.hasPrefix("#") || text.contains("import ") else { continue }
          if words.contains(where: text.contains) { found.append("\(file.path): \(text)") }
        }
      }
    }
    #expect(found == [])
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
