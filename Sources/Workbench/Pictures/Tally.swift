import ConvolutionArithmetic
import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// Pixels counted against the truth, and how many were left out because their true label is ignored.
struct Tally {
  private(set) var matrix: ConfusionMatrix
  /// The label that is left out; nil for none.
  let ignored: UInt8?
  /// All pictures.
  private(set) var pictures = 0
  /// Pixels left out.
  private(set) var leftOut = 0
  /// Pictures of which some pixels were left out.
  private(set) var touched = 0
  /// Pictures of which all pixels were left out.
  private(set) var lost = 0

  init(classes: Int, ignoring ignored: UInt8?) {
    matrix = ConfusionMatrix(classes: classes)
    self.ignored = ignored
  }

  /// Counts one picture.
  ///
  /// - Throws: `GeometryError` if the counts differ or a label is out of range.
  mutating func add(truth: [UInt8], labels: [UInt8]) throws(GeometryError) {
    let before = matrix.total
    try matrix.add(truth: truth, labels: labels, ignoredLabel: ignored)
    let out = truth.count - (matrix.total - before)
    pictures += 1
    leftOut += out
    if out > 0 { touched += 1 }
    if out == truth.count { lost += 1 }
  }

  /// The same without the last classes that neither occur nor were given; one class at least stays.
  var trimmed: Tally {
    var tally = self
    let last = matrix.classes(in: .union).last ?? 0
    tally.matrix = ConfusionMatrix(counts: matrix.counts[...last].map { Array($0[...last]) })
    return tally
  }

  /// The part of all pixels that were left out.
  private var share: Double { Double(leftOut) / Double(max(1, leftOut + matrix.total)) }

  /// What was left out, in a sentence; nil if nothing was.
  var sentence: String? {
    guard let ignored, leftOut > 0 else { return nil }
    var text =
      "left out, because the true label is \(ignored): \(leftOut) of \(leftOut + matrix.total) pixels "
      + "(\(decimal(100 * share, 1)) %), in \(touched) of \(counted(pictures, "picture"))"
    if lost > 0 { text += "; \(counted(lost, "picture")) entirely" }
    return text
  }

  /// What looks like a mask whose foreground was left out, or nil.
  var warning: String? {
    warning(way: "--ignore none counts it as a class, --ignore N leaves another label out")
  }

  /// The same with the way out that a command has.
  func warning(way: String) -> String? {
    guard let ignored, leftOut > 0 else { return nil }
    let classes = matrix.classes(in: .truth)
    if classes.isEmpty || classes == [0] {
      return
        "the truth holds \(classes.isEmpty ? "nothing but" : "only 0 and") \(ignored), which is "
        + "left out; if these are masks whose foreground is \(ignored), \(way)"
    }
    // Borders between objects are some 5 % of VOC's pixels.
    guard share >= 0.25 else { return nil }
    return
      "\(decimal(100 * share, 0)) % of the pixels are left out as \(ignored); if that is "
      + "a class, \(way)"
  }
}

extension Tally {
  /// What was left out, for programs.
  var members: [(String, JSON)] {
    [
      ("ignore", ignored.map { .integer(Int($0)) } ?? .null),
      ("ignoredPixels", .integer(leftOut)), ("picturesWithIgnored", .integer(touched)),
      ("picturesIgnored", .integer(lost)), ("warning", warning.map(JSON.string) ?? .null),
    ]
  }
}

/// What a network says about the pictures of a set, counted against the truth.
struct Evaluation {
  let network: FastNetwork
  let preprocessing: Preprocessing
  /// The true label that is left out; nil for none.
  var ignored: UInt8? = 255

  /// Runs the network on one picture after the other and counts every pixel that is not ignored.
  ///
  /// - Parameter set: pictures with a label for each pixel, and as many classes as the network has.
  /// - Throws: what reading a picture throws; `ExitStatus` that names the picture, if one is too
  ///   small or too large for the network.
  func tally(of set: PictureSet) throws -> Tally {
    var tally = Tally(classes: set.classes, ignoring: ignored)
    let progress = PictureProgress(total: set.count)
    defer { progress.clear() }
    for index in 0..<set.count {
      if EndSignal.hasCome { throw Interruption() }
      progress.show(done: index, name: set.name(index))
      // What cannot be read is named by its own error.
      let (picture, truth) = try set.read(index).files
      do {
        let given = try Segmentation(picture, network: network, preprocessing: preprocessing)
        try tally.add(truth: truth.labels, labels: given.labels.labels)
      } catch {
        let status = error as? ExitStatus ?? exitStatus(of: error) ?? .data("\(error)")
        throw status.naming(set.name(index))
      }
    }
    return tally
  }
}
