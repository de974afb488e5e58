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
    let seen = try located(picture) {
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
    let map = try located(labels) {
      try LabelMap(contentsOf: labels, maximumPixels: maximumPixels)
    }
    try map.check(classes: classes, ignored: ignored, in: labels)
    return map
  }

  /// What `read` gives, or its error with the file's name.
  private func located<Result>(_ path: String, _ read: () throws -> Result) throws -> Result {
    do {
      return try read()
    } catch let error as InterchangeError {
      throw error.description.contains(path) ? error : error.located(in: path)
    }
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
