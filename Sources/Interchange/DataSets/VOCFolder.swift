/// A data set in the folders of PASCAL VOC:
///
///     VOC2012/JPEGImages/2007_000032.jpg             the pictures; also .jpeg and .png
///     VOC2012/SegmentationClass/2007_000032.png      a label for each pixel
///     VOC2012/ImageSets/Segmentation/val.txt         lists of names, one a line
///
/// ```swift
/// let folder = try VOCFolder("VOC2012")
/// for entry in try folder.entries(of: "val") {
///   let (picture, labels) = try entry.read(classes: 21)
///   …
/// }
/// ```
public struct VOCFolder: Sendable {
  /// The folder that holds the three folders.
  public let path: String

  static let pictures = "JPEGImages"
  static let labels = "SegmentationClass"
  static let lists = "ImageSets/Segmentation"

  /// A folder that has the three folders; no file is opened yet.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)`` if it or one of the three isn't there.
  public init(_ path: String) throws(FileProblem) {
    guard FilePlace.isFolder(path) else {
      throw .cannotOpen(
        FilePlace.exists(path)
          ? "\(path) is no folder; a folder of PASCAL VOC's layout is expected"
          : "the folder \(path) doesn't exist")
    }
    for name in [Self.pictures, Self.labels, Self.lists]
    where !FilePlace.isFolder("\(path)/\(name)") {
      let inside = try FilePlace.names(in: path).first {
        FilePlace.isFolder("\(path)/\($0)/\(name)")
      }
      throw .cannotOpen(
        "the folder \(path) has no folder \(name) in it; \(Self.pictures), \(Self.labels) and "
          + "\(Self.lists) are expected" + (inside.map { "; did you mean \(path)/\($0)?" } ?? ""))
    }
    self.path = path
  }

  /// The names of the lists, such as `train` and `val`.
  public func sets() throws(FileProblem) -> [String] {
    try FilePlace.names(in: "\(path)/\(Self.lists)").filter { FilePlace.ending(of: $0) == "txt" }
      .map { FilePlace.stem(of: $0) }
  }

  /// The pictures of a list, in its order; their files are there.
  ///
  /// - Parameter set: the list: `train`, `val`, `trainval`, or one of your own.
  /// - Throws: ``FileProblem/cannotOpen(_:)`` if there is no such list or a file is missing;
  ///   ``InterchangeError`` if the list is empty, names a picture twice or has a line that is no name.
  public func entries(of set: String) throws -> [VOCEntry] {
    let sets = try sets()
    guard sets.contains(set) else {
      throw FileProblem.cannotOpen(
        "\(path)/\(Self.lists) has no list \(set).txt; "
          + (sets.isEmpty ? "it has none at all" : "it has \(sets.summary)"))
    }
    let list = "\(path)/\(Self.lists)/\(set).txt"
    let ids = try Self.ids(in: String(decoding: FileBytes.read(list), as: UTF8.self), of: list)
    return try ids.map { (id) throws(FileProblem) in try entry(id, in: list) }
  }

  private static func ids(in text: String, of list: String) throws(InterchangeError) -> [String] {
    var lineOf: [String: Int] = [:]
    var ids: [String] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let id = line.trimmed
      if id.isEmpty { continue }
      // A name is a part of a path, so it may not lead elsewhere.
      let isName =
        id != "." && id != ".."
        && id.unicodeScalars.allSatisfy {
          $0.value > 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\"
        }
      guard isName else {
        throw InterchangeError(
          "line \(index + 1) of \(list) is \"\(line.prefix(60))\"; the name of one picture is "
            + "expected, without spaces and slashes")
      }
      if let first = lineOf.updateValue(index + 1, forKey: id) {
        throw InterchangeError(
          "\(list) names \(id) twice, in the lines \(first) and \(index + 1)")
      }
      ids.append(id)
    }
    guard !ids.isEmpty else { throw InterchangeError("\(list) names no picture; it is empty") }
    return ids
  }

  private func entry(_ id: String, in list: String) throws(FileProblem) -> VOCEntry {
    let start = "\(path)/\(Self.pictures)/\(id)"
    let ending = ["jpg", "jpeg", "png"].first { FilePlace.exists("\(start).\($0)") }
    guard let ending else {
      throw .cannotOpen("\(start).jpg doesn't exist, nor .jpeg nor .png; \(list) names \(id)")
    }
    let labels = "\(path)/\(Self.labels)/\(id).png"
    guard FilePlace.exists(labels) else {
      throw .cannotOpen("\(labels) doesn't exist; \(list) names \(id)")
    }
    return VOCEntry(id: id, picture: "\(start).\(ending)", labels: labels)
  }
}

extension Substring {
  /// Without spaces and tabs at either end.
  fileprivate var trimmed: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    var rest = drop(while: isBlank)
    while rest.last.map(isBlank) ?? false { rest.removeLast() }
    return String(rest)
  }
}
