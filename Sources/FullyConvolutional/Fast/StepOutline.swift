import ConvolutionArithmetic

/// One thing that the fast network does; several layers of the description may be one step.
struct StepOutline {
  /// The layer that the step is about, for messages and measurements.
  let name: String
  /// The layer whose maps it gives.
  let output: String
  /// The layers it reads.
  let inputs: [String]
  let work: Work

  enum Work {
    /// A convolution, with ReLU and a 2×2 pool if those follow, and weights that are multiplied first
    /// by the scale that comes before them.
    case convolution(Layer, pool: Bool, factor: Float)
    /// A transposed convolution, computed only where the crop that follows keeps it.
    case transposedConvolution(Layer, offset: Int)
    case maxPool(kernelSize: Int, stride: Int)
    case normalization(size: Int, alpha: Float, beta: Float)
    /// Adds a crop of the second input to the first, in place.
    case addCropped(offset: Int)
    case concatenate
    case crop(offset: Int)
    /// In learning alone.
    case dropout(probability: Double)
  }

  init(_ name: String, output: String? = nil, inputs: [String], _ work: Work) {
    (self.name, self.output, self.inputs, self.work) = (name, output ?? name, inputs, work)
  }

  /// Whether the output takes the memory of the first input.
  var isInPlace: Bool {
    if case .addCropped = work { true } else { false }
  }
}
