import KernelInterface

// Maps in blocks of 16 channels: [block][row][column][16]. A pixel of a block is one cache line, a
// vector of 16 outputs is stored at once, and the next pixel's channels follow 16 floats later, so
// that every convolution is a product with rows 16 floats apart. Lanes beyond the last channel hold
// zeros; all kernels keep it so.

/// Planar maps to blocks; the cells `firstCell ..< endCell` of some blocks.
func toBlocks(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstCell: Int, _ endCell: Int,
  _: MutableFloats
) {
  let j = job.load(as: LayoutJob.self)
  let cells = j.height * j.width
  for block in first..<end {
    let to = j.blocks + block * cells * 16
    let count = j.channels - block * 16 < 16 ? j.channels - block * 16 : 16
    // In runs of pixels that stay in the nearest cache.
    var start = firstCell
    while start < endCell {
      let stop = start + 128 < endCell ? start + 128 : endCell
      for c in 0..<count {
        let from = j.planar + (block * 16 + c) * cells
        for p in start..<stop { to[p * 16 + c] = from[p] }
      }
      for c in count..<16 {
        for p in start..<stop { to[p * 16 + c] = 0 }
      }
      start = stop
    }
  }
}

/// Blocks to planar maps; the cells `firstCell ..< endCell` of some blocks.
func fromBlocks(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstCell: Int, _ endCell: Int,
  _: MutableFloats
) {
  let j = job.load(as: LayoutJob.self)
  let cells = j.height * j.width
  for block in first..<end {
    let from = j.blocks + block * cells * 16
    let count = j.channels - block * 16 < 16 ? j.channels - block * 16 : 16
    var start = firstCell
    while start < endCell {
      let stop = start + 128 < endCell ? start + 128 : endCell
      for c in 0..<count {
        let to = j.planar + (block * 16 + c) * cells
        for p in start..<stop { to[p] = from[p * 16 + c] }
      }
      start = stop
    }
  }
}

/// Planar maps with a border of zeros; rows `first ..< end` of all padded rows of all channels.
func padPlanar(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: LayoutJob.self)
  for row in first..<end {
    let channel = row / j.paddedHeight
    let y = row % j.paddedHeight - j.top
    let to = j.blocks + row * j.paddedWidth
    if y < 0 || y >= j.height {
      for x in 0..<j.paddedWidth { to[x] = 0 }
    } else {
      let from = j.planar + (channel * j.height + y) * j.width
      // A padding below zero cuts columns off instead.
      let start = j.left > 0 ? j.left : 0
      let end = j.left + j.width < j.paddedWidth ? j.left + j.width : j.paddedWidth
      for x in 0..<start { to[x] = 0 }
      for x in start..<end { to[x] = from[x - j.left] }
      for x in end..<j.paddedWidth { to[x] = 0 }
    }
  }
}

/// Weights to panels [panel][block of terms][tileColumns]; zeros for absent outputs and inputs.
func pack(
  _ job: UnsafeRawPointer, _ firstPanel: Int, _ endPanel: Int, _: Int, _: Int, _: MutableFloats
) {
  let j = job.load(as: PackJob.self)
  let blocks = (j.inputs + j.blockLength - 1) / j.blockLength
  let depth = blocks * j.blockLength * j.tapCount
  let columns = tileColumns
  for panel in firstPanel..<endPanel {
    let to = j.packed + panel * depth * columns
    for block in 0..<blocks {
      // All outputs of a few terms, which stay in the cache, rather than all terms of an output.
      let start = block * j.blockLength * j.tapCount
      for column in 0..<columns {
        let output = panel * columns + column
        let from = j.source + output * j.outputStep + block * j.blockLength * j.inputStep
        let inputs = j.inputs - block * j.blockLength
        let lanes = output >= j.outputs ? 0 : inputs < j.blockLength ? inputs : j.blockLength
        var cell = to + start * columns + column
        for t in 0..<j.tapCount {
          let tap = j.taps[t]
          for lane in 0..<j.blockLength {
            cell[lane * columns] = lane < lanes ? from[lane * j.inputStep + tap] : 0
          }
          cell += j.blockLength * columns
        }
      }
    }
  }
}
