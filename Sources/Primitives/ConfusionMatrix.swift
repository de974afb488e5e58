public import ConvolutionArithmetic
public import Tensors

/// How many pixels of each class were given each label: what all four metrics are computed from.
///
/// ```swift
/// let matrix = ConfusionMatrix(counts: [[3, 1], [2, 2]])
/// matrix.pixelAccuracy                  // ⅝
/// matrix.intersectionOverUnion(of: 0)   // 3 / (4 + 5 − 3) = ½
/// try matrix.meanIU()                   // 9/20
/// ```
///
/// n_ij is the number of pixels of class i labelled j, t_i = Σ_j n_ij the number of class i. Source:
/// Long, Shelhamer and Darrell (2015), section 5.
public struct ConfusionMatrix: Hashable, Sendable {
  /// n_ij: a row for each true class, a column for each label given.
  public private(set) var counts: [[Int]]

  /// Nothing counted yet.
  public init(classes: Int) {
    precondition(classes >= 1, "\(classes) classes; at least 1 is needed")
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Counts made elsewhere: square, none negative.
  public init(counts: [[Int]]) {
    precondition(
      !counts.isEmpty
        && counts.allSatisfy { $0.count == counts.count && $0.allSatisfy { $0 >= 0 } },
      "a confusion matrix is square and has no negative counts")
    self.counts = counts
  }

  /// The number of classes.
  public var classes: Int { counts.count }

  /// Counts each pixel of a label map against the truth.
  ///
  /// - `ignoredLabel`: pixels whose true label is this are left out.
  /// - Throws: `GeometryError` if the shapes differ or a label is out of range; nothing is counted
  ///   then.
  public mutating func add(
    truth: Tensor<Int>, labels: Tensor<Int>, ignoredLabel: Int = 255
  ) throws(GeometryError) {
    try requireShape("the label map", labels.shape, truth.shape)
    try add(truth.elements.count, ignoredLabel) { (truth.elements[$0], labels.elements[$0]) }
  }

  /// Counts each pixel of a label map, one byte per pixel, against the truth.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 2)
  /// try matrix.add(truth: [0, 1, 1, 255], labels: [0, 0, 1, 1])
  /// matrix.counts   // [[1, 0], [1, 1]]
  /// ```
  ///
  /// - `ignoredLabel`: pixels whose true label is this are left out; nil for none.
  /// - Throws: `GeometryError` if the counts differ or a label is out of range; nothing is counted
  ///   then.
  public mutating func add(
    truth: [UInt8], labels: [UInt8], ignoredLabel: UInt8? = 255
  ) throws(GeometryError) {
    guard labels.count == truth.count else {
      throw GeometryError("the label map has \(labels.count) labels; \(truth.count) are expected")
    }
    try add(truth.count, ignoredLabel.map(Int.init)) { (Int(truth[$0]), Int(labels[$0])) }
  }

  /// Counts so many pixels, of each of which `labels` gives the true class and the label given.
  private mutating func add(
    _ pixels: Int, _ ignoredLabel: Int?, labels: (Int) -> (actual: Int, given: Int)
  ) throws(GeometryError) {
    let classes = classes
    var sum = [Int](repeating: 0, count: classes * classes)
    for pixel in 0..<pixels {
      let (actual, given) = labels(pixel)
      if actual == ignoredLabel { continue }
      guard actual >= 0, actual < classes, given >= 0, given < classes else {
        let wrong = actual >= 0 && actual < classes ? given : actual
        throw GeometryError(
          "a label is \(wrong); it must be from 0 to \(classes - 1)"
            + (ignoredLabel.map { ", or \($0) in the truth, which is ignored" } ?? ""))
      }
      sum[actual * classes + given] += 1
    }
    for index in sum.indices { counts[index / classes][index % classes] += sum[index] }
  }

  /// t_i: pixels whose true class is `i`.
  public func pixels(of i: Int) -> Int { counts[i].reduce(0, +) }

  public var total: Int { counts.indices.reduce(0) { $0 + pixels(of: $1) } }

  /// Σ n_ii / Σ t_i: the share of pixels that are right; nil if none were counted.
  public var pixelAccuracy: Fraction? {
    total > 0 ? Fraction(counts.indices.reduce(0) { $0 + counts[$1][$1] }, total) : nil
  }

  /// n_ii / t_i: the share of the pixels of class `i` that are right; nil if it does not occur.
  public func accuracy(of i: Int) -> Fraction? {
    pixels(of: i) > 0 ? Fraction(counts[i][i], pixels(of: i)) : nil
  }

  /// n_ii / (t_i + Σ_j n_ji − n_ii): intersection over union of truth and labels of class `i`; nil if
  /// it occurs in neither.
  public func intersectionOverUnion(of i: Int) -> Fraction? {
    let union = pixels(of: i) + counts.reduce(0) { $0 + $1[i] } - counts[i][i]
    return union > 0 ? Fraction(counts[i][i], union) : nil
  }
}

extension ConfusionMatrix {
  /// The mean of n_ii / t_i over the classes that occur in the truth; nil if nothing was counted.
  ///
  /// - Throws: `FractionOverflow` if the exact mean does not fit, as with many classes of many pixels;
  ///   ``scores`` always has its value.
  public func meanAccuracy() throws(FractionOverflow) -> Fraction? {
    try mean(counts.indices.compactMap(accuracy(of:)))
  }

  /// The mean of the intersections over unions of the classes that occur in the truth or among the
  /// labels given; nil if nothing was counted.
  ///
  /// A class that was given although it never occurs counts as 0, as in the FCN reference code.
  ///
  /// - Throws: `FractionOverflow` if the exact mean does not fit; ``scores`` always has its value.
  public func meanIU() throws(FractionOverflow) -> Fraction? {
    try mean(counts.indices.compactMap(intersectionOverUnion(of:)))
  }

  /// Σ t_i · IU_i / Σ t_i: the intersections over unions weighted by the pixels of each class; nil if
  /// nothing was counted.
  ///
  /// - Throws: `FractionOverflow` if the exact mean does not fit; ``scores`` always has its value.
  public func frequencyWeightedIU() throws(FractionOverflow) -> Fraction? {
    guard total > 0 else { return nil }
    var sum: Fraction = 0
    for i in counts.indices {
      guard let share = intersectionOverUnion(of: i) else { continue }
      sum = try sum.adding(share.multiplied(by: Fraction(pixels(of: i), total)))
    }
    return sum
  }

  /// The classes whose intersections over unions the mean is over.
  public func classes(in convention: MeanClasses) -> [Int] {
    switch convention {
    case .truth: counts.indices.filter { pixels(of: $0) > 0 }
    case .union: counts.indices.filter { intersectionOverUnion(of: $0) != nil }
    case .all: Array(counts.indices)
    }
  }

  /// The four metrics as decimals; nil if nothing was counted.
  public var scores: SegmentationScores? { scores(over: .union) }

  /// The four metrics as decimals; nil if nothing was counted.
  ///
  /// - Parameter convention: which classes count in the mean IU. The mean accuracy is always over the
  ///   classes of the truth: others have none.
  public func scores(over convention: MeanClasses) -> SegmentationScores? {
    guard let pixelAccuracy else { return nil }
    let counted = classes(in: convention)
    let ius = counts.indices.compactMap { i in
      intersectionOverUnion(of: i).map { (class: i, value: $0.doubleValue) }
    }
    let accuracies = counts.indices.compactMap { accuracy(of: $0)?.doubleValue }
    return SegmentationScores(
      pixelAccuracy: pixelAccuracy.doubleValue,
      meanAccuracy: accuracies.reduce(0, +) / Double(accuracies.count),
      meanIU: counted.reduce(0) {
        $0 + (intersectionOverUnion(of: $1)?.doubleValue ?? 0)
      } / Double(counted.count),
      frequencyWeightedIU: ius.reduce(0) { $0 + $1.value * Double(pixels(of: $1.class)) }
        / Double(total))
  }

  private func mean(_ values: [Fraction]) throws(FractionOverflow) -> Fraction? {
    guard !values.isEmpty else { return nil }
    var sum: Fraction = 0
    for value in values { sum = try sum.adding(value) }
    return try sum.divided(by: Fraction(values.count))
  }
}

/// Which classes a mean IU is over: a convention, on which results that are compared must agree.
public enum MeanClasses: String, CaseIterable, Sendable {
  /// Those that occur in the truth; one that was given only counts nothing.
  case truth
  /// Those that occur in the truth or were given, one that was given only as 0: the FCN reference code,
  /// Keras, MMSegmentation.
  case union
  /// All there are, one that occurs nowhere as 0.
  case all
}

/// The four metrics of segmentation, each from 0 to 1.
public struct SegmentationScores: Hashable, Sendable {
  /// The share of pixels that are right.
  public let pixelAccuracy: Double
  /// The mean over classes of the share of their pixels that are right.
  public let meanAccuracy: Double
  /// The mean over classes of intersection over union.
  public let meanIU: Double
  /// Intersection over union, weighted by the pixels of each class.
  public let frequencyWeightedIU: Double
}
