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
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstRow: Int, _ endRow: Int,
  _: MutableFloats
) {
  let j = job.load(as: StampJob.self)
  let cells = j.kernelHeight * j.kernelWidth
  // From one kernel cell that reaches an output row to the next, and how far the input moves then.
  let jumpDown = smallestMultiple(j.dilationDown, j.strideDown)
  let jumpRight = smallestMultiple(j.dilationRight, j.strideRight)
  let backDown = jumpDown * j.dilationDown / j.strideDown
  let backRight = jumpRight * j.dilationRight / j.strideRight
  for block in first..<end {
    let from = UnsafeRawPointer(j.input.pixels + block * j.input.plane)
    let to = UnsafeMutableRawPointer(j.output.pixels + block * j.output.plane)
    let weights = UnsafeRawPointer(j.weights + block * cells * 16)
    let bias = UnsafeRawPointer(j.bias + block * 16).load(as: SIMD16<Float>.self)
    for oy in firstRow..<endRow {
      let startY = firstCell(oy + j.top, j.kernelHeight, j.dilationDown, j.strideDown)
      for ox in 0..<j.output.width {
        let startX = firstCell(ox + j.left, j.kernelWidth, j.dilationRight, j.strideRight)
        var sum = bias
        var ky = startY
        var y = (oy + j.top - ky * j.dilationDown) / j.strideDown
        while ky < j.kernelHeight && y >= 0 {
          var kx = y < j.input.height ? startX : j.kernelWidth
          var x = (ox + j.left - kx * j.dilationRight) / j.strideRight
          while kx < j.kernelWidth && x >= 0 {
            if x < j.input.width {
              let pixel = from.load(
                fromByteOffset: (y * j.input.width + x) * 64, as: SIMD16<Float>.self)
              let weight = weights.load(
                fromByteOffset: (ky * j.kernelWidth + kx) * 64, as: SIMD16<Float>.self)
              sum += pixel * weight
            }
            kx += jumpRight
            x -= backRight
          }
          ky += jumpDown
          y -= backDown
        }
        to.storeBytes(
          of: sum, toByteOffset: (oy * j.output.width + ox) * 64, as: SIMD16<Float>.self)
      }
    }
  }
}

/// The least n above 0 such that n steps of `dilation` are whole strides.
private func smallestMultiple(_ dilation: Int, _ stride: Int) -> Int {
  var n = 1
  while n * dilation % stride != 0 { n += 1 }
  return n
}

/// The first kernel cell that lies whole strides before `position`, which a negative padding makes
/// negative; `count` if there is none.
@inline(__always)
private func firstCell(_ position: Int, _ count: Int, _ dilation: Int, _ stride: Int) -> Int {
  if dilation == 1 { return position % stride + (position % stride < 0 ? stride : 0) }
  var cell = 0
  while cell < count && (position - cell * dilation) % stride != 0 { cell += 1 }
  return cell
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
