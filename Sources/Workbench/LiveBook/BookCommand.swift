import Interchange
import LessonKit
import Tensors

let bookCommand: Command = Command(
  "book", in: .read, "the whole book as pages for a browser, which the reader can move",
  options: [Option("output", "DIR", "the folder for the pages; it is made if it is not there")],
  details: [
    "The pages open from the disk and from any web server, and ask nothing of any other. They are whole "
      + "without scripts; with them the figures move, and take the reader's own numbers, computed by the "
      + "book itself. Only files of the book are replaced; others in the folder stay as they are, and where one "
      + "of them has the name of a page, nothing is written."
  ],
  examples: [
    Command.Example("book --output site", "writes site/index.html and the pages it leads to")
  ]
) { arguments in
  let folder = try arguments.required("output", "the folder for the pages")
  try FilePlace.makeFolder(folder)
  let site = try BookSite.files()
  try refuseForeignFiles(in: folder, site.keys.sorted())
  for name in Set(site.keys.compactMap { $0.split(separator: "/").dropLast().first }).sorted() {
    try FilePlace.makeFolder(FilePlace.joined(folder, String(name)))
  }
  for (name, bytes) in site.sorted(by: { $0.key < $1.key }) {
    let path = FilePlace.joined(folder, name)
    // Pages that did not change keep their dates, for whoever copies the folder to a server.
    if FilePlace.isFile(path), (try? FileBytes.read(path)) == bytes { continue }
    try AtomicFile.write(bytes, to: path)
  }
  printOut(
    "\(site.count) files written to \(folder.visible); open \(FilePlace.joined(folder, "index.html").visible)"
  )
}

/// Refuses to replace what the book did not write: its pages are known by their titles, and where they are
/// the rest of the folder's files of these names is the book's, too.
private func refuseForeignFiles(in folder: String, _ names: [String]) throws {
  func isOwn(_ name: String) -> Bool {
    let text = (try? FileBytes.read(FilePlace.joined(folder, name))).map {
      String(decoding: $0, as: UTF8.self)
    }
    return text?.contains("· convbook</title>") ?? true
  }
  let there = names.filter { FilePlace.exists(FilePlace.joined(folder, $0)) }
  let pages = there.filter { $0.hasSuffix(".html") }
  guard let foreign = pages.first(where: { !isOwn($0) }) ?? (pages.isEmpty ? there.first : nil)
  else { return }
  throw FileProblem.cannotWrite(
    "\(FilePlace.joined(folder, foreign)) is there and is no file of the book, which would replace it; "
      + "name another folder, or move it away")
}

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
