internal import Interchange

/// Files made by other programs, read from the folder beside this source file.
enum Fixtures {
  static func path(_ name: String) -> String {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast()
    return parts.joined(separator: "/") + "/Fixtures/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try FileBytes.read(path(name))
  }
}
