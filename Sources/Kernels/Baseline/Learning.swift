import KernelInterface
internal import Platform

/// Softmax cross-entropy of the pixels in rows `first ..< end`, and its gradient.
///
///     loss = log Σ exp(x − largest) − (x at the true class − largest)
///     gradient = (softmax − 1 at the true class) · share;  0 where the label is ignored
///
/// Eight pixels at a time, turned so that each vector is of one class: the largest and the sum are then
/// taken lane by lane, and no lane is spent on what is no class. One logarithm is taken of the sums of
/// up to 128 pixels, multiplied: each is from 1 to 255, so the product stays below what a Double holds.
func crossEntropy(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ scratch: MutableFloats
) {
  let j = job.load(as: LossJob.self)
  let table = UnsafeMutableRawPointer(scratch)
  let width = j.scores.width
  let step = j.scores.plane * 4
  let halves = (j.classes + 7) / 8
  let ignored = SIMD8<UInt32>(repeating: UInt32(j.ignoredLabel))
  for row in first..<end {
    var rowLoss = 0.0
    var product = 1.0
    var column = 0
    while column < width {
      let count = width - column < 8 ? width - column : 8
      let pixel = row * width + column
      let from = UnsafeRawPointer(j.scores.pixels) + pixel * 64
      let to = UnsafeMutableRawPointer(j.gradient.pixels) + pixel * 64
      // Beyond the row's end the last pixel stands once more, and is not counted.
      var labels = ignored
      for lane in 0..<count { labels[lane] = UInt32(truncatingIfNeeded: j.labels[pixel + lane]) }
      let isIgnored = labels .== ignored
      for half in 0..<halves {
        transpose(from + place(half, step), count, table + half * 256)
      }

      var most = table.load(as: SIMD8<Float>.self)
      for c in 1..<max(j.classes, 1) {
        let x = table.load(fromByteOffset: c * 32, as: SIMD8<Float>.self)
        most.replace(with: x, where: x .> most)
      }
      var (sums, truth) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      for half in 0..<halves {
        // Eight classes by themselves, so that many do not make the sum less exact.
        var part = SIMD8<Float>.zero
        let end = half * 8 + 8 < j.classes ? half * 8 + 8 : j.classes
        for c in (half * 8)..<end {
          let x = table.load(fromByteOffset: c * 32, as: SIMD8<Float>.self) - most
          let e = exponential(x)
          part += e
          truth.replace(with: x, where: labels .== SIMD8(repeating: UInt32(truncatingIfNeeded: c)))
          table.storeBytes(of: e, toByteOffset: c * 32, as: SIMD8<Float>.self)
        }
        sums += part
      }
      let factor = j.share / sums
      for c in 0..<j.classes {
        let e = table.load(fromByteOffset: c * 32, as: SIMD8<Float>.self)
        let isTrue = labels .== SIMD8(repeating: UInt32(truncatingIfNeeded: c))
        let gradient = e * factor - SIMD8<Float>.zero.replacing(with: j.share, where: isTrue)
        table.storeBytes(
          of: gradient.replacing(with: 0, where: isIgnored), toByteOffset: c * 32,
          as: SIMD8<Float>.self)
      }
      for c in j.classes..<(halves * 8) {
        table.storeBytes(of: .zero, toByteOffset: c * 32, as: SIMD8<Float>.self)
      }
      for half in 0..<halves {
        transpose(UnsafeRawPointer(table + half * 256), to + place(half, step), count)
      }
      if halves % 2 == 1 {
        for lane in 0..<count {
          to.storeBytes(
            of: .zero, toByteOffset: place(halves, step) + lane * 64, as: SIMD8<Float>.self)
        }
      }

      product *= Double(laneProduct(sums.replacing(with: 1, where: isIgnored)))
      rowLoss -= Double(truth.replacing(with: 0, where: isIgnored).sum())
      column += 8
      if column % 128 == 0 {
        rowLoss += log(product)
        product = 1
      }
    }
    j.losses[row] = rowLoss + log(product)
  }
}

/// Where a pixel's 8 channels of a half block lie, in bytes.
@inline(__always)
private func place(_ half: Int, _ step: Int) -> Int { half / 2 * step + half % 2 * 32 }

/// eˣ for x ≤ 0 in 8 lanes, to about one unit in the last place; below −87 the smallest it gives.
///
/// x = n · ln 2 + r with |r| ≤ ½ ln 2, and eˣ = 2ⁿ · eʳ by the polynomial 1 + r + … of degree 6 that is
/// nowhere there off by more than 4e-9 of eʳ (Taylor's would be, by 1.6e-7). Adding 1.5 · 2²³ rounds
/// to a whole number and leaves it in the lowest bits.
@inline(__always)
private func exponential(_ value: SIMD8<Float>) -> SIMD8<Float> {
  let least = SIMD8<Float>(repeating: -87)
  // A NaN stays what it is.
  let x = value.replacing(with: least, where: value .< least)
  let rounder = SIMD8<Float>(repeating: 12_582_912)
  let shifted = x * 1.442_695_04 + rounder
  let n = shifted - rounder
  let r = (x - n * 0.693_145_752) - n * 1.428_606_8e-6
  // The terms in pairs, so that fewer wait for each other.
  let square = r * r
  let low = r + SIMD8(repeating: 1)
  let middle = r * 0.166_665_21 + SIMD8(repeating: 0.499_999_94)
  let high =
    (r * 0.008_368_717 + SIMD8(repeating: 0.041_668_389)) + square * 0.001_381_459_9
  let p = low + square * (middle + square * high)
  let exponent =
    (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23) &+ SIMD8(repeating: 0x3F80_0000)
  return p * unsafeBitCast(exponent, to: SIMD8<Float>.self)
}

@inline(__always)
private func laneProduct(_ v: SIMD8<Float>) -> Float {
  let a = v.lowHalf * v.highHalf
  let b = a.lowHalf * a.highHalf
  return b[0] * b[1]
}

/// The 8 channels of 8 pixels, a cache line apart; `count` of them are read, the last for those beyond.
@inline(__always)
private func transpose(
  _ pixels: UnsafeRawPointer, _ count: Int, _ channels: UnsafeMutableRawPointer
) {
  let last = (count - 1) * 64
  func row(_ lane: Int) -> SIMD8<Float> {
    pixels.load(fromByteOffset: lane * 64 < last ? lane * 64 : last, as: SIMD8<Float>.self)
  }
  let turned = transposed(row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
  channels.storeBytes(of: turned, as: Eight.self)
}

/// Back: the pixels of 8 channels, of which `count` are written.
@inline(__always)
private func transpose(
  _ channels: UnsafeRawPointer, _ pixels: UnsafeMutableRawPointer, _ count: Int
) {
  let c = channels.load(as: Eight.self)
  let turned = transposed(c.0, c.1, c.2, c.3, c.4, c.5, c.6, c.7)
  if count > 0 { pixels.storeBytes(of: turned.0, as: SIMD8<Float>.self) }
  if count > 1 { pixels.storeBytes(of: turned.1, toByteOffset: 64, as: SIMD8<Float>.self) }
  if count > 2 { pixels.storeBytes(of: turned.2, toByteOffset: 128, as: SIMD8<Float>.self) }
  if count > 3 { pixels.storeBytes(of: turned.3, toByteOffset: 192, as: SIMD8<Float>.self) }
  if count > 4 { pixels.storeBytes(of: turned.4, toByteOffset: 256, as: SIMD8<Float>.self) }
  if count > 5 { pixels.storeBytes(of: turned.5, toByteOffset: 320, as: SIMD8<Float>.self) }
  if count > 6 { pixels.storeBytes(of: turned.6, toByteOffset: 384, as: SIMD8<Float>.self) }
  if count > 7 { pixels.storeBytes(of: turned.7, toByteOffset: 448, as: SIMD8<Float>.self) }
}

private typealias Eight = (
  SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>,
  SIMD8<Float>
)

/// Rows become columns: pairs of numbers, then pairs of pairs, then halves.
@inline(__always)
private func transposed(
  _ r0: SIMD8<Float>, _ r1: SIMD8<Float>, _ r2: SIMD8<Float>, _ r3: SIMD8<Float>,
  _ r4: SIMD8<Float>, _ r5: SIMD8<Float>, _ r6: SIMD8<Float>, _ r7: SIMD8<Float>
) -> Eight {
  func ones(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
    (
      SIMD8(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]),
      SIMD8(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
    )
  }
  func twos(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
    (
      SIMD8(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]),
      SIMD8(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
    )
  }
  func low(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(lowHalf: a.lowHalf, highHalf: b.lowHalf)
  }
  func high(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(lowHalf: a.highHalf, highHalf: b.highHalf)
  }
  let (a, b, c, d) = (ones(r0, r1), ones(r2, r3), ones(r4, r5), ones(r6, r7))
  let (e, f, g, h) = (twos(a.0, b.0), twos(a.1, b.1), twos(c.0, d.0), twos(c.1, d.1))
  return (
    low(e.0, g.0), low(e.1, g.1), low(f.0, h.0), low(f.1, h.1), high(e.0, g.0), high(e.1, g.1),
    high(f.0, h.0), high(f.1, h.1)
  )
}

/// Drops cells, or channels, of the blocks `first ..< end`.
///
/// The 32 bits of a cell are a hash of the seed and its place, so that it doesn't matter who drops it.
func dropout(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: DropoutJob.self)
  let lanes = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  let threshold = SIMD16<UInt32>(repeating: j.threshold)
  for block in first..<end {
    let from = UnsafeRawPointer(j.input.pixels + block * j.input.plane)
    let to = UnsafeMutableRawPointer(j.output.pixels + block * j.output.plane)
    let pixels = j.input.height * j.input.width
    for pixel in 0..<pixels {
      let place = j.byChannel ? block * 16 : (block * pixels + pixel) * 16
      let index = lanes &+ SIMD16(repeating: UInt32(truncatingIfNeeded: place))
      var h = (index &* SIMD16(repeating: 0x9E37_79B9)) ^ SIMD16(repeating: j.seed)
      h = (h ^ (h &>> 16)) &* SIMD16(repeating: 0x85EB_CA6B)
      h = (h ^ (h &>> 13)) &* SIMD16(repeating: 0xC2B2_AE35)
      h = h ^ (h &>> 16)
      let x = from.load(fromByteOffset: pixel * 64, as: SIMD16<Float>.self) * j.scale
      to.storeBytes(
        of: x.replacing(with: 0, where: h .< threshold), toByteOffset: pixel * 64,
        as: SIMD16<Float>.self)
    }
  }
}

/// The gradient of ReLU: elements become 0 where what ReLU gave is not above 0; a NaN passes
/// them on.
func rectifiedGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: PairJob.self)
  for i in first..<end { j.elements[i] = j.others[i] <= 0 ? 0 : j.elements[i] }
}

/// elements += others
func addElements(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: PairJob.self)
  for i in first..<end { j.elements[i] += j.others[i] }
}

/// v ← momentum·v + (gradient + decay·w);  w ← w − rate·v
func descend(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: DescentJob.self)
  for i in first..<end {
    let w = j.weights[i]
    let v = j.momentum * j.velocity[i] + (j.gradient[i] + j.decay * w)
    j.velocity[i] = v
    j.weights[i] = w - j.rate * v
  }
}
