import KernelInterface

// The gradient by the kernels is a matrix product whose terms are the pixels:
//
//     ŵ[m, c, k] = Σ over output cells o  of  x[c, o·s + k − p] · ŷ[m, o]
//
// In blocks of 16 channels a pixel of x holds 16 rows of that product and a pixel of ŷ 16 columns, so
// each pixel adds an outer product of 16×16 to sums that stay in registers over a band of rows. A band
// is small enough to stay in the nearest cache while all taps go over it.

/// The pairs of blocks `first ..< end`, see `KernelGradientJob`.
func kernelGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: KernelGradientJob.self)
  let bandRows = bandHeight(j.gradient.width)
  for pair in first..<end {
    let inputBlock = pair % j.inputBlocks
    let x = Floats(j.input.pixels + inputBlock * j.input.plane)
    let y = Floats(j.gradient.pixels + pair / j.inputBlocks * j.gradient.plane)
    let sums = j.sums + pair * j.tapCount * 256
    for i in 0..<(j.tapCount * 256) { sums[i] = 0 }
    let channels = j.inputs - inputBlock * 16 < 16 ? j.inputs - inputBlock * 16 : 16
    var row = 0
    while row < j.gradient.height {
      let endRow = row + bandRows < j.gradient.height ? row + bandRows : j.gradient.height
      for tap in 0..<j.tapCount {
        let (down, right) = (j.tapRows[tap], j.tapColumns[tap])
        // The output cells whose tap lies in the map.
        let firstRow = larger(row, roundedUp(-down, j.strideDown))
        let lastRow = smaller(endRow, roundedUp(j.input.height - down, j.strideDown))
        let firstColumn = larger(0, roundedUp(-right, j.strideRight))
        let lastColumn = smaller(
          j.gradient.width, roundedUp(j.input.width - right, j.strideRight))
        if firstRow >= lastRow || firstColumn >= lastColumn { continue }
        let a =
          x
          + ((firstRow * j.strideDown + down) * j.input.width
            + firstColumn * j.strideRight + right) * 16
        let b = y + (firstRow * j.gradient.width + firstColumn) * 16
        let (aStep, aRowStep) = (j.strideRight * 16, j.strideDown * j.input.width * 16)
        let (rows, columns) = (lastRow - firstRow, lastColumn - firstColumn)
        let to = sums + tap * 256
        outerProducts(
          a, aStep, aRowStep, b, j.gradient.width * 16, rows, columns, channels, to)
      }
      row = endRow
    }
  }
}

/// Blocks of outputs `first ..< end`, see `PlanarGradientJob`.
func planarGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: PlanarGradientJob.self)
  let bandRows = bandHeight(j.gradient.width)
  let columns = j.columnEnd - j.columnStart
  for block in first..<end {
    let y = Floats(j.gradient.pixels + block * j.gradient.plane)
    let sums = j.sums + block * j.depth * 16
    for i in 0..<(j.depth * 16) { sums[i] = 0 }
    var row = j.rowStart
    while row < j.rowEnd {
      let rows = row + bandRows < j.rowEnd ? bandRows : j.rowEnd - row
      let a =
        j.input + row * j.strideDown * j.inputWidth + j.columnStart * j.strideRight
      let b = y + (row * j.gradient.width + j.columnStart) * 16
      var term = 0
      while term < j.depth {
        let o = j.offsets + term
        outer4(
          a + o[0], a + o[1], a + o[2], a + o[3], j.strideRight, j.strideDown * j.inputWidth, b,
          j.gradient.width * 16, rows, columns, sums + term * 16)
        term += 4
      }
      row += rows
    }
  }
}

/// Sums over all pixels of the blocks `first ..< end`, 16 for each: the gradient by the bias.
func pixelSums(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ result: MutableFloats
) {
  let map = job.load(as: MapView.self)
  for block in first..<end {
    let from = UnsafeRawPointer(map.pixels + block * map.plane)
    var sum = SIMD16<Float>.zero
    for row in 0..<map.height {
      // Row by row, so that the rounding error grows with the rows and the columns, not their product.
      var rowSum = SIMD16<Float>.zero
      for column in 0..<map.width {
        rowSum += from.load(
          fromByteOffset: (row * map.width + column) * 64, as: SIMD16<Float>.self)
      }
      sum += rowSum
    }
    UnsafeMutableRawPointer(result + block * 16).storeBytes(of: sum, as: SIMD16<Float>.self)
  }
}

/// Blocks of outputs `first ..< end`: sums to row-major kernels, see `UnpackJob`.
func unpackGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: UnpackJob.self)
  let kernelCount = j.groupInputs * j.tapCount
  for block in first..<end {
    let lanes = j.outputs - block * 16 < 16 ? j.outputs - block * 16 : 16
    var lane = 0
    while lane < lanes {
      // The outputs of one group lie side by side and read the same inputs.
      let output = block * 16 + lane
      let group = output / j.groupOutputs
      let groupEnd = (group + 1) * j.groupOutputs
      let count = lanes - lane < groupEnd - output ? lanes - lane : groupEnd - output
      let to = j.kernels + output * kernelCount
      for channel in 0..<j.groupInputs {
        let input = group * j.groupInputs + channel
        for tap in 0..<j.tapCount {
          let from: Floats
          if j.planarDepth > 0 {
            from = j.sums + (block * j.planarDepth + input * j.tapCount + tap) * 16 + lane
          } else {
            let square = (block * j.inputBlocks + input / 16) * j.tapCount + tap
            from = j.sums + square * 256 + input % 16 * 16 + lane
          }
          let cell = channel * j.tapCount + tap
          for m in 0..<count { to[m * kernelCount + cell] = from[m] * j.factor }
        }
      }
      lane += count
    }
  }
}

/// Rows whose pixels, of both maps, fill about half of the nearest cache.
@inline(__always)
private func bandHeight(_ width: Int) -> Int {
  let rows = 160 / (width > 0 ? width : 1)
  return rows > 1 ? rows : 1
}

@inline(__always)
private func larger(_ a: Int, _ b: Int) -> Int { a > b ? a : b }

@inline(__always)
private func smaller(_ a: Int, _ b: Int) -> Int { a < b ? a : b }

/// `a / b` rounded up, also below zero.
@inline(__always)
private func roundedUp(_ a: Int, _ b: Int) -> Int {
  a > 0 ? (a + b - 1) / b : -(-a / b)
}

@inline(__always)
private func multiplyAdd(
  _ a: Float, _ b: SIMD16<Float>, _ c: SIMD16<Float>
) -> SIMD16<Float> {
  #if FUSED || arch(arm64)
    c.addingProduct(SIMD16(repeating: a), b)
  #else
    c + SIMD16(repeating: a) * b
  #endif
}

/// Adds the outer products of a band, up to a multiple of four rows from `channels` on: a pixel of `a`
/// times a pixel of `b`.
@inline(__always)
func outerProducts(
  _ a: Floats, _ aStep: Int, _ aRowStep: Int, _ b: Floats, _ bRowStep: Int, _ rows: Int,
  _ columns: Int, _ channels: Int, _ c: MutableFloats
) {
  var channel = 0
  #if TILE_14x32
    // More than four rows at once cost no more than four; those past the channels are read by nobody.
    if channels > 4 {
      outer16(a, aStep, aRowStep, b, bRowStep, rows, columns, c)
      channel = 16
    }
  #endif
  while channel < channels {
    let from = a + channel
    outer4(
      from, from + 1, from + 2, from + 3, aStep, aRowStep, b, bRowStep, rows, columns,
      c + channel * 16)
    channel += 4
  }
}

/// Adds four rows of the outer products of a band: a number of `a…` times a pixel of `b`.
private func outer4(
  _ a0: Floats, _ a1: Floats, _ a2: Floats, _ a3: Floats, _ aStep: Int, _ aRowStep: Int,
  _ b: Floats, _ bRowStep: Int, _ rows: Int, _ columns: Int, _ c: MutableFloats
) {
  let sums = UnsafeMutableRawPointer(c)
  var s0 = sums.load(fromByteOffset: 0, as: SIMD16<Float>.self)
  var s1 = sums.load(fromByteOffset: 64, as: SIMD16<Float>.self)
  var s2 = sums.load(fromByteOffset: 128, as: SIMD16<Float>.self)
  var s3 = sums.load(fromByteOffset: 192, as: SIMD16<Float>.self)
  for row in 0..<rows {
    var at = row * aRowStep
    var from = UnsafeRawPointer(b + row * bRowStep)
    for _ in 0..<columns {
      let y = from.load(as: SIMD16<Float>.self)
      s0 = multiplyAdd(a0[at], y, s0)
      s1 = multiplyAdd(a1[at], y, s1)
      s2 = multiplyAdd(a2[at], y, s2)
      s3 = multiplyAdd(a3[at], y, s3)
      at += aStep
      from += 64
    }
  }
  sums.storeBytes(of: s0, toByteOffset: 0, as: SIMD16<Float>.self)
  sums.storeBytes(of: s1, toByteOffset: 64, as: SIMD16<Float>.self)
  sums.storeBytes(of: s2, toByteOffset: 128, as: SIMD16<Float>.self)
  sums.storeBytes(of: s3, toByteOffset: 192, as: SIMD16<Float>.self)
}

#if TILE_14x32
  /// All 16 rows at once, where there are registers enough.
  private func outer16(
    _ a: Floats, _ aStep: Int, _ aRowStep: Int, _ b: Floats, _ bRowStep: Int, _ rows: Int,
    _ columns: Int, _ c: MutableFloats
  ) {
    let sums = UnsafeMutableRawPointer(c)
    var s0 = sums.load(fromByteOffset: 0, as: SIMD16<Float>.self)
    var s1 = sums.load(fromByteOffset: 64, as: SIMD16<Float>.self)
    var s2 = sums.load(fromByteOffset: 128, as: SIMD16<Float>.self)
    var s3 = sums.load(fromByteOffset: 192, as: SIMD16<Float>.self)
    var s4 = sums.load(fromByteOffset: 256, as: SIMD16<Float>.self)
    var s5 = sums.load(fromByteOffset: 320, as: SIMD16<Float>.self)
    var s6 = sums.load(fromByteOffset: 384, as: SIMD16<Float>.self)
    var s7 = sums.load(fromByteOffset: 448, as: SIMD16<Float>.self)
    var s8 = sums.load(fromByteOffset: 512, as: SIMD16<Float>.self)
    var s9 = sums.load(fromByteOffset: 576, as: SIMD16<Float>.self)
    var s10 = sums.load(fromByteOffset: 640, as: SIMD16<Float>.self)
    var s11 = sums.load(fromByteOffset: 704, as: SIMD16<Float>.self)
    var s12 = sums.load(fromByteOffset: 768, as: SIMD16<Float>.self)
    var s13 = sums.load(fromByteOffset: 832, as: SIMD16<Float>.self)
    var s14 = sums.load(fromByteOffset: 896, as: SIMD16<Float>.self)
    var s15 = sums.load(fromByteOffset: 960, as: SIMD16<Float>.self)
    for row in 0..<rows {
      var x = a + row * aRowStep
      var from = UnsafeRawPointer(b + row * bRowStep)
      for _ in 0..<columns {
        let y = from.load(as: SIMD16<Float>.self)
        s0 = multiplyAdd(x[0], y, s0)
        s1 = multiplyAdd(x[1], y, s1)
        s2 = multiplyAdd(x[2], y, s2)
        s3 = multiplyAdd(x[3], y, s3)
        s4 = multiplyAdd(x[4], y, s4)
        s5 = multiplyAdd(x[5], y, s5)
        s6 = multiplyAdd(x[6], y, s6)
        s7 = multiplyAdd(x[7], y, s7)
        s8 = multiplyAdd(x[8], y, s8)
        s9 = multiplyAdd(x[9], y, s9)
        s10 = multiplyAdd(x[10], y, s10)
        s11 = multiplyAdd(x[11], y, s11)
        s12 = multiplyAdd(x[12], y, s12)
        s13 = multiplyAdd(x[13], y, s13)
        s14 = multiplyAdd(x[14], y, s14)
        s15 = multiplyAdd(x[15], y, s15)
        x += aStep
        from += 64
      }
    }
    sums.storeBytes(of: s0, toByteOffset: 0, as: SIMD16<Float>.self)
    sums.storeBytes(of: s1, toByteOffset: 64, as: SIMD16<Float>.self)
    sums.storeBytes(of: s2, toByteOffset: 128, as: SIMD16<Float>.self)
    sums.storeBytes(of: s3, toByteOffset: 192, as: SIMD16<Float>.self)
    sums.storeBytes(of: s4, toByteOffset: 256, as: SIMD16<Float>.self)
    sums.storeBytes(of: s5, toByteOffset: 320, as: SIMD16<Float>.self)
    sums.storeBytes(of: s6, toByteOffset: 384, as: SIMD16<Float>.self)
    sums.storeBytes(of: s7, toByteOffset: 448, as: SIMD16<Float>.self)
    sums.storeBytes(of: s8, toByteOffset: 512, as: SIMD16<Float>.self)
    sums.storeBytes(of: s9, toByteOffset: 576, as: SIMD16<Float>.self)
    sums.storeBytes(of: s10, toByteOffset: 640, as: SIMD16<Float>.self)
    sums.storeBytes(of: s11, toByteOffset: 704, as: SIMD16<Float>.self)
    sums.storeBytes(of: s12, toByteOffset: 768, as: SIMD16<Float>.self)
    sums.storeBytes(of: s13, toByteOffset: 832, as: SIMD16<Float>.self)
    sums.storeBytes(of: s14, toByteOffset: 896, as: SIMD16<Float>.self)
    sums.storeBytes(of: s15, toByteOffset: 960, as: SIMD16<Float>.self)
  }
#endif
