import Exercises
import ExerciseKit
import Foundation

@testable import Workbench

/// What became of the mutants of one exercise.
struct Outcome {
  let exercise: String
  /// Mutants that compile.
  let count: Int
  let survivors: [Mutant]
}

/// A solution as its mutants need it.
struct Solution {
  let name: String
  /// `(_ x: [Int], _ w: [Int]) throws -> [Int]`
  let signature: String
  /// What stands between the marks.
  let body: String
  let imports: String

  init(_ exercise: any AnyExercise) throws {
    name = exercise.name
    let url = URL(filePath: "\(root)/Exercises/Solutions/\(exercise.stem).swift")
    let text = try String(contentsOf: url, encoding: .utf8)
    let start = text.range(of: "public func \(name)")!.upperBound
    let brace = text.range(of: "{\n  // solution\n", range: start..<text.endIndex)!
    let end = text.range(of: "  // end of solution")!.lowerBound
    signature = String(text[start..<brace.lowerBound])
    body = String(text[brace.upperBound..<end])
    imports = text.split(separator: "\n").filter { $0.hasPrefix("import ") }
      .map { $0 + "\n" }.joined()
  }

  /// The names by which the body knows its arguments.
  var parameters: [String] {
    let code = Code(signature)
    return code.parts(inside: 0).map { part in
      let colon = part.first { code.tokens[$0].text == ":" } ?? part.lowerBound
      return code.tokens[max(part.lowerBound, colon - 1)].text
    }
  }

  var mutants: [Mutant] { Mutator.mutants(ofBody: body, parameters: parameters) }
}

let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path(percentEncoded: false)

/// Compiles all mutants of a solution as functions of one program, without those that do not
/// compile, and lets the exercise judge each.
struct MutationRun {
  let solution: Solution
  let folder: URL
  let toolchain: Toolchain

  init(_ exercise: any AnyExercise) throws {
    solution = try Solution(exercise)
    toolchain = try Toolchain(root: root)
    folder = FileManager.default.temporaryDirectory
      .appending(path: "convbook-mutants-\(getpid())-\(exercise.stem)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func outcome() throws -> Outcome {
    defer { try? FileManager.default.removeItem(at: folder) }
    let mutants = try compiled(solution.mutants)
    var survivors: [Mutant] = []
    var next = 0
    // A trap or a time-out ends the program; it is started again with the mutant after that.
    while next < mutants.count {
      let said = try run(path("mutants"), ["\(next)"], to: "said").output
      let lines = said.split(separator: "\n")
      for line in lines where line.hasPrefix("passed ") {
        survivors.append(mutants[Int(line.dropFirst(7))!])
      }
      let last = lines.last { $0.hasPrefix("judging ") }.flatMap { Int($0.dropFirst(8)) }
      guard let last else { throw Failure("the mutants of \(solution.name) do not run: \(said)") }
      next = last + 1
    }
    return Outcome(exercise: solution.name, count: mutants.count, survivors: survivors)
  }

  private func compiled(_ mutants: [Mutant]) throws -> [Mutant] {
    var rest = mutants
    try toolchain.objects.joined(separator: "\n")
      .write(toFile: path("objects"), atomically: true, encoding: .utf8)
    // Some errors come out only once all types are right.
    while true {
      let program = write(rest)
      try program.text.write(toFile: path("main.swift"), atomically: true, encoding: .utf8)
      let compiler = try run(
        toolchain.compiler,
        ["-Onone", "-swift-version", "6", "-suppress-warnings", "-I", toolchain.modules]
          + ["-Xfrontend", "-solver-scope-threshold=10000"]
          + ["-module-cache-path", path("cache"), path("main.swift"), "@" + path("objects")]
          + ["-o", path("mutants")],
        to: "errors")
      if compiler.code == 0 { return rest }
      let wrong = Set(
        Diagnostics.errorLines(compiler.output, in: path("main.swift"))
          .compactMap { line in program.first.lastIndex { $0 <= line } })
      guard !wrong.isEmpty else {
        throw Failure("the mutants of \(solution.name) cannot be built:\n\(compiler.output)")
      }
      rest = rest.indices.filter { !wrong.contains($0) }.map { rest[$0] }
    }
  }

  /// The program, and the line on which each mutant begins.
  private func write(_ mutants: [Mutant]) -> (text: String, first: [Int]) {
    var text = solution.imports + "import Exercises\nimport Foundation\n" + MutationRun.judging
    var first: [Int] = []
    var line = text.count { $0 == "\n" } + 1
    for (number, mutant) in mutants.enumerated() {
      first.append(line)
      let function = """
        enum M\(number) {
          static func \(solution.name)\(solution.signature){
        \(mutant.body)
          }
        }
        judge(\(number), Exercises.\(solution.name)) {
          Candidate("\(solution.name)", M\(number).\(solution.name))
        }

        """
      text += function
      line += function.count { $0 == "\n" }
    }
    return (text, first)
  }

  /// Each mutant has a second of computing, a hundred times what a solution takes.
  private static let judging = """
    let start = Int(CommandLine.arguments[1])!
    func judge(_ number: Int, _ exercise: any AnyExercise, _ candidate: () -> Candidate) {
      guard number >= start else { return }
      print("judging \\(number)")
      fflush(nil)
      var limit = itimerval()
      limit.it_value.tv_sec = 1
      setitimer(2, &limit, nil)  // ITIMER_PROF
      var results: [CaseResult] = []
      try! candidate().run(exercise.message) { results.append($0) }
      if exercise.judge(results).outcome == .passed { print("passed \\(number)") }
      fflush(nil)
    }

    """

  private func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  private func run(
    _ program: String, _ arguments: [String], to file: String
  ) throws -> (code: Int32, output: String) {
    _ = FileManager.default.createFile(atPath: path(file), contents: nil)
    let handle = try FileHandle(forWritingTo: folder.appending(path: file))
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    return (process.terminationStatus, try String(contentsOfFile: path(file), encoding: .utf8))
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Diagnostics {
  /// The numbers of the lines about which there are errors.
  fileprivate static func errorLines(_ output: String, in file: String) -> [Int] {
    output.split(separator: "\n").compactMap { line(of: $0, in: file) }
  }
}
