import Foundation
import Platform
import Testing

@testable import Workbench

/// The program as a person meets it: two streams and an exit code.
struct Convbook {
  /// What a run left behind.
  struct Outcome {
    let code: Int32
    let output: String
    let error: String

    var lines: [String] {
      output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The folder of the products, found from where the tests themselves lie.
  static let products = URL(fileURLWithPath: productsFolder(of: #dsohandle))

  static var binary: URL { products.appendingPathComponent("convbook") }

  /// Runs `convbook` with these words, split at spaces, and waits for its end.
  static func run(
    _ line: String, in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(line.split(separator: " ").map(String.init), in: folder, environment: environment)
  }

  /// Runs `convbook` with these words, within this process unless it needs a folder or an environment
  /// of its own, or hears signals, as training does.
  static func run(
    _ words: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    guard folder == nil, environment.isEmpty, words.first != "train" else {
      return try start(words, in: folder, environment: environment)
    }
    let kept = KeptOutput()
    let code = KeptOutput.$current.withValue(kept) { runConvbook(words) }
    return Outcome(code: code, output: kept.output, error: kept.error)
  }

  /// Starts the program with these words and waits for its end.
  static func start(
    _ words: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = binary
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // The error stream is one sentence and fits its pipe, so the two can be read in turn.
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      error: String(decoding: complaint, as: UTF8.self))
  }
}
