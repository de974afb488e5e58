import Networks
public import Tensors

/// A synthetic picture as a list of what is in it: shapes on a grey background.
///
/// ```swift
/// let scene = Scene.segmentation(seed: 7)
/// scene.shapes.map(\.kind.name)    // from 2 to 5 names, such as ring and disc
/// scene.drawn().labels             // 128 · 128 labels, 0…5
/// ```
///
/// A disc and a ring have one hue, a square and a cross another, so that colour alone does not tell
/// what a shape is; and rings and crosses have thin strokes, which coarse maps lose. The same seed gives
/// the same bytes on every machine: everything is whole numbers.
public struct Scene: Hashable, Sendable {
  /// The extent of scenes unless another is asked for.
  public static let usualSize: Size = 128
  /// The extent of pictures of one shape unless another is asked for.
  public static let usualSingleSize: Size = 96
  /// The extents, downwards and to the right, that a scene can have.
  public static let extents = 16...4096

  /// The extent in pixels.
  public let size: Size
  /// The shapes; a later one covers an earlier one.
  public let shapes: [SceneShape]
  /// The background's colours at the upper left, upper right and lower left corner.
  public let corners: [SceneColor]
  /// The seed of the noise.
  let noiseSeed: UInt64

  /// How many shapes a scene has unless more or fewer are asked for.
  public static let usualShapes = 2...5

  /// A scene of some shapes, whose radii are from .11 to .24 of the shorter side.
  ///
  /// - Parameters:
  ///   - size: its extents are in ``extents``.
  ///   - shapes: how many, at least and at most.
  public static func segmentation(
    seed: UInt64, size: Size = usualSize, shapes: ClosedRange<Int> = usualShapes
  ) -> Scene {
    Scene(seed: seed, size: size, counts: shapes, radii: 110...240)
  }

  /// A scene of one shape, whose radius is from .20 to .42 of the shorter side.
  ///
  /// - Parameter size: its extents are in ``extents``.
  public static func classification(seed: UInt64, size: Size = usualSingleSize) -> Scene {
    Scene(seed: seed, size: size, counts: 1...1, radii: 200...420)
  }

  /// - Parameter radii: in thousandths of the shorter side.
  private init(
    seed: UInt64, size: Size, counts: ClosedRange<Int>, radii: ClosedRange<Int>
  ) {
    precondition(
      Self.extents.contains(size.height) && Self.extents.contains(size.width),
      "a scene of \(size); each extent must be from 16 to 4096")
    var generator = SplitMix64(seed: seed)
    self.size = size
    corners = (0..<3).map { _ in .grey(using: &generator) }
    shapes = (0..<generator.integer(in: counts)).map { _ in
      SceneShape(in: size, radii: radii, using: &generator)
    }
    noiseSeed = generator.next()
  }
}

extension SceneShape {
  /// A shape of any kind whose circle lies inside of the picture.
  fileprivate init(
    in size: Size, radii: ClosedRange<Int>, using generator: inout SplitMix64
  ) {
    let shorter = Self.unit * min(size.height, size.width)
    kind = Kind.allCases[generator.integer(in: 0...4)]
    radius = shorter * generator.integer(in: radii) / 1000
    row = generator.integer(in: radius...(Self.unit * size.height - radius))
    column = generator.integer(in: radius...(Self.unit * size.width - radius))
    turn = .random(using: &generator)
    color = .paint(of: kind, using: &generator)
  }
}

extension SceneColor {
  /// A grey with a slight tint.
  fileprivate static func grey(using generator: inout SplitMix64) -> SceneColor {
    let level = generator.integer(in: 85...165)
    return SceneColor(
      red: level + generator.integer(in: -8...8), green: level + generator.integer(in: -8...8),
      blue: level + generator.integer(in: -8...8))
  }

  /// The hue of a kind, lighter or darker and a little off.
  fileprivate static func paint(
    of kind: SceneShape.Kind, using generator: inout SplitMix64
  ) -> SceneColor {
    let (red, green, blue) =
      switch kind {
      case .disc, .ring: (196, 92, 72)
      case .square, .cross: (72, 108, 196)
      case .triangle: (88, 168, 84)
      }
    let light = generator.integer(in: -30...30)
    return SceneColor(
      red: red + light + generator.integer(in: -20...20),
      green: green + light + generator.integer(in: -20...20),
      blue: blue + light + generator.integer(in: -20...20))
  }
}

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
    // 32 bits are too few for the products.
    let (down, right, radius) = (Int64(down), Int64(right), Int64(self.radius))
    let halfStroke = Int64(self.halfStroke)
    let squared = down &* down &+ right &* right
    switch kind {
    case .disc:
      return squared <= radius &* radius
    case .ring:
      let hole = max(0, radius - 2 * halfStroke)
      return squared <= radius &* radius && squared >= hole &* hole
    case .square, .triangle, .cross:
      // The point in the shape's own axes, and everything else, `turn.scale` times as large.
      let (scale, sine) = (Int64(turn.scale), Int64(turn.sine))
      let cosine = Int64(turn.cosine)
      let v = cosine &* down &- sine &* right
      let u = sine &* down &+ cosine &* right
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
