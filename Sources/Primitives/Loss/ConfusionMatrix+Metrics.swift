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

  /// The four metrics as decimals; nil if nothing was counted.
  public var scores: SegmentationScores? {
    guard let pixelAccuracy else { return nil }
    let ius = counts.indices.compactMap { i in
      intersectionOverUnion(of: i).map { (class: i, value: $0.doubleValue) }
    }
    let accuracies = counts.indices.compactMap { accuracy(of: $0)?.doubleValue }
    return SegmentationScores(
      pixelAccuracy: pixelAccuracy.doubleValue,
      meanAccuracy: accuracies.reduce(0, +) / Double(accuracies.count),
      meanIU: ius.reduce(0) { $0 + $1.value } / Double(ius.count),
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
