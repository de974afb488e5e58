import KernelInterface

/// The gradient of max pooling by its input, blocks `first ..< end`: each window's gradient goes to
/// the first of its largest cells; a NaN is largest.
func poolGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let job = job.load(as: PoolGradientJob.self)
  let j = job.window
  // Windows side by side write every cell once; others add to zeros.
  let isTiling =
    j.kernelHeight == j.strideDown && j.kernelWidth == j.strideRight
    && j.dilationDown == 1 && j.dilationRight == 1 && j.top == 0 && j.left == 0
    && j.output.height * j.strideDown >= j.input.height
    && j.output.width * j.strideRight >= j.input.width
  let isHalving = isTiling && j.kernelHeight == 2 && j.kernelWidth == 2
  for block in first..<end {
    let from = UnsafeRawPointer(j.input.pixels + block * j.input.plane)
    let gradient = UnsafeRawPointer(j.output.pixels + block * j.output.plane)
    let to = UnsafeMutableRawPointer(job.result.pixels + block * job.result.plane)
    if !isTiling {
      for pixel in 0..<(job.result.height * job.result.width) {
        to.storeBytes(of: .zero, toByteOffset: pixel * 64, as: SIMD16<Float>.self)
      }
    }
    for oy in 0..<j.output.height {
      let y0 = oy * j.strideDown - j.top
      for ox in 0..<j.output.width {
        let x0 = ox * j.strideRight - j.left
        let place = (oy * j.output.width + ox) * 64
        if isHalving, y0 + 1 < j.input.height, x0 + 1 < j.input.width,
          halvedGradient(
            from + (y0 * j.input.width + x0) * 64, to + (y0 * j.input.width + x0) * 64,
            j.input.width * 64,
            gradient.load(fromByteOffset: place, as: SIMD16<Float>.self), job.rectified)
        {
          continue
        }
        var most = SIMD16<Float>(repeating: -.infinity)
        for ky in 0..<j.kernelHeight {
          let y = y0 + ky * j.dilationDown
          if y < 0 || y >= j.input.height { continue }
          for kx in 0..<j.kernelWidth {
            let x = x0 + kx * j.dilationRight
            if x < 0 || x >= j.input.width { continue }
            let pixel = from.load(
              fromByteOffset: (y * j.input.width + x) * 64, as: SIMD16<Float>.self)
            most.replace(with: pixel, where: .!(most .>= pixel) .& (most .== most))
          }
        }
        var rest = gradient.load(fromByteOffset: place, as: SIMD16<Float>.self)
        if job.rectified { rest.replace(with: 0, where: most .<= 0) }
        for ky in 0..<j.kernelHeight {
          let y = y0 + ky * j.dilationDown
          if y < 0 || y >= j.input.height { continue }
          for kx in 0..<j.kernelWidth {
            let x = x0 + kx * j.dilationRight
            if x < 0 || x >= j.input.width { continue }
            let at = (y * j.input.width + x) * 64
            let pixel = from.load(fromByteOffset: at, as: SIMD16<Float>.self)
            let wins = (pixel .== most) .| (pixel .!= pixel)
            var share = SIMD16<Float>.zero.replacing(with: rest, where: wins)
            rest.replace(with: 0, where: wins)
            if !isTiling { share += to.load(fromByteOffset: at, as: SIMD16<Float>.self) }
            to.storeBytes(of: share, toByteOffset: at, as: SIMD16<Float>.self)
          }
        }
      }
    }
  }
}

/// One whole window of 2×2 cells, two rows `step` bytes apart; false, and nothing done, if one may be
/// NaN.
@inline(__always)
private func halvedGradient(
  _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ step: Int,
  _ gradient: SIMD16<Float>, _ rectified: Bool
) -> Bool {
  let a = from.load(as: SIMD16<Float>.self)
  let b = from.load(fromByteOffset: 64, as: SIMD16<Float>.self)
  let c = from.load(fromByteOffset: step, as: SIMD16<Float>.self)
  let d = from.load(fromByteOffset: step + 64, as: SIMD16<Float>.self)
  let sum = (a + b) + (c + d)
  if any(sum .!= sum) { return false }
  let above = a.replacing(with: b, where: b .> a)
  let below = c.replacing(with: d, where: d .> c)
  let most = above.replacing(with: below, where: below .> above)
  var rest = gradient
  if rectified { rest.replace(with: 0, where: most .<= 0) }
  let zero = SIMD16<Float>.zero
  to.storeBytes(of: zero.replacing(with: rest, where: a .== most), as: SIMD16<Float>.self)
  rest.replace(with: 0, where: a .== most)
  to.storeBytes(
    of: zero.replacing(with: rest, where: b .== most), toByteOffset: 64,
    as: SIMD16<Float>.self)
  rest.replace(with: 0, where: b .== most)
  to.storeBytes(
    of: zero.replacing(with: rest, where: c .== most), toByteOffset: step,
    as: SIMD16<Float>.self)
  rest.replace(with: 0, where: c .== most)
  to.storeBytes(
    of: zero.replacing(with: rest, where: d .== most), toByteOffset: step + 64,
    as: SIMD16<Float>.self)
  return true
}

/// The gradient of `stamp` by its input: blocks `first ..< end`, rows of the input. It is also the
/// convolution of each channel by itself.
///
/// `input` is written, `output` is the gradient by the window of the result that begins at (top, left).
func stampGradient(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: StampJob.self)
  let cells = j.kernelHeight * j.kernelWidth
  for block in first..<end {
    let from = UnsafeRawPointer(j.output.pixels + block * j.output.plane)
    let to = UnsafeMutableRawPointer(j.input.pixels + block * j.input.plane)
    let weights = UnsafeRawPointer(j.weights + block * cells * 16)
    let bias =
      j.gradientHasBias
      ? UnsafeRawPointer(j.bias + block * 16).load(as: SIMD16<Float>.self) : .zero
    for y in firstRow..<endRow {
      for x in 0..<j.input.width {
        var sum = bias
        for ky in 0..<j.kernelHeight {
          let oy = y * j.strideDown + ky * j.dilationDown - j.top
          if oy < 0 || oy >= j.output.height { continue }
          for kx in 0..<j.kernelWidth {
            let ox = x * j.strideRight + kx * j.dilationRight - j.left
            if ox < 0 || ox >= j.output.width { continue }
            let gradient = from.load(
              fromByteOffset: (oy * j.output.width + ox) * 64, as: SIMD16<Float>.self)
            let weight = weights.load(
              fromByteOffset: (ky * j.kernelWidth + kx) * 64, as: SIMD16<Float>.self)
            sum += gradient * weight
          }
        }
        if j.rectifiesGradient {
          let zero = SIMD16<Float>.zero
          sum.replace(with: zero, where: sum .< zero)
        }
        to.storeBytes(
          of: sum, toByteOffset: (y * j.input.width + x) * 64, as: SIMD16<Float>.self)
      }
    }
  }
}

/// The gradient of a crop: `other` is added to the part of `sum` that begins at (top, left); blocks
/// `first ..< end`, rows of `other`.
func addPlaced(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: AddJob.self)
  for block in first..<end {
    for y in firstRow..<endRow {
      let to = UnsafeMutableRawPointer(
        j.sum.pixels + block * j.sum.plane + ((y + j.top) * j.sum.width + j.left) * 16)
      let from = UnsafeRawPointer(
        j.other.pixels + block * j.other.plane + y * j.other.width * 16)
      for x in 0..<j.other.width {
        let sum =
          to.load(fromByteOffset: x * 64, as: SIMD16<Float>.self)
          + from.load(fromByteOffset: x * 64, as: SIMD16<Float>.self)
        to.storeBytes(of: sum, toByteOffset: x * 64, as: SIMD16<Float>.self)
      }
    }
  }
}
