/// One shape of a scene: what it is, where, how large, how it is turned and its colour.
///
/// All lengths are whole sixteenths of a pixel, so that what lies inside is decided exactly and is the
/// same on every machine.
public struct SceneShape: Hashable, Sendable {
  /// The five shapes.
  public enum Kind: UInt8, CaseIterable, Sendable {
    /// All within the radius.
    case disc = 1
    /// A square whose half side is 4/5 of the radius.
    case square
    /// An equilateral triangle whose corners are 5/4 of the radius from the centre.
    case triangle
    /// A band whose outer edge is the radius.
    case ring
    /// Two bars as long as twice the radius.
    case cross

    /// The label of its pixels: 1…5; the background has 0.
    public var label: UInt8 { rawValue }
    /// What it is called.
    public var name: String { ClassNames.scenes[Int(rawValue)] }
  }

  /// Which shape it is.
  public let kind: Kind
  /// The row of the centre, in sixteenths of a pixel from the upper edge.
  public let row: Int
  /// The column of the centre, in sixteenths of a pixel from the left edge.
  public let column: Int
  /// The radius, in sixteenths of a pixel.
  public let radius: Int
  /// How it is turned.
  public let turn: ExactTurn
  /// Its red, green and blue before noise, each from 0 to 255.
  public let color: SceneColor

  /// Sixteenths of a pixel in a pixel.
  static let unit = 16

  /// Half the width of the strokes of a ring or a cross, in sixteenths of a pixel: .13 of the radius,
  /// and at least two pixels.
  public var halfStroke: Int { max(2 * Self.unit, 13 * radius / 100) }

  /// The rows or columns, of so many, between which the whole shape lies.
  func pixels(around center: Int, of extent: Int) -> Range<Int> {
    let reach = 5 * radius / 4
    return max(0, (center - reach) / Self.unit)..<min(extent, (center + reach) / Self.unit + 1)
  }

  /// Whether the point at this distance from the centre, in sixteenths, is inside.
  func contains(down: Int, right: Int) -> Bool {
    let squared = down &* down &+ right &* right
    switch kind {
    case .disc:
      return squared <= radius &* radius
    case .ring:
      let hole = max(0, radius - 2 * halfStroke)
      return squared <= radius &* radius && squared >= hole &* hole
    case .square, .triangle, .cross:
      // The point in the shape's own axes, and everything else, `turn.scale` times as large.
      let scale = turn.scale
      let v = turn.cosine &* down &- turn.sine &* right
      let u = turn.sine &* down &+ turn.cosine &* right
      switch kind {
      case .square:
        return 5 &* max(abs(u), abs(v)) <= 4 &* radius &* scale
      case .cross:
        let (short, long) = (min(abs(u), abs(v)), max(abs(u), abs(v)))
        return short <= halfStroke &* scale && long <= radius &* scale
      default:
        // From the tip at v = −R to the base at v = R / 2; 26/15 is √3 to three digits.
        let tip = 5 &* radius &* scale / 4
        return 2 &* v <= tip && 26 &* abs(u) <= 15 &* (tip &+ v)
      }
    }
  }
}

/// Red, green and blue, each from 0 to 255.
public struct SceneColor: Hashable, Sendable {
  /// How much red.
  public let red: Int
  /// How much green.
  public let green: Int
  /// How much blue.
  public let blue: Int
}
