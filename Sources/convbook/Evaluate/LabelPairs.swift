import ConvolutionArithmetic
import Interchange
import Primitives
import Tensors

/// Two folders of label images, one with the truth and one with the labels that somebody gave, in
/// files of the same name.
///
/// ```swift
/// let folders = try LabelFolders(truth: "SegmentationClass", labels: "results")
/// let matrix = try folders.matrix(classes: 21)
/// ```
struct LabelFolders {
  /// The two files of every picture, in alphabetical order.
  let pairs: [(truth: String, labels: String)]

  /// The files whose names, without their endings, are in both folders; labels of pictures without a
  /// truth are left out.
  ///
  /// - Throws: `FileProblem` if a folder isn't there or has no label image, or labels are missing;
  ///   `InterchangeError` if a folder has two files for one picture.
  init(truth: String, labels: String) throws {
    let (truths, given) = (try Self.files(in: truth), try Self.files(in: labels))
    pairs = try truths.keys.sorted().map { stem in
      guard let file = given[stem] else {
        throw FileProblem.cannotOpen(
          "the folder \(labels) has no \(stem).png, nor .pgm, the labels for \(truths[stem]!)")
      }
      return (truths[stem]!, file)
    }
  }

  private static func files(in folder: String) throws -> [String: String] {
    guard FilePlace.exists(folder) else {
      throw FileProblem.cannotOpen("the folder \(folder) doesn't exist")
    }
    var files: [String: String] = [:]
    for name in try FilePlace.names(in: folder)
    where ["png", "pgm"].contains(FilePlace.ending(of: name)) {
      let path = FilePath.joined(folder, name)
      if let other = files.updateValue(path, forKey: FilePlace.stem(of: name)) {
        throw InterchangeError("\(other) and \(path) are labels of the same picture; keep one")
      }
    }
    guard !files.isEmpty else {
      throw FileProblem.cannotOpen(
        "the folder \(folder) holds no label image; names that end in png or pgm are looked for")
    }
    return files
  }

  /// Counts all pixels.
  ///
  /// - Parameter classes: how many there are; if nil, as many as the largest label tells.
  /// - Throws: `FileProblem` or `InterchangeError` that names the file, if one cannot be read, the
  ///   sizes differ or a label is out of range.
  func matrix(classes: Int?) throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: classes ?? 255)
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
      try truth.check(classes: matrix.classes, in: pair.truth)
      do {
        try matrix.add(truth: truth.labels, labels: labels.labels)
      } catch {
        throw InterchangeError("\(pair.labels): \(error.description)")
      }
    }
    return classes == nil ? matrix.trimmed : matrix
  }

  private static func read(_ path: String) throws -> LabelMap {
    do {
      return try LabelMap(contentsOf: path)
    } catch let error as InterchangeError {
      throw error.description.contains(path)
        ? error : InterchangeError("\(path): \(error.description)")
    }
  }
}

extension ConfusionMatrix {
  /// The matrix without the last classes that neither occur nor were given; one class at least stays.
  fileprivate var trimmed: ConfusionMatrix {
    let last = counts.indices.last { intersectionOverUnion(of: $0) != nil } ?? 0
    return ConfusionMatrix(counts: counts[...last].map { Array($0[...last]) })
  }
}
