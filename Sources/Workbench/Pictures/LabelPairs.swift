import ConvolutionArithmetic
import Interchange
import Primitives
import Tensors

/// Label images in pairs: the truth, and the labels that somebody gave.
///
/// ```swift
/// let pairs = try LabelPairs(truth: "SegmentationClass", labels: "results")
/// let matrix = try pairs.tally(classes: 21, ignoring: 255).matrix
/// ```
struct LabelPairs {
  /// The two files of every picture.
  let pairs: [(truth: String, labels: String)]

  /// Two files; or two folders, of which the files belong together whose names are equal without their
  /// endings, in alphabetical order. Labels of pictures without a truth are left out.
  ///
  /// - Throws: `FileProblem` if a file or folder isn't there, a folder has no label image, or labels are
  ///   missing; `InterchangeError` if a folder has two files for one picture.
  init(truth: String, labels: String) throws {
    for path in [truth, labels] where !FilePlace.exists(path) {
      throw FileProblem.cannotOpen("\(path) doesn't exist; a label image or a folder is expected")
    }
    guard FilePlace.isFolder(truth) || FilePlace.isFolder(labels) else {
      pairs = [(truth, labels)]
      return
    }
    for (folder, other) in [(truth, labels), (labels, truth)] where !FilePlace.isFolder(folder) {
      throw FileProblem.cannotOpen(
        "\(folder) is a file and \(other) a folder; two files or two folders are expected")
    }
    let (truths, given) = (try Self.files(in: truth), try Self.files(in: labels))
    pairs = try truths.keys.sorted().map { stem in
      guard let file = given[stem] else {
        throw FileProblem.cannotOpen(
          "the folder \(labels) has no \(stem).png, nor .pgm, the labels for \(truths[stem]!)")
      }
      return (truths[stem]!, file)
    }
  }

  /// The pairs of a list: in each line the truth and the labels, with a tab, a comma or spaces between
  /// them. A file that isn't there as it is named is looked for beside the list.
  ///
  /// - Throws: `FileProblem` if a file isn't there, `InterchangeError` if a line has not two names.
  init(list: String) throws {
    let text = String(decoding: try FileBytes.read(list, limit: 1 << 28), as: UTF8.self)
    var pairs: [(String, String)] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated() where !line.allSatisfy(\.isWhitespace)
    {
      let separator: Character? = ["\t", ","].first(where: line.contains)
      let names = line.split { separator.map { [$0] }?.contains($0) ?? $0.isWhitespace }
        .map { $0.trimmed }
      guard names.count == 2, !names.contains("") else {
        throw InterchangeError(
          "line \(index + 1) of \(list) has \(counted(names.count, "name")); two are expected, the "
            + "truth and the labels, with a tab, a comma or spaces between them")
      }
      let places = try names.map { (name) throws -> String in
        let beside = name.hasPrefix("/") ? name : FilePlace.joined(FilePlace.folder(of: list), name)
        guard let place = [name, beside].first(where: FilePlace.exists) else {
          throw FileProblem.cannotOpen(
            "\(name) doesn't exist, which line \(index + 1) of \(list) names")
        }
        return place
      }
      pairs.append((places[0], places[1]))
    }
    guard !pairs.isEmpty else { throw InterchangeError("\(list) names no pair; it is empty") }
    self.pairs = pairs
  }

  private static func files(in folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in try FilePlace.names(in: folder)
    where ["png", "pgm", "ppm"].contains(FilePlace.ending(of: name)) {
      let path = FilePlace.joined(folder, name)
      if let other = files.updateValue(path, forKey: FilePlace.stem(of: name)) {
        throw InterchangeError("\(other) and \(path) are labels of the same picture; keep one")
      }
    }
    guard !files.isEmpty else {
      throw FileProblem.cannotOpen(
        "the folder \(folder) holds no label image; names that end in png, pgm or ppm are looked for"
      )
    }
    return files
  }

  /// Counts all pixels.
  ///
  /// - Parameters:
  ///   - classes: how many there are; if nil, as many as the largest label tells.
  ///   - ignored: the true label that is left out; nil for none.
  /// - Throws: `FileProblem` or `InterchangeError` that names the file, if one cannot be read, the
  ///   sizes differ or a label is out of range.
  func tally(classes: Int?, ignoring ignored: UInt8?) throws -> Tally {
    var tally = Tally(classes: classes ?? (ignored == 255 ? 255 : 256), ignoring: ignored)
    let progress = PictureProgress(total: pairs.count)
    defer { progress.clear() }
    for (index, pair) in pairs.enumerated() {
      progress.show(done: index, name: pair.truth)
      let (truth, labels) = (try Self.read(pair.truth), try Self.read(pair.labels))
      guard (labels.width, labels.height) == (truth.width, truth.height) else {
        throw InterchangeError(
          "\(pair.labels) is \(labels.width)×\(labels.height) pixels, and the truth \(pair.truth) "
            + "is \(truth.width)×\(truth.height) (width×height); they must be equal")
      }
      try truth.check(classes: tally.matrix.classes, ignored: ignored, in: pair.truth)
      do {
        try tally.add(truth: truth.labels, labels: labels.labels)
      } catch {
        let isMask = ignored == 255 && labels.labels.contains(255)
        throw InterchangeError(
          "\(pair.labels): \(error.description)"
            + (isMask ? "; --ignore none counts 255 as a class" : ""))
      }
    }
    return classes == nil ? tally.trimmed : tally
  }

  private static func read(_ path: String) throws -> LabelMap {
    try InterchangeError.naming(path) { try LabelMap(contentsOf: path) }
  }
}
