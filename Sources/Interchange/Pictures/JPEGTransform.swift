/// The zigzag order of coefficients.
enum JPEGOrder {
  /// For each place in zigzag order the place 8 * row + column.
  static let natural: [Int] = {
    var order: [Int] = []
    for diagonal in 0..<15 {
      let rows = max(0, diagonal - 7)...min(diagonal, 7)
      let places = rows.map { 8 * $0 + diagonal - $0 }
      order += diagonal % 2 == 0 ? places.reversed() : places
    }
    return order
  }()
}

/// The inverse discrete cosine transform of 8×8 blocks in integers, by the factorisation of
/// Loeffler, Ligtenberg and Moschytz (1989) with 13 bits of fraction: columns first with two
/// spare bits, then rows. Every sum wraps, so that no damaged file can overflow it.
enum JPEGTransform {
  /// Writes the 64 samples of a block.
  ///
  /// - Parameters:
  ///   - coefficients: 64 numbers in natural order, not yet multiplied by `quantization`.
  ///   - workspace: memory for 64 numbers.
  @inline(__always)
  static func inverse(
    _ coefficients: UnsafePointer<Int16>, quantization: UnsafePointer<Int32>,
    workspace: UnsafeMutablePointer<Int32>, into output: UnsafeMutablePointer<UInt8>, stride: Int
  ) {
    for column in 0..<8 {
      let c = coefficients + column
      let q = quantization + column
      let w = workspace + column
      let first = Int32(c[0]) &* q[0]
      if c[8] | c[16] | c[24] | c[32] | c[40] | c[48] | c[56] == 0 {
        let constant = first &<< 2
        for row in 0..<8 { w[8 &* row] = constant }
        continue
      }
      let line = transformed(
        first, Int32(c[8]) &* q[8], Int32(c[16]) &* q[16], Int32(c[24]) &* q[24],
        Int32(c[32]) &* q[32], Int32(c[40]) &* q[40], Int32(c[48]) &* q[48],
        Int32(c[56]) &* q[56], rounding: 1 << 10)
      w[0] = (line.even.0 &+ line.odd.0) &>> 11
      w[56] = (line.even.0 &- line.odd.0) &>> 11
      w[8] = (line.even.1 &+ line.odd.1) &>> 11
      w[48] = (line.even.1 &- line.odd.1) &>> 11
      w[16] = (line.even.2 &+ line.odd.2) &>> 11
      w[40] = (line.even.2 &- line.odd.2) &>> 11
      w[24] = (line.even.3 &+ line.odd.3) &>> 11
      w[32] = (line.even.3 &- line.odd.3) &>> 11
    }
    for row in 0..<8 {
      let w = workspace + 8 &* row
      let o = output + stride &* row
      let line = transformed(
        w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], rounding: 1 << 17)
      o[0] = sample((line.even.0 &+ line.odd.0) &>> 18)
      o[7] = sample((line.even.0 &- line.odd.0) &>> 18)
      o[1] = sample((line.even.1 &+ line.odd.1) &>> 18)
      o[6] = sample((line.even.1 &- line.odd.1) &>> 18)
      o[2] = sample((line.even.2 &+ line.odd.2) &>> 18)
      o[5] = sample((line.even.2 &- line.odd.2) &>> 18)
      o[3] = sample((line.even.3 &+ line.odd.3) &>> 18)
      o[4] = sample((line.even.3 &- line.odd.3) &>> 18)
    }
  }

  /// Writes a block whose only coefficient is the first: all samples are equal.
  @inline(__always)
  static func constant(
    _ coefficient: Int16, quantization: Int32, into output: UnsafeMutablePointer<UInt8>,
    stride: Int
  ) {
    let value = sample(((Int32(coefficient) &* quantization &<< 2) &+ 16) &>> 5)
    for row in 0..<8 { (output + stride &* row).update(repeating: value, count: 8) }
  }

  private typealias Four = (Int32, Int32, Int32, Int32)

  /// The even and the odd part of a line of eight; output k is even + odd, 7 - k is even - odd.
  @inline(__always)
  private static func transformed(
    _ x0: Int32, _ x1: Int32, _ x2: Int32, _ x3: Int32, _ x4: Int32, _ x5: Int32, _ x6: Int32,
    _ x7: Int32, rounding: Int32
  ) -> (even: Four, odd: Four) {
    // Constants are cosines of multiples of π/16, times √2, times 2^13.
    let turn = (x2 &+ x6) &* 4433  // 0.541196100
    let low = turn &- x6 &* 15137  // 1.847759065
    let high = turn &+ x2 &* 6270  // 0.765366865
    let sum = ((x0 &+ x4) &<< 13) &+ rounding
    let difference = ((x0 &- x4) &<< 13) &+ rounding
    let even = (sum &+ high, difference &+ low, difference &- low, sum &- high)

    let cross = (x7 &+ x3 &+ x5 &+ x1) &* 9633  // 1.175875602
    let a = cross &- (x7 &+ x3) &* 16069  // 1.961570560
    let b = cross &- (x5 &+ x1) &* 3196  // 0.390180644
    let c = (x7 &+ x1) &* 7373  // 0.899976223
    let d = (x5 &+ x3) &* 20995  // 2.562915447
    let odd = (
      x1 &* 12299 &- c &+ b,  // 1.501321110
      x3 &* 25172 &- d &+ a,  // 3.072711026
      x5 &* 16819 &- d &+ b,  // 2.053119869
      x7 &* 2446 &- c &+ a  // 0.298631336
    )
    return (even, odd)
  }

  /// The sample of a value around 0.
  @inline(__always)
  private static func sample(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(value &+ 128, 0), 255))
  }
}
