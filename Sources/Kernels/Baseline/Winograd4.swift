// The transforms of F(4×4, 3×3). With a = √½ and b = √2 (so ab = 1):
//
//         1    0    −5/2   0    1   0             1  1   1   1   1   0
//         0  −2a    −2     a    1   0     Aᵀ  =   0  a  −a   b  −b   0
//   Bᵀ =  0   2a    −2    −a    1   0             0  ½   ½   2   2   0
//         0  −b/2   −½     b    1   0             0 a/2 −a/2 2b −2b  1
//         0   b/2   −½    −b    1   0
//         0    1     0   −5/2   0   1     G row of point p: (1, p, p²) / Π (p − other points)

private let a: Float = 0.707106781186547524
private let b: Float = 1.41421356237309505

@inline(__always)
private func multiplyAdd(_ a: Float, _ b: Vector, _ c: Vector) -> Vector {
  #if FUSED || arch(arm64)
    c.addingProduct(Vector(repeating: a), b)
  #else
    c + Vector(repeating: a) * b
  #endif
}

@inline(__always)
private func evaluate(
  _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ x4: Vector, _ x5: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let even1 = multiplyAdd(-2, x2, x4)
  let odd1 = multiplyAdd(-2, x1, x3)
  let even2 = multiplyAdd(-0.5, x2, x4)
  let odd2 = multiplyAdd(-0.5, x1, x3)
  return (
    multiplyAdd(-2.5, x2, x0 + x4),
    multiplyAdd(a, odd1, even1), multiplyAdd(-a, odd1, even1),
    multiplyAdd(b, odd2, even2), multiplyAdd(-b, odd2, even2),
    multiplyAdd(-2.5, x3, x1 + x5)
  )
}

/// Bᵀ d B of a 6×6 patch of 16 channels; frequency f goes to `output + f * frequencyStep`.
func transformInput4(
  _ input: Floats, _ rowStep: Int, _ output: MutableFloats, _ frequencyStep: Int,
  _ scratch: MutableFloats
) {
  let lanes = Vector.scalarCount
  let table = UnsafeMutableRawPointer(scratch)
  var part = 0
  while part < 16 {
    for x in 0..<6 {
      let p = UnsafeRawPointer(input + x * 16 + part)
      let step = rowStep * 4
      let y = evaluate(
        p.load(as: Vector.self), p.load(fromByteOffset: step, as: Vector.self),
        p.load(fromByteOffset: 2 * step, as: Vector.self),
        p.load(fromByteOffset: 3 * step, as: Vector.self),
        p.load(fromByteOffset: 4 * step, as: Vector.self),
        p.load(fromByteOffset: 5 * step, as: Vector.self))
      let to = table + x * 64
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: 384, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 768, as: Vector.self)
      to.storeBytes(of: y.3, toByteOffset: 1152, as: Vector.self)
      to.storeBytes(of: y.4, toByteOffset: 1536, as: Vector.self)
      to.storeBytes(of: y.5, toByteOffset: 1920, as: Vector.self)
    }
    for row in 0..<6 {
      let p = UnsafeRawPointer(table + row * 384)
      let y = evaluate(
        p.load(as: Vector.self), p.load(fromByteOffset: 64, as: Vector.self),
        p.load(fromByteOffset: 128, as: Vector.self), p.load(fromByteOffset: 192, as: Vector.self),
        p.load(fromByteOffset: 256, as: Vector.self), p.load(fromByteOffset: 320, as: Vector.self))
      let to = UnsafeMutableRawPointer(output + row * 6 * frequencyStep + part)
      let step = frequencyStep * 4
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: step, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 2 * step, as: Vector.self)
      to.storeBytes(of: y.3, toByteOffset: 3 * step, as: Vector.self)
      to.storeBytes(of: y.4, toByteOffset: 4 * step, as: Vector.self)
      to.storeBytes(of: y.5, toByteOffset: 5 * step, as: Vector.self)
    }
    part += lanes
  }
}

@inline(__always)
private func interpolate(
  _ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector, _ y4: Vector, _ y5: Vector
) -> (Vector, Vector, Vector, Vector) {
  let sum1 = y1 + y2
  let difference1 = y1 - y2
  let sum2 = y3 + y4
  let difference2 = y3 - y4
  return (
    y0 + (sum1 + sum2),
    multiplyAdd(a, difference1, Vector(repeating: b) * difference2),
    multiplyAdd(0.5, sum1, sum2 + sum2),
    multiplyAdd(a / 2, difference1, multiplyAdd(2 * b, difference2, y5))
  )
}

/// Aᵀ M A of 6×6 products of 16 outputs, plus the bias, rectified: 4×4 pixels to `output`.
func transformOutput4(
  _ products: Floats, _ frequencyStep: Int, _ bias: Floats, _ rectify: Bool,
  _ output: MutableFloats, _ scratch: MutableFloats
) {
  let lanes = Vector.scalarCount
  let table = UnsafeMutableRawPointer(scratch)
  let low = rectify ? Vector.zero : Vector(repeating: -.infinity)
  var part = 0
  while part < 16 {
    let step = frequencyStep * 4
    for x in 0..<6 {
      let p = UnsafeRawPointer(products + x * frequencyStep + part)
      let y = interpolate(
        p.load(as: Vector.self), p.load(fromByteOffset: 6 * step, as: Vector.self),
        p.load(fromByteOffset: 12 * step, as: Vector.self),
        p.load(fromByteOffset: 18 * step, as: Vector.self),
        p.load(fromByteOffset: 24 * step, as: Vector.self),
        p.load(fromByteOffset: 30 * step, as: Vector.self))
      let to = table + x * 64
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: 384, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 768, as: Vector.self)
      to.storeBytes(of: y.3, toByteOffset: 1152, as: Vector.self)
    }
    let shift = UnsafeRawPointer(bias + part).load(as: Vector.self)
    for row in 0..<4 {
      let p = UnsafeRawPointer(table + row * 384)
      let y = interpolate(
        p.load(as: Vector.self), p.load(fromByteOffset: 64, as: Vector.self),
        p.load(fromByteOffset: 128, as: Vector.self), p.load(fromByteOffset: 192, as: Vector.self),
        p.load(fromByteOffset: 256, as: Vector.self), p.load(fromByteOffset: 320, as: Vector.self))
      let to = UnsafeMutableRawPointer(output + row * 64 + part)
      to.storeBytes(of: atLeast(low, y.0 + shift), as: Vector.self)
      to.storeBytes(of: atLeast(low, y.1 + shift), toByteOffset: 64, as: Vector.self)
      to.storeBytes(of: atLeast(low, y.2 + shift), toByteOffset: 128, as: Vector.self)
      to.storeBytes(of: atLeast(low, y.3 + shift), toByteOffset: 192, as: Vector.self)
    }
    part += lanes
  }
}

@inline(__always)
private func atLeast(_ low: Vector, _ value: Vector) -> Vector {
  value.replacing(with: low, where: value .< low)
}

/// Two rows of G times a line of 3 cells: rows 0 and 5, 1 and 2, or 3 and 4.
@inline(__always)
private func evaluate(_ pair: Int, _ x0: Vector, _ x1: Vector, _ x2: Vector) -> (Vector, Vector) {
  let third: Float = 1 / 3
  if pair == 0 { return (x0, x2) }
  if pair == 1 {
    let even = Vector(repeating: -third) * multiplyAdd(2, x0, x2)
    return (multiplyAdd(-2 * a * third, x1, even), multiplyAdd(2 * a * third, x1, even))
  }
  let even = Vector(repeating: third) * multiplyAdd(0.5, x0, x2)
  return (multiplyAdd(b * third / 2, x1, even), multiplyAdd(-b * third / 2, x1, even))
}

/// A pair of rows of G g Gᵀ, of the 3×3 kernels of a panel's outputs, whose cells lie `cellStep` apart.
/// Column x of the rows goes to `first + x * frequencyStep` and `second + x * frequencyStep`.
func transformWeights4(
  _ pair: Int, _ kernels: Floats, _ cellStep: Int, _ first: MutableFloats,
  _ second: MutableFloats, _ frequencyStep: Int
) {
  var column = 0
  while column < tileColumns {
    @inline(__always) func cell(_ index: Int) -> Vector {
      UnsafeRawPointer(kernels + index * cellStep + column).load(as: Vector.self)
    }
    let (p0, q0) = evaluate(pair, cell(0), cell(3), cell(6))
    let (p1, q1) = evaluate(pair, cell(1), cell(4), cell(7))
    let (p2, q2) = evaluate(pair, cell(2), cell(5), cell(8))
    storeRow(p0, p1, p2, first + column, frequencyStep)
    storeRow(q0, q1, q2, second + column, frequencyStep)
    column += Vector.scalarCount
  }
}

@inline(__always)
private func storeRow(
  _ x0: Vector, _ x1: Vector, _ x2: Vector, _ output: MutableFloats, _ frequencyStep: Int
) {
  let to = UnsafeMutableRawPointer(output)
  let step = frequencyStep * 4
  let outer = evaluate(0, x0, x1, x2)
  let (y1, y2) = evaluate(1, x0, x1, x2)
  let (y3, y4) = evaluate(2, x0, x1, x2)
  to.storeBytes(of: outer.0, as: Vector.self)
  to.storeBytes(of: y1, toByteOffset: step, as: Vector.self)
  to.storeBytes(of: y2, toByteOffset: 2 * step, as: Vector.self)
  to.storeBytes(of: y3, toByteOffset: 3 * step, as: Vector.self)
  to.storeBytes(of: y4, toByteOffset: 4 * step, as: Vector.self)
  to.storeBytes(of: outer.1, toByteOffset: 5 * step, as: Vector.self)
}
