import Interchange
import Platform

/// The files of the live book that are not made from lessons: style sheet, scripts, and the module.
enum BookAssets {
  /// Their names.
  static func names() throws -> [String] {
    try FilePlace.names(in: try folder()).filter { $0.hasSuffix(".css") || $0.hasSuffix(".js") }
  }

  static func read(_ name: String) throws -> [UInt8] {
    try FileBytes.read(FilePlace.joined(try folder(), name))
  }

  /// Beside an installed program or in the `share` beside its `bin`; in the book's folder, for a program that
  /// was built there; and where the sources were.
  private static func folder() throws -> String {
    let beside = FilePlace.folder(of: FilePlace.resolved(programPath))
    var places = [
      "\(beside)/LiveBook",
      FilePlace.joined(FilePlace.folder(of: beside), "share/convbook/LiveBook"),
    ]
    var above = beside
    while above != "/", above != "." {
      above = FilePlace.folder(of: above)
      places.append(FilePlace.joined(above, "Sources/Workbench/LiveBook/Assets"))
    }
    places.append("\(FilePlace.folder(of: #filePath))/Assets")
    guard let folder = places.first(where: FilePlace.isFolder) else {
      throw FileProblem.cannotOpen(
        "the scripts and the style sheet of the live book, which came with the book, cannot be found; put the "
          + "folder LiveBook back beside the program, in \(beside)")
    }
    return folder
  }
}
