import Interchange

/// The files of the live book that are not made from lessons: style sheet, scripts, and the module.
enum BookAssets {
  private static let place = ShippedFolder(
    "LiveBook", inBook: "Sources/Workbench/LiveBook/Assets")

  /// Their names.
  static func names() throws -> [String] {
    try FilePlace.names(in: try folder()).filter { $0.hasSuffix(".css") || $0.hasSuffix(".js") }
  }

  static func read(_ name: String) throws -> [UInt8] {
    try FileBytes.read(FilePlace.joined(try folder(), name))
  }

  private static func folder() throws -> String {
    guard let folder = place.found else {
      throw FileProblem.cannotOpen(
        place.missing("the folder with the scripts and the style sheet of the live book"))
    }
    return folder
  }
}
