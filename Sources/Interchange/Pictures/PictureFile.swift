/// The file that a picture or its labels are written to: its name decides which kind it becomes.
public enum PictureFile {
  /// What a file holds.
  public enum Content { case picture, labels }

  /// The endings of names that can be written; a name without one, and a device, becomes a PNG.
  public static func endings(for content: Content) -> [String] {
    content == .picture ? ["png", "ppm"] : ["png", "pgm"]
  }

  /// Whether a file of this name can be written.
  public static func canBeWritten(_ path: String, with content: Content) -> Bool {
    let ending = FilePlace.ending(of: path)
    return ending.isEmpty || endings(for: content).contains(ending)
  }

  /// Writes a picture as PNG, or as PPM where the name ends so.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ picture: Picture, to path: String) throws(FileProblem) {
    let isPlain = FilePlace.ending(of: path) == "ppm"
    try AtomicFile.write(
      isPlain ? PPMWriter.encode(picture) : PNGWriter.encode(picture), to: path)
  }

  /// Writes labels as an indexed PNG in VOC's colours, or as PGM where the name ends so.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ labels: LabelMap, to path: String) throws(FileProblem) {
    let isPlain = FilePlace.ending(of: path) == "pgm"
    try AtomicFile.write(isPlain ? PPMWriter.encode(labels) : PNGWriter.encode(labels), to: path)
  }
}
