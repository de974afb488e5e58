public import ConvolutionArithmetic
import Primitives
public import Tensors

extension Network {
  /// What a layer does to the maps it reads: what the networks of Caffe, of ONNX and of this book are
  /// made of.
  public enum Operation: Hashable, Sendable {
    /// The picture, with this many channels.
    case input(channels: Int)
    /// A convolution, then ReLU if asked for. Fully connected is one whose kernel is the whole map.
    case convolution(Convolution, outputs: Int, bias: Bool, relu: Bool)
    case transposedConvolution(Convolution, outputs: Int, bias: Bool)
    /// The largest cell of each window.
    case maxPool(Pooling)
    /// The mean of each window.
    case averagePool(Pooling)
    /// One cell for each whole map: its largest, or its mean.
    case globalPool(Statistic)
    /// A function of each number by itself; after a convolution ReLU is a part of that.
    case activation(Activation)
    /// Every channel less its mean, divided by √(variance + epsilon), and, if affine, times its weight
    /// and plus its bias; all of them as they were learned.
    case batchNormalization(epsilon: Double, isAffine: Bool)
    /// Each channel times its weight, plus its bias, or one of the two alone: Caffe's Scale and Bias.
    case affine(weight: Bool, bias: Bool)
    /// (shift + scale · x) to the power of the exponent.
    case power(exponent: Double, scale: Double, shift: Double)
    /// Scores as probabilities: positive, and 1 together over the channels.
    case softmax
    /// Local response normalisation across this many neighbouring channels: x / (k + alpha / size ·
    /// Σ x²)^beta.
    case normalization(size: Int, alpha: Double, beta: Double, k: Double)
    /// Elements set to zero while training; does nothing otherwise.
    case dropout(probability: Double)
    /// Maps with more or fewer cells, of which each holds what lay there.
    case resize(Resize)
    /// The first input, cut to the size of the second, from this cell on; nil means from where it lies
    /// over the second.
    case crop(offset: Size?)
    /// The first input, cut to the size of the second in its middle; of an odd rest the smaller half
    /// before.
    case centerCrop
    /// The first input in maps of zeros as large as the second, its first cell at this one; nil means in
    /// the middle, of an odd rest the smaller half before. What does not fit in is cut off.
    case padTo(offset: Size?)
    /// The part of each map of this size from this cell on.
    case cut(offset: Size, size: Size)
    /// Cells added around each map; a side below 0 takes cells off.
    case pad(Padding, Border)
    /// Some of the channels.
    case channels(Range<Int>)
    /// The channels of several groups in turn: the first of each, then the second of each, and so on.
    case shuffle(groups: Int)
    /// Each cell as a block of this many: channels that lie behind each other become cells that lie side by
    /// side, row by row. PyTorch's PixelShuffle; one cell becomes a whole map so.
    case pixelShuffle(Size)
    /// Each block of this many cells as one, whose channels lie behind each other: the way back. Files lay
    /// out a whole map so, as a list of its numbers.
    case pixelUnshuffle(Size)
    /// The cell-by-cell sum of the inputs, each times its coefficient; no coefficients are all 1. A map
    /// of one cell behind a global pool is added to every cell.
    case sum(coefficients: [Double])
    /// The cell-by-cell product of the inputs. A map of one cell behind a global pool multiplies every
    /// cell, one channel every channel.
    case product
    /// The cell-by-cell largest of the inputs.
    case maximum
    /// The channels of all inputs, one behind the other.
    case concatenate
    /// Nothing, by the name that a file has for it: flatten, reshape, split.
    case identity(String)
    /// What the book does not have, by the name that a file has for it, and why, as a predicate: perhaps
    /// it is an attribute alone. The maps that it gives have no size, nor has what reads them.
    case unknown(String, reason: String = "is no operation of the book")

    /// What is taken of a whole map.
    public enum Statistic: Hashable, Sendable { case maximum, mean }

    /// What is around a map: this value, the map mirrored at its outermost cells, or those repeated.
    public enum Border: Hashable, Sendable { case value(Double), reflection, replication }
  }
}

extension Network.Operation {
  /// max(0, x).
  public static var relu: Network.Operation { .activation(.relu) }

  /// Every channel normalized as PyTorch does it unless told otherwise.
  public static var batchNormalization: Network.Operation {
    .batchNormalization(epsilon: 1e-5, isAffine: true)
  }

  /// Every cell times this number.
  public static func scale(_ factor: Double) -> Network.Operation {
    .power(exponent: 1, scale: factor, shift: 0)
  }

  /// Local response normalisation with k = 1.
  public static func normalization(size: Int, alpha: Double, beta: Double) -> Network.Operation {
    .normalization(size: size, alpha: alpha, beta: beta, k: 1)
  }

  /// The first input, cut to the cells that lie over the second.
  public static var crop: Network.Operation { .crop(offset: nil) }

  /// The cell-by-cell sum of the inputs.
  public static var sum: Network.Operation { .sum(coefficients: []) }

  /// What the table and the text language call it.
  public var kind: String {
    switch self {
    case .input: "input"
    case .convolution: "conv"
    case .transposedConvolution: "convT"
    case .maxPool, .globalPool(.maximum): "max"
    case .averagePool, .globalPool(.mean): "avg"
    case .activation(let function): function.kind
    case .batchNormalization: "bn"
    case .affine: "affine"
    case .power(exponent: 1, scale: _, shift: 0): "scale"
    case .power: "power"
    case .softmax: "softmax"
    case .normalization: "lrn"
    case .dropout: "drop"
    case .resize(let resize): resize.enlargement == nil ? "resize" : "up"
    case .crop, .centerCrop: "crop"
    case .cut: "cut"
    case .pad, .padTo: "pad"
    case .channels: "channels"
    case .shuffle: "shuffle"
    case .pixelShuffle: "pixelshuffle"
    case .pixelUnshuffle: "unshuffle"
    case .sum: "add"
    case .product: "mul"
    case .maximum: "maximum"
    case .concatenate: "cat"
    case .identity(let name), .unknown(let name, _): name
    }
  }

  /// A convolution with the same numbers for both axes, which must be possible.
  public static func convolution(
    outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1, relu: Bool
  ) -> Network.Operation {
    .convolution(
      possible { () throws(GeometryError) in
        try Convolution(
          kernelSize: Size(kernelSize), stride: Size(stride), padding: Padding(Size(padding)),
          groups: groups)
      }, outputs: outputs, bias: true, relu: relu)
  }

  /// A maximum with the same numbers for both axes, which must be possible.
  public static func maxPool(kernelSize: Int, stride: Int, rounding: Rounding) -> Network.Operation
  {
    .maxPool(
      possible { () throws(GeometryError) in
        try Pooling(kernelSize: Size(kernelSize), stride: Size(stride), rounding: rounding)
      })
  }

  /// A transposed convolution with the same numbers for both axes and without padding.
  public static func transposedConvolution(
    outputs: Int, kernelSize: Int, stride: Int, bias: Bool = false
  ) -> Network.Operation {
    .transposedConvolution(
      possible { () throws(GeometryError) in
        try Convolution(kernelSize: Size(kernelSize), stride: Size(stride)).transposed()
      }, outputs: outputs, bias: bias)
  }

  /// The window downwards, if it is an operation with a window.
  public var window: Window? { try? window(along: .height) }

  /// The window along one axis, if it is an operation with a window. Upsampling is a transposed
  /// convolution whose weights are known, a border a window of one cell with padding.
  public func window(along axis: Network.Axis) throws(GeometryError) -> Window? {
    func pick(_ layer: some Windowed) -> Window { axis == .height ? layer.rows : layer.columns }
    switch self {
    case .convolution(let layer, _, _, _), .transposedConvolution(let layer, _, _):
      return pick(layer)
    case .maxPool(let pooling), .averagePool(let pooling):
      return pick(pooling)
    case .resize(let resize):
      return try resize.window(along: axis)
    case .pad(let padding, _):
      return try axis == .height
        ? Window(kernelSize: 1, paddingBefore: padding.top, paddingAfter: padding.bottom)
        : Window(kernelSize: 1, paddingBefore: padding.left, paddingAfter: padding.right)
    case .pixelShuffle(let block):
      let extent = block[axis]
      return try Window(kernelSize: extent, stride: extent).transposed()
    case .pixelUnshuffle(let block):
      return try Window(kernelSize: block[axis], stride: block[axis])
    default: return nil
    }
  }

  /// Whether its maps are as large as its second input, of which it takes nothing else.
  var takesSizeOfSecond: Bool {
    switch self {
    case .crop, .centerCrop, .padTo: true
    case .resize(let resize): resize.target == .second
    default: false
    }
  }

  /// Whether it gives what it reads, but for training.
  var leavesMaps: Bool {
    switch self {
    case .dropout, .identity: true
    default: false
    }
  }

  /// Whether it multiplies each channel by a number and adds one.
  var isLinePerChannel: Bool {
    switch self {
    case .batchNormalization, .affine: true
    default: false
    }
  }
}

private func possible<Made>(_ make: () throws(GeometryError) -> Made) -> Made {
  do { return try make() } catch { preconditionFailure("\(error)") }
}

extension Network {
  /// A function of one number, as it stands between the layers of a network.
  public enum Activation: Hashable, Sendable {
    /// max(0, x).
    case relu
    /// x, or slope · x below 0.
    case leakyReLU(slope: Double)
    /// The same with slopes that are learned: one for each channel, or one for all.
    case learnedReLU(isShared: Bool)
    /// x, held between two numbers: ReLU6 from 0 to 6.
    case clipped(ClosedRange<Double>)
    /// x, or alpha · (eˣ − 1) below 0.
    case elu(alpha: Double)
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    case tanh
    /// alpha · x + beta, held between 0 and 1.
    case hardSigmoid(alpha: Double, beta: Double)
    /// x · (x / 6 + ½, held between 0 and 1).
    case hardSwish
    /// x · sigmoid(x), also called Swish.
    case silu
    /// x times the part of a standard normal distribution below it.
    case gelu
    /// log(1 + eˣ).
    case softplus
    case absolute
    case exponential
    case logarithm
  }
}

extension Network.Activation {
  /// What the table and the text language call it.
  public var kind: String {
    switch self {
    case .relu: "relu"
    case .leakyReLU: "leaky"
    case .learnedReLU: "prelu"
    case .clipped: "clip"
    case .elu: "elu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .hardSigmoid: "hardsigmoid"
    case .hardSwish: "hardswish"
    case .silu: "silu"
    case .gelu: "gelu"
    case .softplus: "softplus"
    case .absolute: "abs"
    case .exponential: "exp"
    case .logarithm: "log"
    }
  }
}
