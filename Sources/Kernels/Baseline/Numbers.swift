// Passes over many numbers that are done once, when weights are loaded. They need no wide
// instructions, so they are compiled for the baseline alone.

/// A hash of 32-bit words in result[0] and result[1]; in result[2], how many of them are infinite or
/// not a number when read as floats.
///
/// Sixteen lanes, each `rotate((h ^ word) · odd)`: one changed word always changes its lane.
package func scanWords(
  _ words: UnsafePointer<UInt32>, _ count: Int, _ result: UnsafeMutablePointer<UInt64>
) {
  let (prime, exponent) = (
    SIMD16<UInt32>(repeating: 0x9E37_79B1), SIMD16<UInt32>(repeating: 0x7F80_0000)
  )
  let one = SIMD16<UInt32>(repeating: 1)
  var hash = SIMD16<UInt32>(repeating: 0x811C_9DC5)
  var bad = SIMD16<UInt32>()
  let raw = UnsafeRawPointer(words)
  var i = 0
  while i + 16 <= count {
    let word = raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<UInt32>.self)
    let mixed = (hash ^ word) &* prime
    hash = (mixed &<< 15) | (mixed &>> 17)
    bad = bad &+ one.replacing(with: 0, where: (word & exponent) .!= exponent)
    i += 16
  }
  var (a, b) = (UInt64(truncatingIfNeeded: count), UInt64(0x9E37_79B9_7F4A_7C15))
  var nonFinite: UInt64 = 0
  func add(_ word: UInt32) {
    a = (a ^ UInt64(word)) &* 0xBF58_476D_1CE4_E5B9
    a ^= a &>> 29
    b = (b &+ UInt64(word)) &* 0x94D0_49BB_1331_11EB
    b ^= b &>> 31
  }
  while i < count {
    add(words[i])
    if words[i] & 0x7F80_0000 == 0x7F80_0000 { nonFinite += 1 }
    i += 1
  }
  var lane = 0
  while lane < 16 {
    add(hash[lane])
    nonFinite += UInt64(bad[lane])
    lane += 1
  }
  result[0] = a
  result[1] = b
  result[2] = nonFinite
}

/// Numbers `first ..< end` of a sequence that is given by `seed`, evenly spread from −limit to limit.
package func fillEvenly(
  _ numbers: UnsafeMutablePointer<Float>, _ first: Int, _ end: Int, _ seed: UInt64, _ limit: Float
) {
  var i = first
  while i < end {
    // SplitMix64, whose state is a multiple of a constant: any place can be computed by itself.
    var z = seed &+ UInt64(truncatingIfNeeded: i + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z &>> 31
    let unit = Float(Int32(truncatingIfNeeded: z &>> 40)) * 0x1p-24
    numbers[i] = (2 * unit - 1) * limit
    i += 1
  }
}

/// The sums of every sixteenth number, to sixteen numbers of the result; `count` is a multiple of 64.
package func sum(
  _ numbers: UnsafePointer<Float>, _ count: Int, _ result: UnsafeMutablePointer<Float>
) {
  let raw = UnsafeRawPointer(numbers)
  var (a, b) = (SIMD16<Float>(), SIMD16<Float>())
  var (c, d) = (SIMD16<Float>(), SIMD16<Float>())
  var place = 0
  while place < count * 4 {
    a += raw.load(fromByteOffset: place, as: SIMD16<Float>.self)
    b += raw.load(fromByteOffset: place + 64, as: SIMD16<Float>.self)
    c += raw.load(fromByteOffset: place + 128, as: SIMD16<Float>.self)
    d += raw.load(fromByteOffset: place + 192, as: SIMD16<Float>.self)
    place += 256
  }
  UnsafeMutableRawPointer(result).storeBytes(of: (a + b) + (c + d), as: SIMD16<Float>.self)
}
