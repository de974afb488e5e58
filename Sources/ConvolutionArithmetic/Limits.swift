/// The largest extent, stride, dilation or padding that is computed with: one thousand million, so
/// that no product of two of them overflows.
public let largestExtent = 1_000_000_000

/// Checks that `value` lies between `least` and ``largestExtent``.
func require(_ name: String, _ value: Int, atLeast least: Int) throws(GeometryError) {
  guard value >= least && value <= largestExtent else {
    throw GeometryError("\(name) is \(value); it must be from \(least) to \(largestExtent)")
  }
}

/// `a / b` rounded down, also below zero; `b` is above zero.
func floorDivide(_ a: Int, _ b: Int) -> Int {
  a >= 0 ? a / b : -((b - 1 - a) / b)
}

/// `a / b` rounded up, also below zero; `b` is above zero.
func ceilDivide(_ a: Int, _ b: Int) -> Int {
  -floorDivide(-a, b)
}
