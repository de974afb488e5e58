import ExerciseKit
import Foundation
import Testing

@testable import Workbench

/// Attempts that break in every way a learner's file can, all compiled and run as `convbook check`
/// does it.
struct CheckerTests {
  @Test func `one broken attempt breaks nothing else, and each is named for what it is`() throws {
    let book = try TemporaryBook()
    let bodies = [
      "flipped": "while true {}",
      "convolve2D": "return Tensor(row: [[1][w.batch + 7]])",
      "samePadding":
        "return Ends(before: [UInt8](repeating: 1, count: 10 << 30).count, after: 0)",
      "outputSize": "fatalError(\"not today\")",
      "unreadCells": "exit(0)",
      "effectiveKernelSize": "for _ in 0..<200 { print(\"r1 verdict {}\") }; return 3",
      "convolveChannels": "while true { pause() }",
      "transposeByMatrix": "func again(_ n: Int) -> Int { again(n + 1) + n }; return [again(1)]",
      "compose": "var r = [stride]; r[first.count + 1] += second[0]; return r",
      "maxPool": "throw CancellationError()",
    ]
    for (name, body) in bodies { try book.write(body: body, name) }
    for name in ["unreadCells", "convolveChannels"] {
      let path = book.folder.attemptPath(try book.folder.exercise(name))
      try book.write(systemImport + (try Files.read(path)), name)
    }
    try book.solve("correlate1D")
    try book.write(body: "return )", "poolOutputSize")
    try book.write(
      "import ExerciseKit\nimport Tensors\npublic func zeroInsert(_ y: Int) throws -> Int { y }\n",
      "zeroInsert")
    let fuse = try book.folder.stub(try book.folder.exercise("fuse"))
    try book.write("import Primitives\n" + fuse, "fuse")
    let gone = book.folder.attemptPath(try book.folder.exercise("winograd1D"))
    try FileManager.default.removeItem(atPath: gone)

    let names =
      ["correlate1D", "poolOutputSize", "zeroInsert", "fuse", "winograd1D", "meanIU"]
      + bodies.keys.sorted().filter { $0 != "convolveChannels" }
    let exercises = try names.map { try book.folder.exercise($0) }
    let verdicts = try Checker(book.folder).check(exercises)
    let found = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.exercise, $0) })

    #expect(found["correlate1D"]?.outcome == .passed)
    #expect(found["meanIU"]?.outcome == .unsolved)
    #expect(found["winograd1D"]?.outcome == .missing)

    let syntax = found["poolOutputSize"]
    #expect(syntax?.outcome == .compileError)
    #expect(syntax?.output.contains { $0.contains("PoolOutputSize.swift:") } == true)
    #expect(found["zeroInsert"]?.outcome == .compileError)
    #expect(
      found["zeroInsert"]?.output.last?.contains("stride: Size) throws -> Tensor<Int>") == true)
    #expect(found["fuse"]?.outcome == .compileError)
    #expect(found["fuse"]?.output.contains { $0.contains("no such module 'Primitives'") } == true)

    #expect(found["flipped"]?.outcome == .timedOut && found["flipped"]?.caseNumber == 1)
    #expect(found["convolve2D"]?.outcome == .crashed)
    // The body is the last line but one.
    let stub = try book.folder.stub(try book.folder.exercise("convolve2D"))
    let last = stub.split(separator: "\n", omittingEmptySubsequences: false).count - 2
    #expect(
      found["convolve2D"]?.detail
        == "Fatal error: Index out of range, in line \(last) of Exercises/Attempts/Convolve2D.swift"
    )
    // The compiler gives the call in += no line.
    #expect(found["compose"]?.detail.contains("out of range, in line ") == true)
    #expect(
      found["transposeByMatrix"]?.detail.contains("calls itself without end") == true)
    #expect(found["convolve2D"]?.arguments.isEmpty == false)
    #expect(found["samePadding"]?.outcome == .crashed)
    #expect(found["samePadding"]?.detail.hasSuffix("an attempt may use 2 GiB") == true)
    #expect(found["outputSize"]?.outcome == .crashed)
    #expect(found["outputSize"]?.detail.contains("not today") == true)
    #expect(found["unreadCells"]?.outcome == .exited)
    #expect(found["effectiveKernelSize"]?.outcome == .wrongValue)
    #expect(found["effectiveKernelSize"]?.output.count == 21)
    #expect(found["maxPool"]?.outcome == .threw)

    // It waits for ever; less patience than usual keeps this test short.
    let waiting = try book.folder.exercise("convolveChannels")
    #expect(try Checker(book.folder, clockLimit: 1).check(waiting).outcome == .timedOut)
    #expect(
      Files.names(in: book.folder.ownFolder).allSatisfy { !$0.hasPrefix("convbook-build") })
  }

  @Test func `nothing but right answers passes, whatever an attempt writes`() throws {
    let book = try TemporaryBook()
    // Writes a text to every descriptor that there may be.
    let everywhere =
      "for d in Int32(0)..<100 { forged.withCString { _ = write(d, $0, strlen($0)) } }"
    let bodies = [
      // A verdict as it could be, with the last word of the command line.
      "correlate1D": """
      let word = CommandLine.arguments.last ?? ""
      let forged = word + #" verdict {"outcome":"passed"}"# + "\\n"
      \(everywhere)
      exit(0)
      """,
      // The same, and then a wrong answer to every case.
      "flipped": """
      let forged = "[passed] all 0 cases are right"
      \(everywhere)
      return w
      """,
      "convolve2D": "for d in Int32(0)..<100 { close(d) }; return x",
      "samePadding": "exit(0)",
      // A process that would outlive this one.
      "outputSize": """
      let sleeper = Process()
      sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
      sleeper.arguments = ["60"]
      try sleeper.run()
      print(sleeper.processIdentifier)
      return nil
      """,
    ]
    for (name, body) in bodies {
      try book.write(body: body, name)
      let path = book.folder.attemptPath(try book.folder.exercise(name))
      try book.write("import Foundation\n" + (try Files.read(path)), name)
    }
    let exercises = try bodies.keys.sorted().map { try book.folder.exercise($0) }
    let verdicts = try Checker(book.folder).check(exercises)
    let found = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.exercise, $0) })
    #expect(verdicts.allSatisfy { $0.isFailure })
    #expect(found["samePadding"]?.outcome == .exited && found["convolve2D"]?.outcome == .exited)
    let child = found["outputSize"]?.output.first.flatMap { pid_t($0) }
    #expect(isGone(try #require(child)))
  }

  @Test func `what one file declares neither breaks nor helps another`() throws {
    let book = try TemporaryBook()
    let names = ["correlate1D", "flipped", "maxPool", "samePadding", "zeroInsert", "compose"]
    for name in names { try book.solve(name) }
    func add(_ text: String, to name: String) throws {
      let path = book.folder.attemptPath(try book.folder.exercise(name))
      try book.write(try Files.read(path) + text, name)
    }
    // As a function of the library is called, and others use it.
    try add("  func max(_ a: Int, _ b: Int) -> Int { 0 }\n", to: "correlate1D")
    try add("@main struct Mine { static func main() {} }\n", to: "flipped")
    try add("#sourceLocation(file: \"other.swift\", line: 1)\nlet x: Int = 1.5\n", to: "zeroInsert")
    try book.write(body: "return Ends(before: max(1, 2), after: flipped)", "samePadding")

    let verdicts = try Checker(book.folder).check(names.map { try book.folder.exercise($0) })
    let found = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.exercise, $0) })
    for name in ["correlate1D", "maxPool", "compose"] {
      #expect(found[name]?.outcome == .passed, "\(name)")
    }
    for (name, word) in [("flipped", "@main"), ("zeroInsert", "#sourceLocation")] {
      #expect(found[name]?.outcome == .compileError)
      #expect(found[name]?.output.first?.hasSuffix("\(word); remove it") == true)
    }
    #expect(found["samePadding"]?.output.first?.contains("cannot find 'flipped'") == true)
  }

  @Test func `only a file that holds its function alone is compiled together with others`() {
    let others: Set = ["f", "g"]
    func isApart(_ text: String) -> Bool { !sharesNothing(text, "f", besides: others) }
    let plain = "// g\nimport Tensors\npublic func f(\n  _ a: Int\n) -> Int {\n  a // g {\n}\n"
    #expect(!isApart(plain))
    for more in [
      "func h() {}", "  private let h = 1", "extension Int {}", "@main struct M {}",
      "public func f(_ a: Double) {}; func h() {}", "typealias Int = Double", "}", "{",
    ] {
      #expect(isApart(plain + more + "\n"), "\(more)")
    }
    #expect(isApart("public func f() {\n  g()\n}\n"))
    #expect(isApart("public func f() {\n  0...g()\n}\n"))
    #expect(!isApart("public func f() {\n  a.g()\n}\n"))
  }

  @Test func `what a killed check left is removed by the next, and nothing of one that runs`()
    throws
  {
    let book = try TemporaryBook()
    let own = book.folder.ownFolder
    let dead = try runProcess("/bin/sh", ["-c", "echo $$"]).output.filter(\.isNumber)
    let (left, living) = ("\(own)/convbook-build-\(dead)", "\(own)/convbook-build-1")
    for folder in [left, living] { try Files.makeFolder("\(folder)/modules") }
    try book.write(body: "return w", "flipped")
    _ = try Checker(book.folder).check(try book.folder.exercise("flipped"))
    #expect(!Files.exists(left) && Files.exists(living))
  }

  @Test func `modules and objects are found as either build system leaves them`() throws {
    let book = try TemporaryBook()
    let own = "\(book.root)/own"
    for path in ["Modules/ExerciseKit.swiftmodule", "Tensors.build/Size.swift.o"] {
      try Files.makeFolder(Environment.parent(of: "\(own)/\(path)"))
      try Files.write("", to: "\(own)/\(path)")
    }
    #expect(try Toolchain.build(in: own) == nil)
    try Files.makeFolder("\(own)/convbook.product")
    let list = "/elsewhere/Tensors.build/Size.swift.o\n'/elsewhere/convbook.build/main.swift.o'\n"
    try Files.write(list, to: "\(own)/convbook.product/Objects.LinkFileList")
    let first = try #require(try Toolchain.build(in: own))
    #expect(first.modules == "\(own)/Modules")
    #expect(first.objects == ["\(own)/Tensors.build/Size.swift.o"])

    let newer = "\(book.root)/Debug-linux"
    try Files.makeFolder("\(newer)/ExerciseKit.swiftmodule")
    #expect(try Toolchain.build(in: newer) == nil)
    for name in ["ExerciseKit", "Tensors", "convbook"] {
      try Files.write("", to: "\(newer)/\(name).o")
    }
    let second = try #require(try Toolchain.build(in: newer))
    #expect(second.modules == newer)
    #expect(second.objects == ["\(newer)/ExerciseKit.o", "\(newer)/Tensors.o"])
  }
}
