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
