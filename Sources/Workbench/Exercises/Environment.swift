import Interchange
import Platform

/// The process's surroundings.
enum Environment {
  /// All variables.
  static var all: [String: String] { environmentVariables }

  /// The folder for files that nobody keeps.
  static var temporaryFolder: String { all["TMPDIR"] ?? "/tmp" }

  /// The folder of the program that runs, symbolic links followed.
  static var programFolder: String { parent(of: resolved(programPath)) }

  static func resolved(_ path: String) -> String { FilePlace.resolved(path) }

  /// The path of a program on `PATH`, or nil.
  static func program(_ name: String) -> String? {
    (all["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first {
      access($0, X_OK) == 0
    }
  }

  static func parent(of path: String) -> String { FilePlace.folder(of: path) }
}
