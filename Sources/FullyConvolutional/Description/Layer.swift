public import ConvolutionArithmetic
public import Tensors

/// One layer of a network: a name, what it does, and the layers it reads.
public struct Layer: Hashable, Sendable {
  /// The name, as in the published networks: `conv1_1`, `score_pool4`, `upscore8`.
  public let name: String
  /// What it does.
  public let operation: Operation
  /// The names of the layers it reads, in order.
  public let inputs: [String]
}

/// What a layer does to the maps it reads. Kernels, strides and padding are square.
public enum Operation: Hashable, Sendable {
  /// The picture, with this many channels.
  case input(channels: Int)
  /// A convolution with bias, then ReLU if asked for.
  case convolution(
    outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
    relu: Bool)
  /// A maximum over a window.
  case maxPool(kernelSize: Int, stride: Int, rounding: Rounding)
  /// Local response normalisation across this many neighbouring channels.
  case normalization(size: Int, alpha: Double, beta: Double)
  /// Elements set to zero while training; does nothing otherwise.
  case dropout(probability: Double)
  /// Every cell times this number.
  case scale(Double)
  /// A transposed convolution without padding.
  case transposedConvolution(outputs: Int, kernelSize: Int, stride: Int, bias: Bool = false)
  /// The first input, cut to the cells that lie over the second.
  case crop
  /// The cell-by-cell sum of two streams.
  case sum
  /// The channels of all inputs, one behind the other.
  case concatenate
}

extension Operation {
  /// The window that slides over the input, if it is an operation with a window.
  public var window: Window? {
    get throws(GeometryError) {
      switch self {
      case .convolution(_, let kernelSize, let stride, let padding, _, _):
        try Window(kernelSize: kernelSize, stride: stride, padding: padding)
      case .maxPool(let kernelSize, let stride, _):
        try Window(kernelSize: kernelSize, stride: stride)
      case .transposedConvolution(_, let kernelSize, let stride, _):
        try Window(kernelSize: kernelSize, stride: stride)
      default:
        nil
      }
    }
  }
}

/// A learned tensor of a network: its name in weight files and its shape.
public struct Parameter: Hashable, Sendable {
  /// `conv1_1.weight`, `conv1_1.bias`.
  public let name: String
  /// (out, in / groups, height, width) for a convolution's weight, (in, out, height, width) for a
  /// transposed convolution's, (out) for a bias.
  public let shape: Shape
}
