import Tensors

/// A rotation without rounding: a Pythagorean triple, sine² + cosine² = scale².
///
///     t = n / 1024:   cosine / scale = (1 − t²) / (1 + t²),   sine / scale = 2t / (1 + t²)
///
/// So a point is turned by whole numbers alone, and no machine's sine decides what a picture shows.
public struct ExactTurn: Hashable, Sendable {
  /// `scale` times the cosine.
  public let cosine: Int
  /// `scale` times the sine.
  public let sine: Int
  /// What both are multiplied by.
  public let scale: Int

  /// The turn by 2·arctan(n / 1024) and `quarters` right angles.
  init(n: Int, quarters: Int) {
    let (even, odd) = (1024 * 1024 - n * n, 2 * 1024 * n)
    scale = 1024 * 1024 + n * n
    (cosine, sine) =
      switch quarters {
      case 0: (even, odd)
      case 1: (-odd, even)
      case 2: (-even, -odd)
      default: (odd, -even)
      }
  }

  /// A turn by any angle; all are nearly equally likely.
  static func random(using generator: inout SplitMix64) -> ExactTurn {
    // 424 / 1024 is the tangent of 22½°: from −45° to 45°, and then by quarters.
    let n = generator.integer(in: -424...424)
    return ExactTurn(n: n, quarters: generator.integer(in: 0...3))
  }
}
