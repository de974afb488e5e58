import KernelInterface
internal import Platform

/// Softmax cross-entropy of the pixels in rows `first ..< end`, and its gradient.
///
///     loss = log Σ exp(x − largest) − (x at the true class − largest)
///     gradient = (softmax − 1 at the true class) · share;  0 where the label is ignored
///
/// Half a block, 8 classes, at a time. The sums of up to 32 pixels are multiplied before one logarithm
/// is taken of all: each is from 1 to 255, so the product stays far below what a Double holds.
func crossEntropy(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: LossJob.self)
  let scores = UnsafeRawPointer(j.scores.pixels)
  let gradient = UnsafeMutableRawPointer(j.gradient.pixels)
  let step = j.scores.plane * 4
  let halves = (j.classes + 7) / 8
  let lanes = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
  // 1 in the lanes of the last half that are classes, 0 in the others.
  let used = SIMD8(repeating: UInt32(truncatingIfNeeded: j.classes - (halves - 1) * 8))
  let isClass = SIMD8<Float>.zero.replacing(with: 1, where: lanes .< used)
  let noClass = SIMD8<Float>.zero.replacing(with: -.infinity, where: lanes .>= used)
  for row in first..<end {
    var rowLoss = 0.0
    var product = 1.0
    for column in 0..<j.scores.width {
      let pixel = row * j.scores.width + column
      let label = j.labels[pixel]
      let from = scores + pixel * 64
      let to = gradient + pixel * 64
      if label == j.ignoredLabel {
        for block in 0..<j.scores.blocks {
          to.storeBytes(of: .zero, toByteOffset: block * step, as: SIMD16<Float>.self)
        }
        continue
      }
      var most = from.load(fromByteOffset: place(halves - 1, step), as: SIMD8<Float>.self) + noClass
      for half in 0..<(halves - 1) {
        let x = from.load(fromByteOffset: place(half, step), as: SIMD8<Float>.self)
        most.replace(with: x, where: x .> most)
      }
      let largest = largestLane(most)
      // Lanes that are no classes hold 0, which may be far above the largest. The last exponentials
      // stay in a register; with up to 8 classes there are no others.
      let last =
        exponential(
          from.load(fromByteOffset: place(halves - 1, step), as: SIMD8<Float>.self) + noClass
            - SIMD8(repeating: largest)) * isClass
      var sums = last
      for half in 0..<(halves - 1) {
        let x = from.load(fromByteOffset: place(half, step), as: SIMD8<Float>.self)
        let e = exponential(x - SIMD8(repeating: largest))
        sums += e
        to.storeBytes(of: e, toByteOffset: place(half, step), as: SIMD8<Float>.self)
      }
      let sum = laneSum(sums)
      let factor = SIMD8<Float>(repeating: j.share / sum)
      for half in 0..<halves {
        let e =
          half == halves - 1
          ? last : to.load(fromByteOffset: place(half, step), as: SIMD8<Float>.self)
        let index = lanes &+ SIMD8(repeating: UInt32(truncatingIfNeeded: half * 8))
        let truth = SIMD8<Float>.zero.replacing(
          with: j.share, where: index .== SIMD8(repeating: UInt32(label)))
        to.storeBytes(
          of: e * factor - truth, toByteOffset: place(half, step), as: SIMD8<Float>.self)
      }
      if halves % 2 == 1 {
        to.storeBytes(of: .zero, toByteOffset: place(halves, step), as: SIMD8<Float>.self)
      }
      product *= Double(sum)
      rowLoss -= Double(
        from.load(fromByteOffset: Int(label) / 16 * step + Int(label) % 16 * 4, as: Float.self)
          - largest)
      if column % 32 == 31 {
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
private func largestLane(_ v: SIMD8<Float>) -> Float {
  let a = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .> v.lowHalf)
  let b = a.lowHalf.replacing(with: a.highHalf, where: a.highHalf .> a.lowHalf)
  return b[0] > b[1] ? b[0] : b[1]
}

@inline(__always)
private func laneSum(_ v: SIMD8<Float>) -> Float {
  let a = v.lowHalf + v.highHalf
  let b = a.lowHalf + a.highHalf
  return b[0] + b[1]
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
