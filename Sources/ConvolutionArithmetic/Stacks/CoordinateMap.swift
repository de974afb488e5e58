public import Tensors

/// Where a position of one map lies on another: x ↦ scale · x + shift, in exact fractions.
///
/// Positions are of cell centres, the first at 0. Through a convolution or pooling,
/// y = (x + p − (k̂ − 1)/2) / s; through its transpose, the other way round.
///
/// ```swift
/// let down = try CoordinateMap(Window(kernelSize: 2, stride: 2))            // ½ x − ¼
/// let up = try CoordinateMap(TransposedWindow(kernelSize: 4, stride: 2))    // 2 x + 3/2
/// try down.then(up)                                                         // x + 1
/// ```
///
/// Source: the crop offsets of fcn.berkeleyvision.org are computed from such maps.
public struct CoordinateMap: Hashable, Sendable, CustomStringConvertible {
  /// Output cells for each input cell.
  public let scale: Fraction
  /// Where position 0 goes.
  public let shift: Fraction

  /// The map x ↦ scale · x + shift; the scale must not be 0.
  public init(scale: Fraction, shift: Fraction) {
    precondition(scale != 0, "a coordinate map with scale 0 has no inverse")
    (self.scale, self.shift) = (scale, shift)
  }

  /// Every position stays.
  public static let identity = CoordinateMap(scale: 1, shift: 0)

  /// From the input of a window to its output.
  public init(_ window: Window) {
    self.init(
      scale: Fraction(1, window.stride),
      shift: Fraction(
        2 * window.paddingBefore - (window.effectiveKernelSize - 1), 2 * window.stride))
  }

  /// From the input of a transposed window to its output.
  public init(_ transposed: TransposedWindow) {
    let window = transposed.window
    self.init(
      scale: Fraction(window.stride),
      shift: Fraction(window.effectiveKernelSize - 1 - 2 * window.paddingBefore, 2))
  }

  /// From a map to what is left of it when `offset` cells are cropped off before.
  public init(cropping offset: Int) {
    self.init(scale: 1, shift: Fraction(-offset))
  }

  /// This map and then the next: (a₁a₂, a₁b₂ + b₁), where the next is (a₁, b₁).
  ///
  /// - Throws: ``GeometryError`` if the exact numbers do not fit 64 bits.
  public func then(_ next: CoordinateMap) throws(GeometryError) -> CoordinateMap {
    try exactly { () throws(FractionOverflow) in
      CoordinateMap(
        scale: try next.scale.multiplied(by: scale),
        shift: try next.scale.multiplied(by: shift).adding(next.shift))
    }
  }

  /// The map back: y ↦ (y − shift) / scale.
  ///
  /// - Throws: ``GeometryError`` if the exact numbers do not fit 64 bits.
  public func inverse() throws(GeometryError) -> CoordinateMap {
    try exactly { () throws(FractionOverflow) in
      CoordinateMap(
        scale: try Fraction(1).divided(by: scale), shift: try (-shift).divided(by: scale))
    }
  }

  /// Where `position` goes; stops if the exact number does not fit.
  public func callAsFunction(_ position: Fraction) -> Fraction { scale * position + shift }

  /// `½x − ¼`, `1/16·x + 183/32`, `x + 19`
  public var description: String {
    let factor = "\(scale)"
    let product = scale == 1 ? "x" : factor.contains("/") ? "\(factor)·x" : "\(factor)x"
    return shift == 0 ? product : "\(product) \(shift < 0 ? "−" : "+") \(shift.magnitude)"
  }
}

/// The result of exact arithmetic, or a geometry's error that it does not fit.
func exactly<Value>(
  _ compute: () throws(FractionOverflow) -> Value
) throws(GeometryError) -> Value {
  do {
    return try compute()
  } catch {
    throw GeometryError(error.description)
  }
}
