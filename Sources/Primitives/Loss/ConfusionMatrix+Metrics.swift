public import Tensors

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
