import KernelInterface

// The first layer reads 3 channels: blocks of 16 would be mostly zeros. So it reads the planar picture
// itself, copied once into a frame of zeros as wide as the padding; neighbouring rows of the product
// are neighbouring pixels. The same kernel serves every convolution whose groups do not fill blocks
// of 16 channels.
//
// Outputs whose window lies wholly in the padding are sums of nothing: they are filled with the bias.

func planarRows(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _ scratch: MutableFloats
) {
  let j = job.load(as: PlanarJob.self)
  let columns = tileColumns
  let panels = (j.outputs + columns - 1) / columns
  let width = j.output.width
  for y in first..<end {
    if y < j.rowStart || y >= j.rowEnd {
      store(j, y, 0, width, nil)
      continue
    }
    store(j, y, 0, j.columnStart, nil)
    store(j, y, j.columnEnd, width, nil)
    var x = j.columnStart
    while x < j.columnEnd {
      let count = j.columnEnd - x < 48 ? j.columnEnd - x : 48
      let from = j.input + y * j.strideDown * j.inputWidth + x * j.strideRight
      for panel in 0..<panels {
        planarProduct(
          from, j.strideRight, count, j.offsets, j.depth, j.weights + panel * j.depth * columns,
          scratch + panel * 48 * columns)
      }
      store(j, y, x, x + count, Floats(scratch))
      x += count
    }
  }
}

/// Sums (nil: empty ones) plus bias, rectified, to the pixels `first ..< end` of a row.
@inline(__always)
private func store(_ j: PlanarJob, _ y: Int, _ first: Int, _ end: Int, _ sums: Floats?) {
  if first >= end { return }
  let columns = tileColumns
  let low = j.rectify ? SIMD16<Float>.zero : SIMD16<Float>(repeating: -.infinity)
  var channel = 0
  while channel < j.outputs {
    let bias = UnsafeRawPointer(j.bias + channel).load(as: SIMD16<Float>.self)
    let lanes = j.outputs - channel < 16 ? j.outputs - channel : 16
    let c = j.outputChannel + channel
    let from = (channel / columns) * 48 * columns + channel % columns
    for x in first..<end {
      var value = SIMD16<Float>.zero
      if let sums {
        value = UnsafeRawPointer(sums + from + (x - first) * columns).load(as: SIMD16<Float>.self)
      }
      value += bias
      let result = value.replacing(with: low, where: value .< low)
      if c % 16 == 0 {
        UnsafeMutableRawPointer(j.output.pixels + (c / 16) * j.output.plane).storeBytes(
          of: result, toByteOffset: (y * j.output.width + x) * 64, as: SIMD16<Float>.self)
      } else {
        for lane in 0..<lanes {
          j.output.pixels[
            ((c + lane) / 16) * j.output.plane + (y * j.output.width + x) * 16 + (c + lane) % 16] =
            result[lane]
        }
      }
    }
    channel += 16
  }
}
