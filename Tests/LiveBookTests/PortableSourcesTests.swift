import Foundation
import Testing

/// The core compiles for WebAssembly in Embedded Swift too; what that lacks is found here before
/// `.ci/build-web-module` finds it.
struct PortableSourcesTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let modules = [
    "Tensors", "ConvolutionArithmetic", "Primitives", "LessonKit", "Networks", "LiveBook",
  ]
  /// What a file of a module has that stays outside, as `.ci/build-web-module` says it.
  private static let outside = [
    "Networks": #"import (FastKernels|Interchange|WeightFiles)|Weights<|StepOutline|CellView"#
  ]

  /// What Embedded Swift lacks, and what 32 bits of an `Int` do not hold.
  private static let lacking: [(pattern: String, reason: String)] = [
    (#"\(\\\."#, "a key path as a function; write { $0.count }"),
    (#"\bthrows (->|\{)"#, "errors of any type; write throws(GeometryError)"),
    (#"\bany [A-Z]"#, "a value of a protocol type"),
    (#"\bas[?!] "#, "a cast at run time"),
    (#"\bMirror\("#, "a mirror"),
    (#"import Foundation"#, "Foundation"),
    (#"\.replacing\(|/.*/\.wholeMatch"#, "regular expressions"),
    (#"Int\(truncatingIfNeeded"#, "bits that an Int of 32 bits cuts off; write Int64 or UInt64"),
    (#"1 << (3[1-9]|[4-6][0-9])"#, "a number that an Int of 32 bits does not hold"),
  ]
  /// Where the compiler makes the cast before it is compiled for the browser.
  private static let allowed = ["(error as? GeometryError) ?? GeometryError("]

  @Test(arguments: modules)
  func `the core does without what Embedded Swift lacks`(module: String) throws {
    let folder = Self.root.appending(path: "Sources/\(module)")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    let outside = try Self.outside[module].map { try Regex($0) }
    let lacking = try Self.lacking.map { (pattern: try Regex($0.pattern), reason: $0.reason) }
    var read = 0
    for case let name as String in files where name.hasSuffix(".swift") {
      guard !name.hasPrefix("Module/") else { continue }
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      if let outside, name.contains("/") || text.contains(outside) { continue }
      read += 1
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let code = line.drop { $0 == " " }
        guard !code.hasPrefix("//"), !Self.allowed.contains(where: code.contains) else { continue }
        for (pattern, reason) in lacking where code.contains(pattern) {
          Issue.record("\(module)/\(name):\(index + 1) has \(reason): \(code)")
        }
      }
    }
    #expect(read > 1)
  }

  @Test func `the patterns find what they are for`() throws {
    let faults = [
      "rows.map(\\.count)", "func f() throws -> Int {", "let e: any Error", "x as? Int",
      "Mirror(reflecting: x)", "import Foundation", "text.replacing(a, with: b)",
      "Int(truncatingIfNeeded: bits)", "1 << 40",
    ]
    for (fault, lack) in zip(faults, Self.lacking) {
      #expect(fault.contains(try Regex(lack.pattern)), "\(lack.reason)")
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] != nil))
  func `the module of the live book was made from these sources`() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [Self.root.appending(path: ".ci/build-web-module").path, "--sum"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let sum = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let asset = Self.root.appending(path: "Sources/Workbench/LiveBook/Assets/module.js")
    let first = try String(contentsOf: asset, encoding: .utf8).prefix { $0 != "\n" }
    #expect(
      first.hasSuffix("checksum \(sum.prefix { $0 != "\n" })."),
      "the module is of older sources; .ci/build-web-module makes it anew")
  }
}
