import KernelInterface
internal import Platform

/// max(x, 0), in place; NaN stays.
func rectify(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let elements = job.load(as: ElementJob.self).elements
  for i in first..<end where elements[i] < 0 { elements[i] = 0 }
}

/// x / (bias + alpha/size · Σ x²)^beta over `size` neighbouring channels.
func normalizeAcross(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: NormalizationJob.self)
  for pixel in first..<end {
    for c in 0..<j.channels {
      let (factor, _) = divisor(j, pixel, c)
      let at = (c / 16) * j.input.plane + pixel * 16 + c % 16
      j.output.pixels[at] = factor * j.input.pixels[at]
    }
  }
}

/// The gradient of `normalizeAcross` by its input x, where ŷ is that by its output:
///
///     ŷ[i] / s[i]^beta − 2 · alpha · beta / size · x[i] · Σ ŷ[c] · x[c] / s[c]^(beta + 1),
///
/// s being what is raised to a power, and c the channels in whose window i is.
func normalizationGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ scratch: MutableFloats
) {
  let j = job.load(as: NormalizationJob.self)
  guard let gradient = j.gradient else { return }
  let slope = 2 * j.alpha * j.beta / Float(j.size)
  for pixel in first..<end {
    for c in 0..<j.channels {
      let (factor, base) = divisor(j, pixel, c)
      let lane = pixel * 16 + c % 16
      let own = factor * gradient.pixels[(c / 16) * gradient.plane + lane]
      scratch[c] = own * j.input.pixels[(c / 16) * j.input.plane + lane] / base
      j.output.pixels[(c / 16) * j.output.plane + lane] = own
    }
    for c in 0..<j.channels {
      // The window of c, seen from the other side.
      let before = j.size - 1 - (j.size - 1) / 2
      var other = c - before < 0 ? 0 : c - before
      let last = c - before + j.size <= j.channels ? c - before + j.size : j.channels
      var sum: Float = 0
      while other < last {
        sum += scratch[other]
        other += 1
      }
      let lane = pixel * 16 + c % 16
      let x = j.input.pixels[(c / 16) * j.input.plane + lane]
      j.output.pixels[(c / 16) * j.output.plane + lane] -= slope * x * sum
    }
  }
}

/// s = bias + alpha/size · Σ x² over the channels around c, and s^(−beta), with which c is multiplied.
@inline(__always)
private func divisor(_ j: NormalizationJob, _ pixel: Int, _ c: Int) -> (factor: Float, base: Float)
{
  let before = (j.size - 1) / 2
  var other = c - before < 0 ? 0 : c - before
  let last = c - before + j.size <= j.channels ? c - before + j.size : j.channels
  var sum: Float = 0
  while other < last {
    let x = j.input.pixels[(other / 16) * j.input.plane + pixel * 16 + other % 16]
    sum += x * x
    other += 1
  }
  let base = j.bias + j.alpha / Float(j.size) * sum
  guard j.beta == 0.75 else { return (powf(base, -j.beta), base) }
  let root = base.squareRoot()
  return (1 / (root * root.squareRoot()), base)
}

/// exp(x − max) / Σ exp(x − max) along the classes, at positions `first ..< end` of (outer, inner).
func softmax(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: ClassJob.self)
  for position in first..<end {
    let at = (position / j.inner) * j.classes * j.inner + position % j.inner
    let from = j.input + at
    let to = j.output + at
    var most = -Float.infinity
    for c in 0..<j.classes where !(from[c * j.inner] <= most) { most = from[c * j.inner] }
    var sum: Float = 0
    for c in 0..<j.classes {
      let e = expf(from[c * j.inner] - most)
      to[c * j.inner] = e
      sum += e
    }
    for c in 0..<j.classes { to[c * j.inner] /= sum }
  }
}

/// The index of the first largest along the classes; NaN counts as largest.
func argmax(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: ClassJob.self)
  var position = first
  while position < end {
    let from = j.input + (position / j.inner) * j.classes * j.inner + position % j.inner
    let best = UnsafeMutableRawPointer(j.indices! + position)
    // Sixteen cells of a map at a time.
    guard position % j.inner + 16 <= j.inner, position + 16 <= end else {
      best.storeBytes(of: firstLargest(from, j), as: Int32.self)
      position += 1
      continue
    }
    best.storeBytes(of: firstLargest(UnsafeRawPointer(from), j), as: SIMD16<Int32>.self)
    position += 16
  }
}

/// The class with the largest score of one cell.
private func firstLargest(_ from: Floats, _ j: ClassJob) -> Int32 {
  var best = 0
  var most = from[0]
  for c in 1..<j.classes {
    let x = from[c * j.inner]
    if x > most || (x != x && most == most) {
      most = x
      best = c
    }
  }
  return Int32(truncatingIfNeeded: best)
}

/// The classes with the largest scores of sixteen cells.
private func firstLargest(_ from: UnsafeRawPointer, _ j: ClassJob) -> SIMD16<Int32> {
  var best = SIMD16<Int32>.zero
  var most = from.loadUnaligned(as: SIMD16<Float>.self)
  for c in 1..<j.classes {
    let x = from.loadUnaligned(fromByteOffset: c * j.inner * 4, as: SIMD16<Float>.self)
    let isLarger = (x .> most) .| ((x .!= x) .& (most .== most))
    most.replace(with: x, where: isLarger)
    best.replace(with: SIMD16(repeating: Int32(truncatingIfNeeded: c)), where: isLarger)
  }
  return best
}

@inline(__always)
private func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  #if FUSED || arch(arm64)
    c.addingProduct(a, b)
  #else
    c + a * b
  #endif
}

#if arch(arm64)

  /// The multiply-adds of one round below.
  var multiplyAddsPerRound: Int { 6 * SIMD16<Float>.scalarCount }

  /// Nothing but independent multiply-adds in registers: the peak that products are measured against.
  ///
  /// 24 registers of sums, as the tile of a product has: enough for four units that each take four
  /// cycles. The instruction leaves its result where the addend was.
  func multiplyAdds(
    _: UnsafeRawPointer, _ rounds: Int, _: Int, _: Int, _: Int, _ result: MutableFloats
  ) {
    let x = SIMD16<Float>(repeating: result[0])
    let y = SIMD16<Float>(repeating: result[1])
    var s0 = x, s1 = y, s2 = x, s3 = y, s4 = x, s5 = y
    for _ in 0..<rounds {
      s0.addProduct(x, y)
      s1.addProduct(x, y)
      s2.addProduct(x, y)
      s3.addProduct(x, y)
      s4.addProduct(x, y)
      s5.addProduct(x, y)
    }
    let sum = ((s0 + s1) + (s2 + s3)) + (s4 + s5)
    UnsafeMutableRawPointer(result).storeBytes(of: sum, as: SIMD16<Float>.self)
  }

#else

  /// The multiply-adds of one round below.
  var multiplyAddsPerRound: Int { 12 * Vector.scalarCount }

  /// Nothing but independent multiply-adds in registers: the peak that products are measured against.
  func multiplyAdds(
    _: UnsafeRawPointer, _ rounds: Int, _: Int, _: Int, _: Int, _ result: MutableFloats
  ) {
    let x = Vector(repeating: result[0])
    let y = Vector(repeating: result[1])
    var s0 = y, s1 = x, s2 = y, s3 = x, s4 = y, s5 = x
    var s6 = x, s7 = y, s8 = x, s9 = y, s10 = x, s11 = y
    for _ in 0..<rounds {
      s0 = multiplyAdd(x, s0, y)
      s1 = multiplyAdd(x, s1, y)
      s2 = multiplyAdd(x, s2, y)
      s3 = multiplyAdd(x, s3, y)
      s4 = multiplyAdd(x, s4, y)
      s5 = multiplyAdd(x, s5, y)
      s6 = multiplyAdd(x, s6, y)
      s7 = multiplyAdd(x, s7, y)
      s8 = multiplyAdd(x, s8, y)
      s9 = multiplyAdd(x, s9, y)
      s10 = multiplyAdd(x, s10, y)
      s11 = multiplyAdd(x, s11, y)
    }
    let sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + ((s8 + s9) + (s10 + s11))
    UnsafeMutableRawPointer(result).storeBytes(of: sum, as: Vector.self)
  }

#endif
