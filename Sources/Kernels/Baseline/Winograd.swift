import KernelInterface

// Winograd's convolution (Winograd 1980; Lavin and Gray 2016): a tile of m×m outputs of an r×r kernel
// with (m + r − 1)² multiplications per channel instead of m²r².
//
// Why it gives the same answer. A row of outputs is a product of polynomials, seen backwards: the
// coefficients of a product of degree n − 1 are fixed by its values at n points, and the value of a
// product is the product of values. Evaluating and interpolating are the fixed linear maps G (kernel),
// Bᵀ (input) and Aᵀ (output), applied along the columns and then along the rows:
//
//     Y = Aᵀ [ (G g Gᵀ) ∘ (Bᵀ d B) ] A
//
// and since Aᵀ is linear, the sum over channels can be taken before it: at each of the n² "frequencies"
// remains a plain matrix product, tiles × channels × outputs.
//
//     F(4×4, 3×3): n = 6, points 0, ±√½, ±√2, ∞     36 products for 144
//     F(2×2, 7×7): n = 8, see Winograd7.swift        64 products for 196
//
// Where its error comes from. The maps mix numbers of different size, and what cancels in exact
// arithmetic leaves its rounding error behind; that grows with the size of the points' powers. The
// points 0, ±1, ±2, ∞ have powers up to 2³ = 8 beside 1; ±√½ and ±√2 lie evenly about 1 on the
// logarithmic scale, powers stay within 2.8 and .35, and the error halves. A cell that is not finite
// spoils its whole tile.
//
// When the kernel is transformed. 7×7 kernels once, when they are packed, in double precision. The 36
// numbers of a 3×3 kernel are made of its 9 each time, just before they are used, by the thread that
// uses them: four times fewer weights are kept, and read from memory.
//
// Tiles that read equal pixels give equal bits; so where the map repeats (the wide constant border
// that padding 100 leaves in the early maps), one tile is computed and written to all its copies.

/// Products at the frequencies `first ..< end`: products[f] = transformed[f] · weights[f].
func winogradProduct(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstPanel: Int, _ endPanel: Int,
  _: MutableFloats
) {
  let j = job.load(as: WinogradJob.self)
  let blockStep = j.capacity * 16
  let columns = tileColumns
  let panelStep = j.input.blocks * 16 * columns
  for frequency in first..<end {
    let a = Floats(j.transformed) + frequency * j.transformedStep
    let c = j.products + frequency * j.productStep
    let b = j.weights + frequency * j.weightStep
    // Behind the last panel come the first of the next frequency.
    let firstStep = (firstPanel - j.firstWeightPanel) * panelStep + j.weightStep
    for panel in firstPanel..<endPanel {
      let weights = b + (panel - j.firstWeightPanel) * panelStep
      panelProduct(
        a, blockStep, j.count, j.input.blocks, j.runLength, weights,
        panel + 1 < endPanel ? weights + panelStep : b + firstStep,
        c + (panel - j.firstProductPanel) * columns * j.capacity, blockStep, false)
    }
  }
}

/// 3×3 weights in the order of a product, transformed: of the panels `first ..< end` the pairs of rows of
/// frequencies `firstPair ..< endPair`, which are 0 and 5, 1 and 2, 3 and 4.
func winogradWeights(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstPair: Int, _ endPair: Int,
  _: MutableFloats
) {
  let j = job.load(as: WinogradJob.self)
  guard let kernels = j.kernels else { return }
  let columns = tileColumns
  let inputs = j.input.blocks * 16
  for panel in first..<end {
    for pair in firstPair..<endPair {
      let one = j.weightsArePair ? 0 : pair == 0 ? 0 : 2 * pair - 1
      let other = j.weightsArePair ? 1 : pair == 0 ? 5 : 2 * pair
      let to =
        MutableFloats(mutating: j.weights) + (panel - j.firstWeightPanel) * inputs * columns
      for input in 0..<inputs {
        let from = kernels + ((panel * j.input.blocks + input / 16) * 9 * 16 + input % 16) * columns
        // The kernels of the next block of inputs, cell by cell.
        for cell in 0..<9 {
          prefetch(from + (9 + cell) * 16 * columns, 0, (columns + 15) / 16)
        }
        transformWeights4(
          pair, from, 16 * columns, to + one * 6 * j.weightStep + input * columns,
          to + other * 6 * j.weightStep + input * columns, j.weightStep)
      }
    }
  }
}

/// Input tiles `first ..< end` of the list, transformed, to the buffer from tile 0 on.
func winogradInput(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstBlock: Int, _ endBlock: Int,
  _ scratch: MutableFloats
) {
  let j = job.load(as: WinogradJob.self)
  let n = j.transform
  let m = n == 6 ? 4 : 2
  for i in first..<end {
    let tile = Int(j.tiles[i])
    let y = (tile / j.tilesPerRow) * m - j.lead - j.top
    let x = (tile % j.tilesPerRow) * m - j.lead - j.left
    for block in firstBlock..<endBlock {
      let (from, step) = patch(j.input, block, y, x, n, scratch)
      let to = j.transformed + (block * j.capacity + i - j.base) * 16
      if n == 6 {
        transformInput4(from, step, to, j.transformedStep, scratch + 1024)
      } else {
        transformInput7(from, step, to, j.transformedStep, scratch + 1024)
      }
    }
  }
}

/// An n×n patch of a block of a map, and the floats from one row of it to the next: where it lies, or a
/// copy in scratch with zeros outside of the map.
@inline(__always)
func patch(
  _ map: MapView, _ block: Int, _ top: Int, _ left: Int, _ n: Int, _ scratch: MutableFloats
) -> (Floats, Int) {
  let plane = Floats(map.pixels + block * map.plane)
  if top >= 0 && left >= 0 && top + n <= map.height && left + n <= map.width {
    return (plane + (top * map.width + left) * 16, map.width * 16)
  }
  copyPatch(plane, map.height, map.width, top, left, n, scratch)
  return (Floats(scratch), n * 16)
}

private func copyPatch(
  _ plane: Floats, _ height: Int, _ width: Int, _ top: Int, _ left: Int, _ n: Int,
  _ to: MutableFloats
) {
  for row in 0..<n {
    for column in 0..<n {
      let y = top + row
      let x = left + column
      let inside = y >= 0 && y < height && x >= 0 && x < width
      let pixel =
        inside
        ? UnsafeRawPointer(plane).load(
          fromByteOffset: (y * width + x) * 64, as: SIMD16<Float>.self) : .zero
      UnsafeMutableRawPointer(to).storeBytes(
        of: pixel, toByteOffset: (row * n + column) * 64, as: SIMD16<Float>.self)
    }
  }
}

/// Products to output tiles: bias, rectification, pooling, and the copies of each tile. Of tiles that no
/// picture reaches the outputs are kept, or taken from where they were kept.
func winogradOutput(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ firstBlock: Int, _ endBlock: Int,
  _ scratch: MutableFloats
) {
  let j = job.load(as: WinogradJob.self)
  let m = j.transform == 6 ? 4 : 2
  let stored = j.firstProductPanel * tileColumns / 16
  for i in first..<end {
    for block in firstBlock..<endBlock {
      let from = Floats(j.products) + ((block - stored) * j.capacity + i - j.base) * 16
      var kept: MutableFloats?
      if i >= j.reached, let unreached = j.unreached {
        kept = unreached + ((i - j.reached) * j.output.blocks + block) * m * m * 16
      }
      if let kept, j.isKnown {
        storeTile(kept, m, m, m, scratch, m)
      } else {
        if j.transform == 6 {
          transformOutput4(
            from, j.productStep, j.bias + block * 16, j.rectify, scratch, scratch + 1024)
        } else {
          transformOutput7(
            from, j.productStep, j.bias + block * 16, j.rectify, scratch, scratch + 1024)
        }
        if let kept { storeTile(scratch, m, m, m, kept, m) }
      }
      let plane = j.output.pixels + block * j.output.plane
      for k in Int(j.copyStart[i])..<Int(j.copyStart[i + 1]) {
        let tile = Int(j.copies[k])
        let y = (tile / j.tilesPerRow) * m - j.lead
        let x = (tile % j.tilesPerRow) * m - j.lead
        // Rows and columns of the tile that lie on the map.
        let top = y < 0 ? -y : 0
        let left = x < 0 ? -x : 0
        let rows = (j.height - y < m ? j.height - y : m) - top
        let columns = (j.width - x < m ? j.width - x : m) - left
        let inside = scratch + (top * m + left) * 16
        if j.pool {
          storePooled(
            inside, m, rows, columns, plane, j.output.width, (y + top) / 2, (x + left) / 2)
        } else {
          storeTile(
            inside, m, rows, columns, plane + ((y + top) * j.output.width + x + left) * 16,
            j.output.width)
        }
      }
    }
  }
}

@inline(__always)
private func storeTile(
  _ tile: MutableFloats, _ m: Int, _ rows: Int, _ columns: Int, _ output: MutableFloats,
  _ width: Int
) {
  let from = UnsafeRawPointer(tile)
  let to = UnsafeMutableRawPointer(output)
  for y in 0..<rows {
    for x in 0..<columns {
      let pixel = from.load(fromByteOffset: (y * m + x) * 64, as: SIMD16<Float>.self)
      to.storeBytes(of: pixel, toByteOffset: (y * width + x) * 64, as: SIMD16<Float>.self)
    }
  }
}

/// The largest of each 2×2 cells of the tile; at the map's edge of those that exist.
@inline(__always)
private func storePooled(
  _ tile: MutableFloats, _ m: Int, _ rows: Int, _ columns: Int, _ plane: MutableFloats,
  _ width: Int, _ top: Int, _ left: Int
) {
  let from = UnsafeRawPointer(tile)
  let to = UnsafeMutableRawPointer(plane)
  var y = 0
  while y < rows {
    let below = y + 1 < rows ? y + 1 : y
    var x = 0
    while x < columns {
      let right = x + 1 < columns ? x + 1 : x
      let a = from.load(fromByteOffset: (y * m + x) * 64, as: SIMD16<Float>.self)
      let b = from.load(fromByteOffset: (y * m + right) * 64, as: SIMD16<Float>.self)
      let c = from.load(fromByteOffset: (below * m + x) * 64, as: SIMD16<Float>.self)
      let d = from.load(fromByteOffset: (below * m + right) * 64, as: SIMD16<Float>.self)
      let most = larger(larger(a, b), larger(c, d))
      to.storeBytes(
        of: most, toByteOffset: ((top + y / 2) * width + left + x / 2) * 64,
        as: SIMD16<Float>.self)
      x += 2
    }
    y += 2
  }
}

@inline(__always)
private func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
  // A comparison with NaN is false: NaN is kept from either side.
  a.replacing(with: b, where: .!(a .>= b) .& (a .== a))
}
