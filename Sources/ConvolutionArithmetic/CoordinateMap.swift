public import Tensors

/// Where a position of one map lies on another: x ↦ scale · x + shift, in exact fractions.
///
/// Positions are of cell centres, the first at 0. Through a convolution or pooling,
/// y = (x + p − (k̂ − 1)/2) / s; through its transpose, the other way round.
///
/// ```swift
/// let down = try CoordinateMap(Window(kernelSize: 2, stride: 2))               // ½ x − ¼
/// let up = try CoordinateMap(Window(kernelSize: 4, stride: 2).transposed())    // 2 x + 3/2
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

  /// From the input of a window to its output, either way it is read.
  public init(_ window: Window) {
    let lead = 2 * window.paddingBefore - (window.effectiveKernelSize - 1)
    self =
      window.isTransposed
      ? CoordinateMap(scale: Fraction(window.stride), shift: Fraction(-lead, 2))
      : CoordinateMap(scale: Fraction(1, window.stride), shift: Fraction(lead, 2 * window.stride))
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

/// Returns how many cells to crop off before a map, so that it lies on a reference map.
///
/// Both coordinate maps start from the same input. A crop can only move by whole cells, so the scales
/// must be equal and the difference of the shifts an integer, not below 0.
///
/// ```swift
/// // FCN-32s: the scores lie at x + 19 of the input, which lies at x.
/// try cropOffset(of: CoordinateMap(scale: 1, shift: 19), to: .identity)   // 19
/// ```
///
/// - Throws: ``GeometryError`` that says why no such offset exists.
public func cropOffset(
  of map: CoordinateMap, to reference: CoordinateMap
) throws(GeometryError) -> Int {
  guard map.scale == reference.scale else {
    throw GeometryError(
      "no crop aligns the two maps: one has \(map.scale) cells for each input cell, the reference "
        + "\(reference.scale); a crop moves a map and cannot scale it, so the two must be equal")
  }
  let offset = try exactly { () throws(FractionOverflow) in
    try map.shift.subtracting(reference.shift)
  }
  guard offset.isInteger else {
    throw GeometryError(
      "no crop aligns the two maps: the offset would be \(offset), between the cells "
        + "\(offset.floor) and \(offset.floor + 1), and a crop takes whole cells; make one kernel "
        + "a cell wider or narrower, which moves a map by half a cell")
  }
  guard offset >= 0 else {
    throw GeometryError(
      "no crop aligns the two maps: the offset would be \(offset), and a crop takes 0 or more cells "
        + "off; the map begins \(counted(-offset.numerator, "cell")) too late, so the first layer needs "
        + "more padding")
  }
  return offset.numerator
}
