import KernelInterface

// The gradient by the kernels, through Winograd's transforms. A tile of the forward way is
//
//     Y = Aᵀ [ (G g Gᵀ) ∘ (Bᵀ d B) ] A
//
// and each of its maps is linear, so the way back is the transposes, in the other order:
//
//     ĝ = Gᵀ [ Σ over tiles  (A Ŷ Aᵀ) ∘ (Bᵀ d B) ] G
//
// At each of the 36 frequencies remains a matrix product whose terms are the tiles: 36 products for the
// 144 of 9 taps over 16 pixels. Gᵀ is taken once, of the sum. A, B and G are those of Winograd4.swift.

private let a: Float = 0.707106781186547524
private let b: Float = 1.41421356237309505

/// Tiles `first ..< end` of both maps, Bᵀ d B and A Ŷ Aᵀ, to the buffers from tile 0 on.
func winogradGradientInput(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ scratch: MutableFloats
) {
  let j = job.load(as: WinogradGradientJob.self)
  for tile in first..<end {
    let (y, x) = (tile / j.tilesPerRow * 4, tile % j.tilesPerRow * 4)
    for block in 0..<j.input.blocks {
      let (from, step) = patch(j.input, block, y - j.top, x - j.left, 6, scratch)
      transformInput4(
        from, step, j.transformed + (block * j.capacity + tile - j.base) * 16, j.transformedStep,
        scratch + 1024)
    }
    for block in 0..<j.gradient.blocks {
      let (from, step) = patch(j.gradient, block, y, x, 4, scratch)
      spread(
        from, step, j.spread + (block * j.capacity + tile - j.base) * 16, j.spreadStep,
        scratch + 1024)
    }
  }
}

/// The pairs of blocks `first ..< end`: the products of the tiles in the buffers, added to the sums of
/// each frequency.
func winogradGradientProduct(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: WinogradGradientJob.self)
  for pair in first..<end {
    let inputBlock = pair % j.input.blocks
    let channels = j.inputs - inputBlock * 16 < 16 ? j.inputs - inputBlock * 16 : 16
    let x = Floats(j.transformed) + inputBlock * j.capacity * 16
    let y = Floats(j.spread) + pair / j.input.blocks * j.capacity * 16
    for frequency in 0..<36 {
      let to = j.products + (pair * 36 + frequency) * 256
      if j.base == 0 {
        for i in 0..<256 { to[i] = 0 }
      }
      outerProducts(
        x + frequency * j.transformedStep, 16, 0, y + frequency * j.spreadStep, 0, 1, j.count,
        channels, to)
    }
  }
}

/// The pairs of blocks `first ..< end`: Gᵀ S G of their sums S, to squares of 16×16 for each tap.
func winogradGradientOutput(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ scratch: MutableFloats
) {
  let j = job.load(as: WinogradGradientJob.self)
  for pair in first..<end {
    for row in 0..<16 {
      collect(j.products + pair * 36 * 256 + row * 16, j.sums + pair * 9 * 256 + row * 16, scratch)
    }
  }
}

/// A d of four values: what each of them adds to at the six points.
@inline(__always)
private func spread(
  _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let even1 = d0 + d2 * 0.5
  let odd1 = (d1 + d3 * 0.5) * a
  let even2 = d0 + (d2 + d2)
  let odd2 = (d1 + (d3 + d3)) * b
  return (d0, even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, d3)
}

/// A Ŷ Aᵀ of 4×4 pixels of 16 channels; frequency f goes to `output + f * frequencyStep`.
private func spread(
  _ input: Floats, _ rowStep: Int, _ output: MutableFloats, _ frequencyStep: Int,
  _ scratch: MutableFloats
) {
  let table = UnsafeMutableRawPointer(scratch)
  var part = 0
  while part < 16 {
    for x in 0..<4 {
      let p = UnsafeRawPointer(input + x * 16 + part)
      let step = rowStep * 4
      let y = spread(
        p.load(as: Vector.self), p.load(fromByteOffset: step, as: Vector.self),
        p.load(fromByteOffset: 2 * step, as: Vector.self),
        p.load(fromByteOffset: 3 * step, as: Vector.self))
      let to = table + x * 64
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: 256, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 512, as: Vector.self)
      to.storeBytes(of: y.3, toByteOffset: 768, as: Vector.self)
      to.storeBytes(of: y.4, toByteOffset: 1024, as: Vector.self)
      to.storeBytes(of: y.5, toByteOffset: 1280, as: Vector.self)
    }
    for row in 0..<6 {
      let p = UnsafeRawPointer(table + row * 256)
      let y = spread(
        p.load(as: Vector.self), p.load(fromByteOffset: 64, as: Vector.self),
        p.load(fromByteOffset: 128, as: Vector.self), p.load(fromByteOffset: 192, as: Vector.self))
      let to = UnsafeMutableRawPointer(output + row * 6 * frequencyStep + part)
      let step = frequencyStep * 4
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: step, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 2 * step, as: Vector.self)
      to.storeBytes(of: y.3, toByteOffset: 3 * step, as: Vector.self)
      to.storeBytes(of: y.4, toByteOffset: 4 * step, as: Vector.self)
      to.storeBytes(of: y.5, toByteOffset: 5 * step, as: Vector.self)
    }
    part += Vector.scalarCount
  }
}

/// Gᵀ u of the values at the six points.
@inline(__always)
private func collect(
  _ u0: Vector, _ u1: Vector, _ u2: Vector, _ u3: Vector, _ u4: Vector, _ u5: Vector
) -> (Vector, Vector, Vector) {
  let (sum1, difference1) = ((u1 + u2) * (-2 / 3), (u1 - u2) * (-2 / 3))
  let (sum2, difference2) = ((u3 + u4) * (1 / 6), (u3 - u4) * (1 / 6))
  return (
    u0 + (sum1 + sum2), difference1 * a + difference2 * b,
    sum1 * 0.5 + (sum2 + sum2) + u5
  )
}

/// Gᵀ S G of 16 lanes: frequency f is at `sums + f * 256`, tap t goes to `output + t * 256`.
private func collect(_ sums: Floats, _ output: MutableFloats, _ scratch: MutableFloats) {
  let table = UnsafeMutableRawPointer(scratch)
  var part = 0
  while part < 16 {
    for x in 0..<6 {
      let p = UnsafeRawPointer(sums + x * 256 + part)
      let y = collect(
        p.load(as: Vector.self), p.load(fromByteOffset: 6144, as: Vector.self),
        p.load(fromByteOffset: 12288, as: Vector.self),
        p.load(fromByteOffset: 18432, as: Vector.self),
        p.load(fromByteOffset: 24576, as: Vector.self),
        p.load(fromByteOffset: 30720, as: Vector.self))
      let to = table + x * 64
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: 384, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 768, as: Vector.self)
    }
    for row in 0..<3 {
      let p = UnsafeRawPointer(table + row * 384)
      let y = collect(
        p.load(as: Vector.self), p.load(fromByteOffset: 64, as: Vector.self),
        p.load(fromByteOffset: 128, as: Vector.self), p.load(fromByteOffset: 192, as: Vector.self),
        p.load(fromByteOffset: 256, as: Vector.self), p.load(fromByteOffset: 320, as: Vector.self))
      let to = UnsafeMutableRawPointer(output + row * 768 + part)
      to.storeBytes(of: y.0, as: Vector.self)
      to.storeBytes(of: y.1, toByteOffset: 1024, as: Vector.self)
      to.storeBytes(of: y.2, toByteOffset: 2048, as: Vector.self)
    }
    part += Vector.scalarCount
  }
}
