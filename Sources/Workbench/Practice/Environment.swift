@preconcurrency internal import Platform
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The process's surroundings.
enum Environment {
  /// All variables.
  static var all: [String: String] { ProcessInfo.processInfo.environment }

  /// The folder for files that nobody keeps.
  static var temporaryFolder: String { all["TMPDIR"] ?? "/tmp" }

  /// The folder of the program that runs, symbolic links followed.
  static var programFolder: String { parent(of: resolved(programPath)) }

  /// The path with symbolic links followed, or as it was if there is no such file.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path of a program on `PATH`, or nil.
  static func program(_ name: String) -> String? {
    (all["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first {
      access($0, X_OK) == 0
    }
  }

  /// The folder that holds `path`.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
