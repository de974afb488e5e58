internal import Tensors

/// Why a geometry is impossible: one sentence that names what came and what is valid.
public struct GeometryError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

/// The largest extent, stride, dilation or padding that is computed with: one thousand million, so
/// that no product of two of them overflows; ten thousand where an `Int` has 32 bits.
public let largestExtent = Int.bitWidth < 64 ? 10_000 : 1_000_000_000

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

/// The product, or the error that it does not fit.
func exactProduct(_ a: Int, _ b: Int) throws(GeometryError) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  guard !overflow, abs(product) < Int.max / 8 else {
    throw GeometryError("\(a) · \(b) cells are too many; positions go up to \(Int.max / 8)")
  }
  return product
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
