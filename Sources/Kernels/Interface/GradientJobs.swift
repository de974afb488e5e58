/// The gradient of a convolution by its kernels, over maps in blocks of 16 channels.
///
/// For each pair of a block of outputs and a block of inputs, and for each tap, a square of 16×16 sums:
/// `sums[((outputBlock · inputBlocks + inputBlock) · tapCount + tap) · 256 + input · 16 + output]`.
package struct KernelGradientJob {
  /// What the convolution read.
  package var input: MapView
  /// The gradient by what it gave.
  package var gradient: MapView
  package var inputs: Int
  package var inputBlocks: Int
  /// Where each tap finds its input, relative to the output cell times the stride.
  package var tapRows: UnsafePointer<Int>
  package var tapColumns: UnsafePointer<Int>
  package var tapCount: Int
  package var strideDown: Int
  package var strideRight: Int
  package var sums: UnsafeMutablePointer<Float>

  package init(
    input: MapView, gradient: MapView, inputs: Int, inputBlocks: Int,
    tapRows: UnsafePointer<Int>, tapColumns: UnsafePointer<Int>, tapCount: Int, strideDown: Int,
    strideRight: Int, sums: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.gradient = gradient
    self.inputs = inputs
    self.inputBlocks = inputBlocks
    self.tapRows = tapRows
    self.tapColumns = tapColumns
    self.tapCount = tapCount
    self.strideDown = strideDown
    self.strideRight = strideRight
    self.sums = sums
  }
}

/// The same for a convolution that reads planar maps in a frame of zeros: `sums[block][term][16]`, a
/// term for each channel and tap.
package struct PlanarGradientJob {
  package var input: UnsafePointer<Float>
  package var inputWidth: Int
  /// Where each term lies, relative to the window's first cell; a multiple of four terms.
  package var offsets: UnsafePointer<Int>
  package var depth: Int
  package var strideDown: Int
  package var strideRight: Int
  package var gradient: MapView
  /// The output cells whose windows meet the picture.
  package var rowStart: Int
  package var rowEnd: Int
  package var columnStart: Int
  package var columnEnd: Int
  package var sums: UnsafeMutablePointer<Float>

  package init(
    input: UnsafePointer<Float>, inputWidth: Int, offsets: UnsafePointer<Int>, depth: Int,
    strideDown: Int, strideRight: Int, gradient: MapView, rowStart: Int, rowEnd: Int,
    columnStart: Int, columnEnd: Int, sums: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.inputWidth = inputWidth
    self.offsets = offsets
    self.depth = depth
    self.strideDown = strideDown
    self.strideRight = strideRight
    self.gradient = gradient
    self.rowStart = rowStart
    self.rowEnd = rowEnd
    self.columnStart = columnStart
    self.columnEnd = columnEnd
    self.sums = sums
  }
}

/// The same for a 3×3 kernel at stride 1, through the transforms of F(4×4, 3×3).
package struct WinogradGradientJob {
  /// What the convolution read.
  package var input: MapView
  /// The gradient by what it gave.
  package var gradient: MapView
  package var inputs: Int
  package var top: Int
  package var left: Int
  package var tilesPerRow: Int
  /// The first tile in the buffers, how many are there, and for how many there is room.
  package var base = 0
  package var count = 0
  package var capacity: Int
  /// The input's tiles, transformed: [frequency][block][tile][16]; floats from one frequency to the next.
  package var transformed: UnsafeMutablePointer<Float>
  package var transformedStep: Int
  /// The gradient's tiles, transformed: [frequency][block][tile][16].
  package var spread: UnsafeMutablePointer<Float>
  package var spreadStep: Int
  /// Sums over tiles: [pair][frequency][256].
  package var products: UnsafeMutablePointer<Float>
  /// As those of ``KernelGradientJob``.
  package var sums: UnsafeMutablePointer<Float>

  package init(
    input: MapView, gradient: MapView, inputs: Int, top: Int, left: Int, tilesPerRow: Int,
    capacity: Int, transformed: UnsafeMutablePointer<Float>, transformedStep: Int,
    spread: UnsafeMutablePointer<Float>, spreadStep: Int, products: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.gradient = gradient
    self.inputs = inputs
    self.top = top
    self.left = left
    self.tilesPerRow = tilesPerRow
    self.capacity = capacity
    self.transformed = transformed
    self.transformedStep = transformedStep
    self.spread = spread
    self.spreadStep = spreadStep
    self.products = products
    self.sums = sums
  }
}

/// Sums of kernel gradients to row-major kernels (outputs, inputs / groups, taps).
package struct UnpackJob {
  package var sums: UnsafePointer<Float>
  package var kernels: UnsafeMutablePointer<Float>
  package var outputs: Int
  package var groupOutputs: Int
  package var groupInputs: Int
  package var inputBlocks: Int
  package var tapCount: Int
  /// For sums of planar maps, the terms of a block, rounded up; 0 for blocks of 16 channels.
  package var planarDepth: Int
  package var factor: Float

  package init(
    sums: UnsafePointer<Float>, kernels: UnsafeMutablePointer<Float>, outputs: Int,
    groupOutputs: Int, groupInputs: Int, inputBlocks: Int, tapCount: Int, planarDepth: Int,
    factor: Float
  ) {
    self.sums = sums
    self.kernels = kernels
    self.outputs = outputs
    self.groupOutputs = groupOutputs
    self.groupInputs = groupInputs
    self.inputBlocks = inputBlocks
    self.tapCount = tapCount
    self.planarDepth = planarDepth
    self.factor = factor
  }
}

/// The gradient of max pooling by its input.
package struct PoolGradientJob {
  /// `input` is what was pooled, `output` the gradient by the result.
  package var window: WindowJob
  package var result: MapView
  /// Whether what was pooled had been rectified: a largest of 0 then passes nothing on.
  package var rectified: Bool

  package init(window: WindowJob, result: MapView, rectified: Bool) {
    self.window = window
    self.result = result
    self.rectified = rectified
  }
}

/// Softmax cross-entropy of one picture's scores, its gradient, and the losses of each row.
package struct LossJob {
  package var scores: MapView
  package var gradient: MapView
  package var labels: UnsafePointer<UInt8>
  package var classes: Int
  package var ignoredLabel: UInt8
  /// What a pixel's gradient is multiplied with.
  package var share: Float
  /// One sum of losses for each row.
  package var losses: UnsafeMutablePointer<Double>

  package init(
    scores: MapView, gradient: MapView, labels: UnsafePointer<UInt8>, classes: Int,
    ignoredLabel: UInt8, share: Float, losses: UnsafeMutablePointer<Double>
  ) {
    self.scores = scores
    self.gradient = gradient
    self.labels = labels
    self.classes = classes
    self.ignoredLabel = ignoredLabel
    self.share = share
    self.losses = losses
  }
}

/// Dropout of a map, or of the gradient by it: the same seed drops the same cells.
package struct DropoutJob {
  package var input: MapView
  package var output: MapView
  package var seed: UInt32
  /// A cell whose 32 random bits are below this is dropped.
  package var threshold: UInt32
  /// What is kept is multiplied with this.
  package var scale: Float
  /// Whether whole channels are dropped.
  package var byChannel: Bool

  package init(
    input: MapView, output: MapView, seed: UInt32, threshold: UInt32, scale: Float,
    byChannel: Bool
  ) {
    self.input = input
    self.output = output
    self.seed = seed
    self.threshold = threshold
    self.scale = scale
    self.byChannel = byChannel
  }
}

/// Two rows of numbers; the second is read.
package struct PairJob {
  package var elements: UnsafeMutablePointer<Float>
  package var others: UnsafePointer<Float>

  package init(elements: UnsafeMutablePointer<Float>, others: UnsafePointer<Float>) {
    self.elements = elements
    self.others = others
  }
}

/// One step of gradient descent with momentum and weight decay.
package struct DescentJob {
  package var weights: UnsafeMutablePointer<Float>
  package var velocity: UnsafeMutablePointer<Float>
  package var gradient: UnsafePointer<Float>
  package var rate: Float
  package var momentum: Float
  package var decay: Float

  package init(
    weights: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, rate: Float, momentum: Float, decay: Float
  ) {
    self.weights = weights
    self.velocity = velocity
    self.gradient = gradient
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
  }
}
