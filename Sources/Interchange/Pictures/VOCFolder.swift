internal import Tensors

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

/// One picture of a ``VOCFolder``: its name and where its two files are.
public struct VOCEntry: Equatable, Sendable {
  /// The name in the lists, and of the files without their endings: `2007_000032`.
  public let id: String
  /// The path of the picture, such as `VOC2012/JPEGImages/2007_000032.jpg`.
  public let picture: String
  /// The path of the labels, such as `VOC2012/SegmentationClass/2007_000032.png`.
  public let labels: String

  /// Reads the picture and the class of each of its pixels.
  ///
  /// - Parameters:
  ///   - classes: labels are below this, or the ignored one.
  ///   - ignored: the label that is ignored; 255 stands for the borders between objects and for what
  ///     is hard to tell. nil for none.
  /// - Throws: ``FileProblem`` if a file cannot be opened; ``InterchangeError`` that names the file if
  ///   one is damaged, the sizes differ or a label is out of range.
  public func read(
    classes: Int, ignored: UInt8? = 255,
    maximumPixels: Int = Picture.defaultMaximumPixels
  ) throws -> (picture: Picture, labels: LabelMap) {
    let seen = try InterchangeError.naming(picture) {
      try Picture(contentsOf: picture, maximumPixels: maximumPixels)
    }
    let map = try readLabels(
      classes: classes, ignored: ignored, maximumPixels: maximumPixels)
    guard (map.width, map.height) == (seen.width, seen.height) else {
      throw InterchangeError(
        "\(labels) is \(map.width)×\(map.height) pixels, and its picture \(picture) is "
          + "\(seen.width)×\(seen.height) (width×height); they must be equal")
    }
    return (seen, map)
  }

  /// Reads the labels alone; see ``read(classes:ignored:maximumPixels:)``.
  public func readLabels(
    classes: Int, ignored: UInt8? = 255, maximumPixels: Int = Picture.defaultMaximumPixels
  ) throws -> LabelMap {
    let map = try InterchangeError.naming(labels) {
      try LabelMap(contentsOf: labels, maximumPixels: maximumPixels)
    }
    try map.check(classes: classes, ignored: ignored, in: labels)
    return map
  }
}

extension LabelMap {
  /// Checks that every label is below `classes`, or the ignored one, if there is one.
  ///
  /// - Parameter path: the file that the error names.
  public func check(
    classes: Int, ignored: UInt8? = 255, in path: String
  ) throws(InterchangeError) {
    let wrong = labels.firstIndex { $0 != ignored && $0 >= classes }
    guard let wrong else { return }
    throw InterchangeError(
      "\(path) has the label \(labels[wrong]) in row \(wrong / width), column \(wrong % width); "
        + "labels must be from 0 to \(classes - 1)"
        + (ignored.map { ", or \($0), which is ignored" } ?? ""))
  }
}

/// Writes a data set in the folders of PASCAL VOC, as ``VOCFolder`` reads it; pictures are PNG files.
///
/// ```swift
/// let writer = try VOCFolderWriter("scenes")
/// try writer.add("scene-1", picture, labels, to: "train")
/// try writer.add("scene-2", picture, labels, to: "val")
/// try writer.commit()   // scenes/ImageSets/Segmentation/train.txt, val.txt and trainval.txt
/// ```
///
/// Without `commit()` nothing of it remains.
public final class VOCFolderWriter {
  private let folder: AtomicFolder
  private var lists: [(set: String, ids: [String])] = []

  /// Begins a data set in a folder that isn't there yet, or is empty.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public init(_ path: String) throws(FileProblem) {
    folder = try AtomicFolder(creating: path)
    for name in [VOCFolder.pictures, VOCFolder.labels, "ImageSets", VOCFolder.lists] {
      try folder.makeFolder(name)
    }
  }

  /// Adds a picture under a name to one of the lists.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public func add(
    _ id: String, _ picture: Picture, _ labels: LabelMap, to set: String
  ) throws(FileProblem) {
    precondition(
      (picture.width, picture.height) == (labels.width, labels.height),
      "a picture and its labels have one size")
    try folder.write(PNGWriter.encode(picture), to: "\(VOCFolder.pictures)/\(id).png")
    try folder.write(PNGWriter.encode(labels), to: "\(VOCFolder.labels)/\(id).png")
    if let index = lists.firstIndex(where: { $0.set == set }) {
      lists[index].ids.append(id)
    } else {
      lists.append((set, [id]))
    }
  }

  /// Writes the lists, and `trainval` with all names, and lets the folder appear.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public func commit() throws(FileProblem) {
    for (set, ids) in lists + [("trainval", lists.flatMap(\.ids))] {
      let text = ids.map { $0 + "\n" }.joined()
      try folder.write(Array(text.utf8), to: "\(VOCFolder.lists)/\(set).txt")
    }
    try folder.commit()
  }
}
