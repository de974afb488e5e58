/// Pooling over windows.
package struct WindowJob {
  package var input: MapView
  package var output: MapView
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideDown: Int
  package var strideRight: Int
  package var top: Int
  package var left: Int
  package var bottom: Int
  package var right: Int
  package var dilationDown = 1
  package var dilationRight = 1
  /// The mean rather than the largest.
  package var average = false
  /// Whether padding counts as cells of the mean.
  package var countPadding = false

  package init(
    input: MapView, output: MapView, kernelHeight: Int, kernelWidth: Int, strideDown: Int,
    strideRight: Int, top: Int, left: Int, bottom: Int, right: Int
  ) {
    self.input = input
    self.output = output
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideDown = strideDown
    self.strideRight = strideRight
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }
}

/// A transposed convolution channel by channel, in the window of its result at (top, left).
package struct StampJob {
  package var input: MapView
  package var output: MapView
  /// [block][kernel row][kernel column][16]
  package var weights: UnsafePointer<Float>
  package var bias: UnsafePointer<Float>
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideDown: Int
  package var strideRight: Int
  package var dilationDown: Int
  package var dilationRight: Int
  /// Padding and crop: output row 0 is row `top` of the full result.
  package var top: Int
  package var left: Int
  /// Of the gradient, which is a convolution channel by channel: whether it has the bias, and max(0, ·).
  package var gradientHasBias = false
  package var rectifiesGradient = false

  package init(
    input: MapView, output: MapView, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    kernelHeight: Int, kernelWidth: Int, strideDown: Int, strideRight: Int, dilationDown: Int,
    dilationRight: Int, top: Int, left: Int
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideDown = strideDown
    self.strideRight = strideRight
    self.dilationDown = dilationDown
    self.dilationRight = dilationRight
    self.top = top
    self.left = left
  }
}

/// sum += other, read from (top, left) on.
package struct AddJob {
  package var sum: MapView
  package var other: MapView
  package var top: Int
  package var left: Int

  package init(sum: MapView, other: MapView, top: Int, left: Int) {
    self.sum = sum
    self.other = other
    self.top = top
    self.left = left
  }
}

/// Numbers in a row, changed in place.
package struct ElementJob {
  package var elements: UnsafeMutablePointer<Float>

  package init(elements: UnsafeMutablePointer<Float>) {
    self.elements = elements
  }
}

/// Local response normalization across channels, or its gradient.
package struct NormalizationJob {
  package var input: MapView
  package var output: MapView
  /// The gradient by what the normalization gave, where `output` is to be that by the input.
  package var gradient: MapView?
  package var channels: Int
  package var size: Int
  package var alpha: Float
  package var beta: Float
  package var bias: Float

  package init(
    input: MapView, output: MapView, channels: Int, size: Int, alpha: Float, beta: Float,
    bias: Float
  ) {
    self.input = input
    self.output = output
    self.channels = channels
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }
}

/// A planar array (outer, classes, inner), worked along the classes.
package struct ClassJob {
  package var input: UnsafePointer<Float>
  package var output: UnsafeMutablePointer<Float>
  package var indices: UnsafeMutablePointer<Int32>?
  package var classes: Int
  package var inner: Int

  package init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Int32>?, classes: Int, inner: Int
  ) {
    self.input = input
    self.output = output
    self.indices = indices
    self.classes = classes
    self.inner = inner
  }
}
