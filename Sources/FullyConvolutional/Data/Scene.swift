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

  /// A scene of 2–5 shapes, whose radii are from .11 to .24 of the shorter side.
  ///
  /// - Parameter size: its extents are in ``extents``.
  public static func segmentation(seed: UInt64, size: Size = usualSize) -> Scene {
    Scene(seed: seed, size: size, counts: 2...5, radii: 110...240)
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
