/// A tiny seeded source of random bits: the same seed gives the same numbers on every machine.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A generator whose whole sequence is given by `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= SplitMix64.step
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number in the range, the same on every machine for the same seed.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next() % width)
  }

  /// A number in 0 ..< 1 with 53 random bits, the same on every machine for the same seed.
  public mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform ones, less 6.
  ///
  /// It uses addition alone, so that it has the same bits on every machine.
  public mutating func normal() -> Double {
    var sum = -6.0
    var left = SplitMix64.drawsOfNormal
    while left > 0 {
      sum += unit()
      left -= 1
    }
    return sum
  }

  /// Passes over as many numbers as `count` calls of ``normal()`` take, without drawing them.
  public mutating func skipNormals(_ count: Int) {
    state &+= UInt64(count) &* UInt64(SplitMix64.drawsOfNormal) &* SplitMix64.step
  }

  private static let drawsOfNormal = 12
}
