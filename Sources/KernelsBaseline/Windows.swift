import KernelInterface

/// Pooling: the largest or the mean of each window, 16 channels at a time.
func pool(
  _ job: UnsafeRawPointer, _ firstBlock: Int, _ endBlock: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: WindowJob.self)
  for block in firstBlock..<endBlock {
    let from = UnsafeRawPointer(j.input.pixels + block * j.input.plane)
    let to = UnsafeMutableRawPointer(j.output.pixels + block * j.output.plane)
    for oy in firstRow..<endRow {
      let y0 = oy * j.strideDown - j.top
      for ox in 0..<j.output.width {
        let x0 = ox * j.strideRight - j.left
        var result = SIMD16<Float>(repeating: j.average ? 0 : -.infinity)
        var cells = 0
        for ky in 0..<j.kernelHeight {
          let y = y0 + ky * j.dilationDown
          if y < 0 || y >= j.input.height { continue }
          for kx in 0..<j.kernelWidth {
            let x = x0 + kx * j.dilationRight
            if x < 0 || x >= j.input.width { continue }
            cells += 1
            let pixel = from.load(
              fromByteOffset: (y * j.input.width + x) * 64, as: SIMD16<Float>.self)
            if j.average {
              result += pixel
            } else {
              result.replace(with: pixel, where: .!(result .>= pixel) .& (result .== result))
            }
          }
        }
        if j.average {
          if j.countPadding {
            // As far as the padding reaches, not as far as rounding up may go.
            let bottom = y0 + j.kernelHeight
            let right = x0 + j.kernelWidth
            let lastRow = j.input.height + j.bottom
            let lastColumn = j.input.width + j.right
            cells =
              ((bottom < lastRow ? bottom : lastRow) - y0)
              * ((right < lastColumn ? right : lastColumn) - x0)
          }
          result = result / SIMD16<Float>(repeating: Float(cells))
        }
        to.storeBytes(
          of: result, toByteOffset: (oy * j.output.width + ox) * 64, as: SIMD16<Float>.self)
      }
    }
  }
}

// A transposed convolution whose kernel has weights on the diagonal only (no channel reads another,
// as in bilinear upsampling) is a stamp per channel: each output cell gathers the at most ⌈k/s⌉ × ⌈k/s⌉
// input cells that reach it. Whether the weights are diagonal is checked when they are packed.

/// Transposed convolution channel by channel.
func stamp(
  _ job: UnsafeRawPointer, _ firstBlock: Int, _ endBlock: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: StampJob.self)
  let kernelCells = j.kernelHeight * j.kernelWidth
  for block in firstBlock..<endBlock {
    let from = UnsafeRawPointer(j.input.pixels + block * j.input.plane)
    let to = UnsafeMutableRawPointer(j.output.pixels + block * j.output.plane)
    let weights = UnsafeRawPointer(j.weights + block * kernelCells * 16)
    let bias = UnsafeRawPointer(j.bias + block * 16).load(as: SIMD16<Float>.self)
    for oy in firstRow..<endRow {
      for ox in 0..<j.output.width {
        var sum = SIMD16<Float>.zero
        for ky in 0..<j.kernelHeight {
          let y = oy + j.top - ky * j.dilationDown
          if y < 0 { break }
          if y % j.strideDown != 0 || y / j.strideDown >= j.input.height { continue }
          let row = (y / j.strideDown) * j.input.width
          for kx in 0..<j.kernelWidth {
            let x = ox + j.left - kx * j.dilationRight
            if x < 0 { break }
            if x % j.strideRight != 0 || x / j.strideRight >= j.input.width { continue }
            let pixel = from.load(
              fromByteOffset: (row + x / j.strideRight) * 64, as: SIMD16<Float>.self)
            let weight = weights.load(
              fromByteOffset: (ky * j.kernelWidth + kx) * 64, as: SIMD16<Float>.self)
            sum += pixel * weight
          }
        }
        to.storeBytes(
          of: sum + bias, toByteOffset: (oy * j.output.width + ox) * 64, as: SIMD16<Float>.self)
      }
    }
  }
}

/// sum += other, cropped.
func addCropped(
  _ job: UnsafeRawPointer, _ firstBlock: Int, _ endBlock: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: AddJob.self)
  for block in firstBlock..<endBlock {
    for y in firstRow..<endRow {
      let to = UnsafeMutableRawPointer(
        j.sum.pixels + block * j.sum.plane + y * j.sum.width * 16)
      let from = UnsafeRawPointer(
        j.other.pixels + block * j.other.plane + ((y + j.top) * j.other.width + j.left) * 16)
      for x in 0..<j.sum.width {
        let sum =
          to.load(fromByteOffset: x * 64, as: SIMD16<Float>.self)
          + from.load(fromByteOffset: x * 64, as: SIMD16<Float>.self)
        to.storeBytes(of: sum, toByteOffset: x * 64, as: SIMD16<Float>.self)
      }
    }
  }
}
