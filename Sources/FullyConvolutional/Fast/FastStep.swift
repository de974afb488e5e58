import ConvolutionArithmetic
import FastKernels
import Tensors

/// One thing that the fast network does; several layers of the description may be one step.
struct FastStep {
  /// The layer whose maps it gives.
  let output: String
  /// The layers it reads.
  let inputs: [String]
  let kind: Kind

  enum Kind {
    /// A convolution, with ReLU and a 2×2 pool if those follow.
    case convolution(PreparedConvolution)
    /// A transposed convolution, computed only where the crop that follows keeps it.
    case transposedConvolution(PreparedTransposedConvolution, offset: Int)
    case maxPool(kernelSize: Int, stride: Int)
    case normalization(size: Int, alpha: Float, beta: Float)
    /// Adds a crop of the second input to the first, in place.
    case addCropped(offset: Int)
    case concatenate
    case crop(offset: Int)
  }
}
