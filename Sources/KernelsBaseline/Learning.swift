import KernelInterface

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Softmax cross-entropy of the pixels in rows `first ..< end`, and its gradient.
///
/// gradient = (softmax − 1 at the true class) · share; 0 where the label is ignored.
func crossEntropy(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: LossJob.self)
  let scores = UnsafeRawPointer(j.scores.pixels)
  let gradient = UnsafeMutableRawPointer(j.gradient.pixels)
  let step = j.scores.plane * 4
  let blocks = j.scores.blocks
  // 1 in the lanes of the last block that are classes, 0 in the others.
  var isClass = SIMD16<Float>.zero
  for lane in 0..<16 where (blocks - 1) * 16 + lane < j.classes { isClass[lane] = 1 }
  let noClass = SIMD16<Float>.zero.replacing(with: -.infinity, where: isClass .== 0)
  for row in first..<end {
    var rowLoss = 0.0
    for column in 0..<j.scores.width {
      let pixel = row * j.scores.width + column
      let label = j.labels[pixel]
      let from = scores + pixel * 64
      let to = gradient + pixel * 64
      if label == j.ignoredLabel {
        for block in 0..<blocks {
          to.storeBytes(of: .zero, toByteOffset: block * step, as: SIMD16<Float>.self)
        }
        continue
      }
      var most = from.load(fromByteOffset: (blocks - 1) * step, as: SIMD16<Float>.self) + noClass
      for block in 0..<(blocks - 1) {
        let x = from.load(fromByteOffset: block * step, as: SIMD16<Float>.self)
        most.replace(with: x, where: x .> most)
      }
      let largest = largestLane(most)
      var sums = SIMD16<Float>.zero
      for block in 0..<blocks {
        var x = from.load(fromByteOffset: block * step, as: SIMD16<Float>.self)
        // Lanes that are no classes hold 0, which may be far above the largest.
        if block == blocks - 1 { x += noClass }
        var e = exponential(x - SIMD16(repeating: largest))
        if block == blocks - 1 { e *= isClass }
        sums += e
        to.storeBytes(of: e, toByteOffset: block * step, as: SIMD16<Float>.self)
      }
      let sum = laneSum(sums)
      let factor = SIMD16<Float>(repeating: j.share / sum)
      for block in 0..<blocks {
        let e = to.load(fromByteOffset: block * step, as: SIMD16<Float>.self)
        to.storeBytes(of: e * factor, toByteOffset: block * step, as: SIMD16<Float>.self)
      }
      let at = Int(label) / 16 * step + Int(label) % 16 * 4
      let own = to.load(fromByteOffset: at, as: Float.self)
      to.storeBytes(of: own - j.share, toByteOffset: at, as: Float.self)
      let score = from.load(fromByteOffset: at, as: Float.self)
      rowLoss += Double(logf(sum) - (score - largest))
    }
    j.losses[row] = rowLoss
  }
}

/// eˣ for x ≤ 0 in 16 lanes, to about one unit in the last place; below −87 the smallest it gives.
///
/// x = n · ln 2 + r with |r| ≤ ½ ln 2, and eˣ = 2ⁿ · eʳ by the polynomial 1 + r + … of degree 6 that is
/// nowhere there off by more than 4e-9 of eʳ (Taylor's would be, by 1.6e-7). Adding 1.5 · 2²³ rounds
/// to a whole number and leaves it in the lowest bits.
@inline(__always)
private func exponential(_ value: SIMD16<Float>) -> SIMD16<Float> {
  let least = SIMD16<Float>(repeating: -87)
  // A NaN stays what it is.
  let x = value.replacing(with: least, where: value .< least)
  let rounder = SIMD16<Float>(repeating: 12_582_912)
  let shifted = x * 1.442_695_04 + rounder
  let n = shifted - rounder
  let r = (x - n * 0.693_145_752) - n * 1.428_606_8e-6
  var p = SIMD16<Float>(repeating: 0.001_381_459_9)
  p = p * r + SIMD16(repeating: 0.008_368_717)
  p = p * r + SIMD16(repeating: 0.041_668_389)
  p = p * r + SIMD16(repeating: 0.166_665_21)
  p = p * r + SIMD16(repeating: 0.499_999_94)
  p = p * r + SIMD16(repeating: 1)
  p = p * r + SIMD16(repeating: 1)
  let exponent =
    (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23) &+ SIMD16(repeating: 0x3F80_0000)
  return p * unsafeBitCast(exponent, to: SIMD16<Float>.self)
}

@inline(__always)
private func largestLane(_ v: SIMD16<Float>) -> Float {
  let a = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .> v.lowHalf)
  let b = a.lowHalf.replacing(with: a.highHalf, where: a.highHalf .> a.lowHalf)
  let c = b[0] > b[1] ? b[0] : b[1]
  let d = b[2] > b[3] ? b[2] : b[3]
  return c > d ? c : d
}

@inline(__always)
private func laneSum(_ v: SIMD16<Float>) -> Float {
  let a = v.lowHalf + v.highHalf
  let b = a.lowHalf + a.highHalf
  return (b[0] + b[1]) + (b[2] + b[3])
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
