internal import Tensors

/// What a tensor's values look like at a glance.
public struct WeightStatistics: Equatable, Sendable {
  /// The least and the greatest finite value; 0 if there is none.
  public let minimum, maximum: Float
  /// The mean of the finite values; 0 if there is none.
  public let mean: Double
  /// The root of the mean squared distance of the finite values from their mean.
  public let standardDeviation: Double
  /// How many values are exactly zero.
  public let zeros: Int
  /// How many values are infinite or not a number.
  public let nonFinite: Int
}

extension WeightEntry {
  /// The least and greatest value, mean and spread, read piece by piece.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged.
  public func statistics() throws -> WeightStatistics {
    var (minimum, maximum) = (Float.infinity, -Float.infinity)
    // Distances from the first finite value keep the sum of squares exact where all are close.
    var (origin, sum, squares) = (0.0, 0.0, 0.0)
    var (finite, zeros) = (0, 0)
    try forEachPiece { bytes, _ in
      for value in decoder.floats(bytes) where value.isFinite {
        if finite == 0 { origin = Double(value) }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        let distance = Double(value) - origin
        sum += distance
        squares += distance * distance
        finite += 1
        zeros += value == 0 ? 1 : 0
      }
    }
    guard finite > 0 else {
      return WeightStatistics(
        minimum: 0, maximum: 0, mean: 0, standardDeviation: 0, zeros: 0,
        nonFinite: shape.count)
    }
    let mean = sum / Double(finite)
    let variance = max(squares / Double(finite) - mean * mean, 0)
    return WeightStatistics(
      minimum: minimum, maximum: maximum, mean: origin + mean,
      standardDeviation: variance.squareRoot(), zeros: zeros, nonFinite: shape.count - finite)
  }
}
