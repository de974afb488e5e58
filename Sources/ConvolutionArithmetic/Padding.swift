public import Tensors

/// The rows and columns of zeros added around a map: top, left, bottom, right.
///
/// An integer literal means all four sides. A negative side cuts cells off instead; only the direct
/// convolution that is equivalent to a transposed one ever needs that.
public struct Padding: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows above.
  public var top: Int
  /// Columns before.
  public var left: Int
  /// Rows below.
  public var bottom: Int
  /// Columns after.
  public var right: Int

  /// Each side given.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// `size.height` rows above and below, `size.width` columns before and after.
  public init(_ size: Size) {
    self.init(top: size.height, left: size.width, bottom: size.height, right: size.width)
  }

  /// The same on all four sides.
  public init(integerLiteral side: Int) {
    self.init(Size(side))
  }

  /// Whether opposite sides are equal.
  public var isSymmetric: Bool { top == bottom && left == right }

  /// `1`, `1,2` (height, width) or `0,0,1,1` (top, left, bottom, right), as the command line takes it.
  public var description: String {
    guard isSymmetric else { return "\(top),\(left),\(bottom),\(right)" }
    return top == left ? "\(top)" : "\(top),\(left)"
  }
}
