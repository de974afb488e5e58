/// A height and a width: the extent of a map, a kernel, a stride or a dilation.
///
/// An integer literal means both: `let stride: Size = 2` is 2 down and 2 across.
public struct Size: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The extent downwards (rows).
  public var height: Int
  /// The extent to the right (columns).
  public var width: Int

  /// A size of `height` rows and `width` columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// A square of this side.
  public init(_ side: Int) {
    self.init(height: side, width: side)
  }

  /// A square of this side: `3` is 3×3.
  public init(integerLiteral side: Int) {
    self.init(side)
  }

  /// The number of cells.
  public var area: Int { height * width }

  /// `3×4`: height first, as everywhere in this book.
  public var description: String { "\(height)×\(width)" }
}
