import KernelInterface

// The general path. A convolution is a matrix product: a row per output position, a column per
// output channel, and as many terms as there are taps times channels. Its left matrix (the input,
// with every cell repeated for each window that reads it) is never stored: the pixels of some rows
// and some terms are gathered into a small table, zeros where a tap lies in the padding, and multiplied
// while they are in the cache.
//
// A transposed convolution is the same with another list of taps: for each residue of the output
// position modulo the stride, the taps that reach it.
//
// Rows that read equal pixels (see the zones of a map) are computed once and stored at all their places.
//
// Error: only that of summing; the sum of K products is taken in runs, each from zero, so that it
// grows with the square root of the run's length rather than of K.

func gatherProduct(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstPanel: Int, _ endPanel: Int,
  _ scratch: MutableFloats
) {
  let j = job.load(as: GatherJob.self)
  let columns = tileColumns
  let blocks = j.inputBlocks * j.tapCount  // blocks of 16 terms
  let panelStep = blocks * 16 * columns
  let sums = scratch
  let sumStep = j.rowsAtOnce * 16
  let table = scratch + (endPanel - firstPanel) * columns * j.rowsAtOnce
  let width = j.gridWidth
  var row = first
  while row < end {
    let count = end - row < j.rowsAtOnce ? end - row : j.rowsAtOnce
    if blocks == 0 {
      for i in 0..<((endPanel - firstPanel) * columns * j.rowsAtOnce) { sums[i] = 0 }
    }
    var block = 0
    while block < blocks {
      let run = blocks - block < j.blocksAtOnce ? blocks - block : j.blocksAtOnce
      var a: Floats
      var aStep: Int
      if j.inPlace {
        aStep = j.input.plane
        a = Floats(j.input.pixels) + (j.inputBlock + block) * aStep + row * 16
      } else {
        aStep = count * 16
        a = Floats(table)
        for q in 0..<run {
          let inputBlock = (block + q) / j.tapCount
          let tap = (block + q) % j.tapCount
          let plane = Floats(j.input.pixels) + (j.inputBlock + inputBlock) * j.input.plane
          gather(
            plane, j.input.height, j.input.width, table + q * aStep, row, count, width,
            j.stepDown, j.stepRight, j.tapRows[tap], j.tapColumns[tap], j.positions)
        }
      }
      for panel in firstPanel..<endPanel {
        let weights = j.weights + panel * panelStep + block * 16 * columns
        let next = panel + 1 < endPanel ? weights + panelStep : weights + run * 16 * columns
        panelProduct(
          a, aStep, count, run, j.runLength, weights, next,
          sums + (panel - firstPanel) * columns * j.rowsAtOnce, sumStep, block > 0)
      }
      block += run
    }
    scatter(j, row, count, firstPanel, endPanel, sums)
    row += count
  }
}

/// The pixels that one tap meets, one for each row.
@inline(__always)
private func gather(
  _ plane: Floats, _ height: Int, _ mapWidth: Int, _ table: MutableFloats, _ first: Int,
  _ count: Int, _ width: Int, _ stepDown: Int, _ stepRight: Int, _ tapRow: Int, _ tapColumn: Int,
  _ positions: UnsafePointer<Int32>?
) {
  let to = UnsafeMutableRawPointer(table)
  let from = UnsafeRawPointer(plane)
  var gy = 0
  var gx = 0
  if positions == nil {
    gy = first / width
    gx = first % width
  }
  for i in 0..<count {
    if let positions {
      let position = Int(positions[first + i])
      gy = position / width
      gx = position % width
    }
    let y = gy * stepDown + tapRow
    let x = gx * stepRight + tapColumn
    if y >= 0 && y < height && x >= 0 && x < mapWidth {
      let pixel = from.load(fromByteOffset: (y * mapWidth + x) * 64, as: SIMD16<Float>.self)
      to.storeBytes(of: pixel, toByteOffset: i * 64, as: SIMD16<Float>.self)
    } else {
      to.storeBytes(of: .zero, toByteOffset: i * 64, as: SIMD16<Float>.self)
    }
    gx += 1
    if gx == width {
      gx = 0
      gy += 1
    }
  }
}

/// Adds the bias, rectifies, and stores the sums where the rows lie in the output.
@inline(__always)
private func scatter(
  _ j: GatherJob, _ first: Int, _ count: Int, _ firstPanel: Int, _ endPanel: Int,
  _ sums: MutableFloats
) {
  let channelStart = firstPanel * tileColumns
  let channelEnd = endPanel * tileColumns < j.outputs ? endPanel * tileColumns : j.outputs
  let aligned = j.outputChannel % 16 == 0
  let low = j.rectify ? SIMD16<Float>.zero : SIMD16<Float>(repeating: -.infinity)
  var channel = channelStart
  while channel < channelEnd {
    let from = UnsafeRawPointer(sums + (channel - channelStart) * j.rowsAtOnce)
    let bias = UnsafeRawPointer(j.bias + channel).load(as: SIMD16<Float>.self)
    let lanes = channelEnd - channel < 16 ? channelEnd - channel : 16
    for i in 0..<count {
      let value = from.load(fromByteOffset: i * 64, as: SIMD16<Float>.self) + bias
      let result = value.replacing(with: low, where: value .< low)
      let row = first + i
      let copy = j.copyStart == nil ? row : Int(j.copyStart![row])
      let end = j.copyStart == nil ? row + 1 : Int(j.copyStart![row + 1])
      for k in copy..<end {
        let position = j.copies == nil ? k : Int(j.copies![k])
        let gy = position / j.gridWidth
        let y = j.outputTop + gy * j.outputStepDown
        let x = j.outputLeft + (position - gy * j.gridWidth) * j.outputStepRight
        if aligned {
          let block = (j.outputChannel + channel) / 16
          UnsafeMutableRawPointer(j.output.pixels + block * j.output.plane).storeBytes(
            of: result, toByteOffset: (y * j.output.width + x) * 64, as: SIMD16<Float>.self)
        } else {
          for lane in 0..<lanes {
            let c = j.outputChannel + channel + lane
            j.output.pixels[
              (c / 16) * j.output.plane + (y * j.output.width + x) * 16 + c % 16] = result[lane]
          }
        }
      }
    }
    channel += 16
  }
}
