/// Planar maps (channel, row, column) to or from blocks of 16 channels.
package struct LayoutJob {
  /// Planar maps.
  package var planar: UnsafeMutablePointer<Float>
  /// Maps in blocks of 16 channels; for `padPlanar`, the planar maps with a border.
  package var blocks: UnsafeMutablePointer<Float>
  package var channels: Int
  package var height: Int
  package var width: Int
  package var paddedWidth = 0
  package var paddedHeight = 0
  package var top = 0
  package var left = 0

  package init(
    planar: UnsafeMutablePointer<Float>, blocks: UnsafeMutablePointer<Float>, channels: Int,
    height: Int, width: Int
  ) {
    self.planar = planar
    self.blocks = blocks
    self.channels = channels
    self.height = height
    self.width = width
  }
}

/// Weights into panels of `tileColumns` outputs.
package struct PackJob {
  package var source: UnsafePointer<Float>
  package var packed: UnsafeMutablePointer<Float>
  /// The outputs of this group.
  package var outputs: Int
  /// The channels that each output reads.
  package var inputs: Int
  /// Floats from one output to the next, and from one input to the next.
  package var outputStep: Int
  package var inputStep: Int
  /// The positions in a kernel that are taken, in this order.
  package var taps: UnsafePointer<Int>
  package var tapCount: Int
  /// 1: terms are single (input, tap) pairs; 16: blocks of 16 inputs per tap.
  package var blockLength: Int
  /// `packWinograd`: floats from one frequency to the next.
  package var frequencyStep = 0

  package init(
    source: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>, outputs: Int, inputs: Int,
    outputStep: Int, inputStep: Int, taps: UnsafePointer<Int>, tapCount: Int, blockLength: Int
  ) {
    self.source = source
    self.packed = packed
    self.outputs = outputs
    self.inputs = inputs
    self.outputStep = outputStep
    self.inputStep = inputStep
    self.taps = taps
    self.tapCount = tapCount
    self.blockLength = blockLength
  }
}

/// A map in blocks of 16 channels, as the kernels see it.
package struct MapView {
  package var pixels: UnsafeMutablePointer<Float>
  package var height: Int
  package var width: Int
  /// The blocks of 16 channels.
  package var blocks: Int
  /// Floats from one block of channels to the next.
  package var plane: Int

  package init(pixels: UnsafeMutablePointer<Float>, height: Int, width: Int, blocks: Int) {
    self.pixels = pixels
    self.height = height
    self.width = width
    self.blocks = blocks
    plane = height * width * 16
  }
}

/// A sum over taps as a matrix product of gathered pixels and packed weights.
package struct GatherJob {
  package var input: MapView
  package var output: MapView
  /// The first block of input channels and how many.
  package var inputBlock = 0
  package var inputBlocks: Int
  /// Where each tap finds its input, relative to the row's input position.
  package var tapRows: UnsafePointer<Int>
  package var tapColumns: UnsafePointer<Int>
  package var tapCount: Int
  /// Input step per row of the grid.
  package var stepDown = 1
  package var stepRight = 1
  /// The grid of rows: its width, and where a grid position lies in the output.
  package var gridWidth: Int
  package var outputTop = 0
  package var outputLeft = 0
  package var outputStepDown = 1
  package var outputStepRight = 1
  /// The grid positions to be computed; nil: all, in order.
  package var positions: UnsafePointer<Int32>?
  /// With `positions`: row i is stored at `copies[copyStart[i] ..< copyStart[i + 1]]`.
  package var copyStart: UnsafePointer<Int32>?
  package var copies: UnsafePointer<Int32>?
  /// Whether rows can be read where they lie: one tap, no padding, steps 1.
  package var inPlace = false
  package var weights: UnsafePointer<Float>
  /// Bias, padded with zeros to whole panels.
  package var bias: UnsafePointer<Float>
  package var outputs: Int
  /// The first output channel in the output map.
  package var outputChannel = 0
  package var rectify = false
  /// Rows at a time, and blocks of 16 terms at a time.
  package var rowsAtOnce: Int
  package var blocksAtOnce: Int
  /// Blocks of 16 terms per partial sum.
  package var runLength: Int

  package init(
    input: MapView, output: MapView, inputBlocks: Int, tapRows: UnsafePointer<Int>,
    tapColumns: UnsafePointer<Int>, tapCount: Int, gridWidth: Int, weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, outputs: Int, rowsAtOnce: Int, blocksAtOnce: Int, runLength: Int
  ) {
    self.input = input
    self.output = output
    self.inputBlocks = inputBlocks
    self.tapRows = tapRows
    self.tapColumns = tapColumns
    self.tapCount = tapCount
    self.gridWidth = gridWidth
    self.weights = weights
    self.bias = bias
    self.outputs = outputs
    self.rowsAtOnce = rowsAtOnce
    self.blocksAtOnce = blocksAtOnce
    self.runLength = runLength
  }
}

/// A convolution from padded planar maps with few channels.
package struct PlanarJob {
  package var input: UnsafePointer<Float>
  package var inputWidth: Int
  /// Where term k of the sum lies, relative to the window's first cell.
  package var offsets: UnsafePointer<Int>
  package var depth: Int
  package var strideDown: Int
  package var strideRight: Int
  package var output: MapView
  package var weights: UnsafePointer<Float>
  package var bias: UnsafePointer<Float>
  package var outputs: Int
  package var outputChannel = 0
  package var rectify = false
  /// The output rows and columns whose windows meet the picture; elsewhere the sum is empty.
  package var rowStart: Int
  package var rowEnd: Int
  package var columnStart: Int
  package var columnEnd: Int

  package init(
    input: UnsafePointer<Float>, inputWidth: Int, offsets: UnsafePointer<Int>, depth: Int,
    strideDown: Int, strideRight: Int, output: MapView, weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, outputs: Int, rowStart: Int, rowEnd: Int, columnStart: Int,
    columnEnd: Int
  ) {
    self.input = input
    self.inputWidth = inputWidth
    self.offsets = offsets
    self.depth = depth
    self.strideDown = strideDown
    self.strideRight = strideRight
    self.output = output
    self.weights = weights
    self.bias = bias
    self.outputs = outputs
    self.rowStart = rowStart
    self.rowEnd = rowEnd
    self.columnStart = columnStart
    self.columnEnd = columnEnd
  }
}

/// A Winograd convolution over a list of tiles.
package struct WinogradJob {
  package var input: MapView
  package var output: MapView
  /// 6 for F(4×4, 3×3), 8 for F(2×2, 7×7).
  package var transform: Int
  package var top: Int
  package var left: Int
  /// The convolution's height and width (before pooling), and tiles per row.
  package var height: Int
  package var width: Int
  package var tilesPerRow: Int
  /// How many cells before the map's first row and column the first tile begins.
  package var lead = 0
  /// The tiles to be computed.
  package var tiles: UnsafePointer<Int32>
  /// Tile i is written to the tiles `copies[copyStart[i] ..< copyStart[i + 1]]`.
  package var copyStart: UnsafePointer<Int32>
  package var copies: UnsafePointer<Int32>
  /// The first tile in the buffers, how many are there, and for how many there is room.
  package var base = 0
  package var count = 0
  package var capacity: Int
  /// Transformed input: [frequency][block][tile][16]; floats from one frequency to the next.
  package var transformed: UnsafeMutablePointer<Float>
  package var transformedStep: Int
  /// Products: [frequency][block][tile][16].
  package var products: UnsafeMutablePointer<Float>
  package var productStep: Int
  /// The first panel of outputs in the buffer of products.
  package var firstProductPanel = 0
  /// Transformed weights: [frequency][panel][input][tileColumns]; floats from one frequency to the next.
  package var weights: UnsafePointer<Float>
  package var weightStep: Int
  /// The first panel of outputs that `weights` holds.
  package var firstWeightPanel = 0
  /// Whether `weights` has room for two of the six rows of frequencies.
  package var weightsArePair = false
  /// 3×3 weights in the order of a product, which `winogradWeights` transforms into `weights`.
  package var kernels: UnsafePointer<Float>?
  package var bias: UnsafePointer<Float>
  package var rectify = false
  package var pool = false
  package var runLength: Int
  /// The outputs of the tiles from `reached` on, [tile][block][cell][16], before they are pooled: written
  /// in the first run, and read in the others, where they are `known`.
  package var unreached: UnsafeMutablePointer<Float>?
  package var reached = 0
  package var isKnown = false

  package init(
    input: MapView, output: MapView, transform: Int, top: Int, left: Int, height: Int, width: Int,
    tilesPerRow: Int, tiles: UnsafePointer<Int32>, copyStart: UnsafePointer<Int32>,
    copies: UnsafePointer<Int32>, capacity: Int, transformed: UnsafeMutablePointer<Float>,
    transformedStep: Int, products: UnsafeMutablePointer<Float>, productStep: Int,
    weights: UnsafePointer<Float>, weightStep: Int, bias: UnsafePointer<Float>, runLength: Int
  ) {
    self.input = input
    self.output = output
    self.transform = transform
    self.top = top
    self.left = left
    self.height = height
    self.width = width
    self.tilesPerRow = tilesPerRow
    self.tiles = tiles
    self.copyStart = copyStart
    self.copies = copies
    self.capacity = capacity
    self.transformed = transformed
    self.transformedStep = transformedStep
    self.products = products
    self.productStep = productStep
    self.weights = weights
    self.weightStep = weightStep
    self.bias = bias
    self.runLength = runLength
  }
}
