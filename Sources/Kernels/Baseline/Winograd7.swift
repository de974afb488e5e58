// The transforms of F(2×2, 7×7): 8 points 0, ±p, ±q, ±r, ∞. With P = p², Q = q², R = r²,
// the row of Bᵀ for the point p holds the coefficients of x (x + p) (x² − Q) (x² − R): an even part
// x⁶ − (Q + R) x⁴ + QR x² and p times an odd part one degree lower, shared with the point −p.
// Aᵀ has two rows: the sum of all values, and the values times their points.

private let p: Float = 0.5
private let q: Float = 1
private let r: Float = 2
private var pp: Float { p * p }
private var qq: Float { q * q }
private var rr: Float { r * r }

@inline(__always)
private func multiplyAdd(_ a: Float, _ b: Vector, _ c: Vector) -> Vector {
  #if FUSED || arch(arm64)
    c.addingProduct(Vector(repeating: a), b)
  #else
    c + Vector(repeating: a) * b
  #endif
}

/// One line of Bᵀ d: 8 cells `step` bytes apart to 8 values `toStep` bytes apart.
@inline(__always)
private func evaluate(
  _ from: UnsafeRawPointer, _ step: Int, _ to: UnsafeMutableRawPointer, _ toStep: Int
) {
  let x0 = from.load(as: Vector.self)
  let x1 = from.load(fromByteOffset: step, as: Vector.self)
  let x2 = from.load(fromByteOffset: 2 * step, as: Vector.self)
  let x3 = from.load(fromByteOffset: 3 * step, as: Vector.self)
  let x4 = from.load(fromByteOffset: 4 * step, as: Vector.self)
  let x5 = from.load(fromByteOffset: 5 * step, as: Vector.self)
  let x6 = from.load(fromByteOffset: 6 * step, as: Vector.self)
  let x7 = from.load(fromByteOffset: 7 * step, as: Vector.self)
  let s1 = pp + qq + rr
  let s2 = pp * qq + pp * rr + qq * rr
  let s3 = pp * qq * rr
  to.storeBytes(
    of: multiplyAdd(-s3, x0, multiplyAdd(s2, x2, multiplyAdd(-s1, x4, x6))), as: Vector.self)
  to.storeBytes(
    of: multiplyAdd(-s3, x1, multiplyAdd(s2, x3, multiplyAdd(-s1, x5, x7))),
    toByteOffset: 7 * toStep, as: Vector.self)
  pair(p, qq + rr, qq * rr, x1, x2, x3, x4, x5, x6, to + toStep, toStep)
  pair(q, pp + rr, pp * rr, x1, x2, x3, x4, x5, x6, to + 3 * toStep, toStep)
  pair(r, pp + qq, pp * qq, x1, x2, x3, x4, x5, x6, to + 5 * toStep, toStep)
}

@inline(__always)
private func pair(
  _ point: Float, _ sum: Float, _ product: Float, _ x1: Vector, _ x2: Vector, _ x3: Vector,
  _ x4: Vector, _ x5: Vector, _ x6: Vector, _ to: UnsafeMutableRawPointer, _ toStep: Int
) {
  let even = multiplyAdd(product, x2, multiplyAdd(-sum, x4, x6))
  let odd = multiplyAdd(product, x1, multiplyAdd(-sum, x3, x5))
  to.storeBytes(of: multiplyAdd(point, odd, even), as: Vector.self)
  to.storeBytes(of: multiplyAdd(-point, odd, even), toByteOffset: toStep, as: Vector.self)
}

/// Bᵀ d B of an 8×8 patch of 16 channels; frequency f goes to `output + f * frequencyStep`.
func transformInput7(
  _ input: Floats, _ rowStep: Int, _ output: MutableFloats, _ frequencyStep: Int,
  _ scratch: MutableFloats
) {
  let table = UnsafeMutableRawPointer(scratch)
  var part = 0
  while part < 16 {
    for x in 0..<8 {
      evaluate(UnsafeRawPointer(input + x * 16 + part), rowStep * 4, table + x * 64, 512)
    }
    for row in 0..<8 {
      evaluate(
        UnsafeRawPointer(table + row * 512), 64,
        UnsafeMutableRawPointer(output + row * 8 * frequencyStep + part), frequencyStep * 4)
    }
    part += Vector.scalarCount
  }
}

/// One line of Aᵀ m: 8 values `step` bytes apart to 2 cells.
@inline(__always)
private func interpolate(_ from: UnsafeRawPointer, _ step: Int) -> (Vector, Vector) {
  let y0 = from.load(as: Vector.self)
  let y1 = from.load(fromByteOffset: step, as: Vector.self)
  let y2 = from.load(fromByteOffset: 2 * step, as: Vector.self)
  let y3 = from.load(fromByteOffset: 3 * step, as: Vector.self)
  let y4 = from.load(fromByteOffset: 4 * step, as: Vector.self)
  let y5 = from.load(fromByteOffset: 5 * step, as: Vector.self)
  let y6 = from.load(fromByteOffset: 6 * step, as: Vector.self)
  let y7 = from.load(fromByteOffset: 7 * step, as: Vector.self)
  return (
    y0 + ((y1 + y2) + (y3 + y4) + (y5 + y6)),
    multiplyAdd(p, y1 - y2, multiplyAdd(q, y3 - y4, multiplyAdd(r, y5 - y6, y7)))
  )
}

/// Aᵀ M A of 8×8 products of 16 outputs, plus the bias, rectified: 2×2 pixels to `output`.
func transformOutput7(
  _ products: Floats, _ frequencyStep: Int, _ bias: Floats, _ rectify: Bool,
  _ output: MutableFloats, _ scratch: MutableFloats
) {
  let table = UnsafeMutableRawPointer(scratch)
  let low = rectify ? Vector.zero : Vector(repeating: -.infinity)
  var part = 0
  while part < 16 {
    for x in 0..<8 {
      let y = interpolate(
        UnsafeRawPointer(products + x * frequencyStep + part), frequencyStep * 32)
      table.storeBytes(of: y.0, toByteOffset: x * 64, as: Vector.self)
      table.storeBytes(of: y.1, toByteOffset: 512 + x * 64, as: Vector.self)
    }
    let shift = UnsafeRawPointer(bias + part).load(as: Vector.self)
    for row in 0..<2 {
      let y = interpolate(UnsafeRawPointer(table + row * 512), 64)
      let to = UnsafeMutableRawPointer(output + row * 32 + part)
      let left = y.0 + shift
      let right = y.1 + shift
      to.storeBytes(of: left.replacing(with: low, where: left .< low), as: Vector.self)
      to.storeBytes(
        of: right.replacing(with: low, where: right .< low), toByteOffset: 64, as: Vector.self)
    }
    part += Vector.scalarCount
  }
}

/// The three sizes of points.
func winograd7Point(_ i: Int) -> Double {
  Double(i == 0 ? p : i == 1 ? q : r)
}
