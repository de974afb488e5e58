internal import Interchange
internal import Testing

/// A data set comes back as it was written, and every fault has its sentence.
@Suite struct VOCFolderTests {
  private let picture = Picture(width: 3, height: 2, pixels: (0..<18).map { 10 * $0 })
  private let labels = LabelMap(width: 3, height: 2, labels: [0, 1, 2, 255, 20, 0])

  /// `a` and `b` in train, `c` in val.
  private func written() throws -> TestFolder {
    let test = try TestFolder()
    let writer = try VOCFolderWriter(test.path + "/voc")
    for (id, set) in [("a", "train"), ("b", "train"), ("c", "val")] {
      try writer.add(id, picture, labels, to: set)
    }
    try writer.commit()
    return test
  }

  private func write(_ text: String, _ path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path)
  }

  @Test func `what is written is read`() throws {
    let test = try written()
    let path = test.path + "/voc"
    let folder = try VOCFolder(path)
    #expect(try folder.sets() == ["train", "trainval", "val"])
    #expect(try folder.entries(of: "train").map(\.id) == ["a", "b"])
    #expect(try folder.entries(of: "trainval").map(\.id) == ["a", "b", "c"])
    let entry = try #require(try folder.entries(of: "val").first)
    #expect(entry.picture == path + "/JPEGImages/c.png")
    let read = try entry.read(classes: 21)
    #expect(read.picture == picture && read.labels == labels)
  }

  @Test func `lists from other systems are read, blank lines too`() throws {
    let test = try written()
    let path = test.path + "/voc"
    try write("a\r\n\r\n  c\t\r\n", path + "/ImageSets/Segmentation/own.txt")
    #expect(try VOCFolder(path).entries(of: "own").map(\.id) == ["a", "c"])
  }

  @Test func `a jpg goes before a png`() throws {
    let test = try written()
    let path = test.path + "/voc"
    try write("", path + "/JPEGImages/a.jpg")
    #expect(try VOCFolder(path).entries(of: "train")[0].picture == path + "/JPEGImages/a.jpg")
  }

  @Test func `a folder of another layout is refused`() throws {
    let test = try written()
    let path = test.path + "/voc"
    #expect(throws: FileProblem.cannotOpen("the folder \(path)2 doesn't exist")) {
      try VOCFolder(path + "2")
    }
    #expect(throws: FileProblem.self) { try VOCFolder(path + "/JPEGImages/a.png") }
    let expected = "JPEGImages, SegmentationClass and ImageSets/Segmentation are expected"
    #expect(
      throws: FileProblem.cannotOpen(
        "the folder \(test.path) has no folder JPEGImages in it; \(expected); "
          + "did you mean \(path)?")
    ) { try VOCFolder(test.path) }
    try test.remove("voc/SegmentationClass")
    #expect(
      throws: FileProblem.cannotOpen(
        "the folder \(path) has no folder SegmentationClass in it; \(expected)")
    ) { try VOCFolder(path) }
  }

  @Test(arguments: [
    ("", "names no picture; it is empty"), ("\n \n", "names no picture; it is empty"),
    ("a\nb\na\n", "names a twice, in the lines 1 and 3"),
    ("a\n../a\n", "line 2 of"), ("..", "line 1 of"), ("b/a", "the name of one picture is expected"),
    ("a 1\nb -1", "the name of one picture is expected"),
    ("c:\\a", "the name of one picture is expected"),
  ])
  func `a list that is none is refused`(text: String, words: String) throws {
    let test = try written()
    let path = test.path + "/voc"
    try write(text, path + "/ImageSets/Segmentation/own.txt")
    let error = #expect(throws: InterchangeError.self) { try VOCFolder(path).entries(of: "own") }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("ImageSets/Segmentation/own.txt") == true)
  }

  @Test func `a missing list or file is named`() throws {
    let test = try written()
    let path = test.path + "/voc"
    let folder = try VOCFolder(path)
    #expect(
      throws: FileProblem.cannotOpen(
        "\(path)/ImageSets/Segmentation has no list vall.txt; it has train, trainval, val")
    ) { try folder.entries(of: "vall") }
    #expect(throws: FileProblem.self) { try folder.entries(of: "../Segmentation/val") }

    let list = "\(path)/ImageSets/Segmentation/train.txt"
    try test.remove("voc/SegmentationClass/b.png")
    #expect(
      throws: FileProblem.cannotOpen(
        "\(path)/SegmentationClass/b.png doesn't exist; \(list) names b")
    ) { try folder.entries(of: "train") }
    try test.remove("voc/JPEGImages/a.png")
    #expect(
      throws: FileProblem.cannotOpen(
        "\(path)/JPEGImages/a.jpg doesn't exist, nor .jpeg nor .png; \(list) names a")
    ) { try folder.entries(of: "train") }
  }

  @Test func `files that do not fit are named`() throws {
    let test = try written()
    let path = test.path + "/voc"
    let entry = try VOCFolder(path).entries(of: "val")[0]
    let (seen, map) = ("\(path)/JPEGImages/c.png", "\(path)/SegmentationClass/c.png")
    #expect(
      throws: InterchangeError(
        "\(map) has the label 20 in row 1, column 1; labels must be from 0 to 19, or 255, "
          + "which is ignored")
    ) { try entry.read(classes: 20) }
    // The same number of pixels, lying the other way.
    let turned = LabelMap(width: 2, height: 3, labels: labels.labels)
    try AtomicFile.write(PNGWriter.encode(turned), to: map)
    #expect(
      throws: InterchangeError(
        "\(map) is 2×3 pixels, and its picture \(seen) is 3×2 (width×height); they must be equal")
    ) { try entry.read(classes: 21) }
    try write("no picture at all", map)
    let damaged = #expect(throws: InterchangeError.self) { try entry.read(classes: 21) }
    #expect(damaged?.description.hasPrefix("\(map): ") == true, "\(damaged?.description ?? "")")
  }
}
