import Interchange
import LessonKit
import Networks
import Tensors

let galleryCommand: Command = Command(
  "gallery", in: .read, "every relationship of the guide as a moving picture",
  options: [
    Option(
      "write", "FOLDER",
      "write Gallery.md and its drawings, in Gallery, into this folder; it is made if it is not there"
    )
  ],
  details: [
    "Without --write the page is printed. Each picture stands above the trace command that makes it."
  ],
  examples: [
    Command.Example("gallery --write Docs", "the gallery, made anew"),
    Command.Example("gallery", "the page alone, with the commands"),
  ]
) { arguments in
  guard let folder = arguments["write"] else { return printOut(Gallery.page, terminator: "") }
  try Gallery.write(to: folder)
}

/// The gallery as a page with pictures.
enum Gallery {
  /// The command that writes it.
  static let command = "swift run convbook gallery --write Docs"

  /// The page.
  static var page: String {
    let guide = GalleryCase.all.filter { $0.name.hasPrefix("relationship") }
    let further = GalleryCase.all.filter { !$0.name.hasPrefix("relationship") }
    return """
      # Gallery

      The relationships of Dumoulin and Visin, “A guide to convolution arithmetic for deep learning”,
      with every number. Each picture is what the command below it draws; change the command's numbers
      and it draws yours. A picture opened alone stands still under the pointer; `--format gif` makes
      one for slides. The page and its pictures are made by `\(command)` from one list of cases.

      Blue is read, violet is the kernel, green is computed. The window has a thick frame, padding is
      dashed, zeros between cells are dotted, and cells that no output reads are crossed out.

      ## The guide's relationships

      \(guide.map(section).joined(separator: "\n\n"))

      ## And more

      \(further.map(section).joined(separator: "\n\n"))

      ## Networks

      Each map is a box, as high as its rows and as wide as its channels, by doublings; finer maps lie
      higher, so that a skip runs level.

      \(networks.map(section).joined(separator: "\n\n"))

      """
  }

  /// The networks that are drawn: name, size of the picture.
  private static let networks = [("fcn8s", 500), ("u-net", 572)]

  private static func section(_ network: (name: String, size: Int)) -> String {
    """
    ![the maps of \(network.name)](Gallery/\(network.name).svg)

    ```sh
    convbook network \(network.name) --input \(network.size) --format svg
    ```
    """
  }

  private static func section(_ item: GalleryCase) -> String {
    """
    ### \(item.title)

    \(item.remark)

    ![\(item.title)](Gallery/\(item.name).svg)

    ```sh
    \(item.command)
    ```
    """
  }

  /// The drawing of a case, by the words of its own command.
  ///
  /// - Throws: what the command throws if it can't be drawn.
  static func drawing(of item: GalleryCase) throws -> String {
    let words = item.command.split(separator: " ").dropFirst(2).map(String.init)
    return try drawingOfTrace(Arguments(words, for: traceCommand))
  }

  /// Every file by its name: the page and its pictures.
  static func files() throws -> [String: String] {
    var files = ["Gallery.md": page]
    for item in GalleryCase.all { files["Gallery/\(item.name).svg"] = try drawing(of: item) }
    for (name, size) in networks {
      let network = name == "u-net" ? Network.uNet() : .fcn8s()
      files["Gallery/\(name).svg"] =
        NetworkPicture(try NetworkTable(network, input: Size(size))).svg + "\n"
    }
    return files
  }

  /// Writes all files into a folder.
  static func write(to folder: String) throws {
    try FilePlace.makeFolder(folder)
    try FilePlace.checkOutput(FilePlace.joined(folder, "Gallery.md"))
    let files = try files()
    try FilePlace.makeFolder(FilePlace.joined(folder, "Gallery"))
    for name in files.keys.sorted() {
      try AtomicFile.write(Array(files[name]!.utf8), to: FilePlace.joined(folder, name))
    }
    printOut("\(files.count - 1) pictures and their page written to \(folder.visible)")
  }
}
