public import ConvolutionArithmetic
public import Tensors

/// A network as data: its layers in the order in which they run.
///
/// The named networks, such as ``fcn8s(classes:backbone:)``, read like the paper's figure. Shapes,
/// parameters, costs, receptive fields and crop offsets are all computed from this list, and so is
/// the result, on the readable primitives or on the fast kernels.
public struct Network: Hashable, Sendable {
  /// What the network is called: `FCN-8s`.
  public let name: String
  /// The layers; the first is the input, the last gives the result.
  public let layers: [Layer]
  /// Whether its maps are lines, one cell high, as those of sound and text are.
  public let isOneDimensional: Bool
  /// Where each layer stands, by its name.
  private let places: [String: Int]

  /// A network built layer by layer; the last layer added gives the result.
  public init(_ name: String, input channels: Int = 3, build: (inout NetworkBuilder) -> Void) {
    var builder = NetworkBuilder(inputChannels: channels)
    build(&builder)
    self.init(name, layers: builder.layers)
  }

  /// A network of these layers.
  package init(_ name: String, layers: [Layer], isOneDimensional: Bool = false) {
    (self.name, self.layers, self.isOneDimensional) = (name, layers, isOneDimensional)
    places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
  }

  /// The layer of this name.
  public subscript(name: String) -> Layer? {
    places[name].map { layers[$0] }
  }
}

/// One stream of maps between two layers, known by the layer that makes it.
public struct Stream: Hashable, Sendable {
  let layer: String
}

/// Adds layers to a network, one line each; every method returns the stream that it makes.
public struct NetworkBuilder {
  var layers: [Network.Layer]

  init(inputChannels: Int) {
    layers = [Network.Layer(name: "input", operation: .input(channels: inputChannels), inputs: [])]
  }

  /// The picture.
  public var input: Stream { Stream(layer: "input") }

  /// Adds a layer.
  @discardableResult
  public mutating func add(_ name: String, _ operation: Network.Operation, _ inputs: Stream...)
    -> Stream
  {
    precondition(!layers.contains { $0.name == name }, "two layers are called \(name)")
    layers.append(Network.Layer(name: name, operation: operation, inputs: inputs.map(\.layer)))
    return Stream(layer: name)
  }

  /// A 1×1 convolution from features to one score for each class.
  public mutating func score(_ name: String, _ x: Stream, classes: Int) -> Stream {
    add(name, .convolution(outputs: classes, kernelSize: 1, relu: false), x)
  }

  /// A transposed convolution that makes a map of scores `factor` times finer: kernel 2·factor,
  /// stride factor, as bilinear interpolation has it.
  public mutating func upsample(
    _ name: String, _ x: Stream, by factor: Int, classes: Int
  ) -> Stream {
    add(
      name, .transposedConvolution(outputs: classes, kernelSize: 2 * factor, stride: factor), x)
  }

  /// The skip: `fine`, cut to the cells that lie over `coarse`, is added to it.
  public mutating func fuse(_ name: String, _ coarse: Stream, with fine: Stream) -> Stream {
    let cropped = add("\(fine.layer)c", .crop, fine, coarse)
    return add(name, .sum, coarse, cropped)
  }
}

extension Network {
  /// One layer of a network: a name, what it does, and the layers it reads.
  public struct Layer: Hashable, Sendable {
    /// The name, as in the published networks: `conv1_1`, `score_pool4`, `upscore8`.
    public let name: String
    /// What it does.
    public let operation: Operation
    /// The names of the layers it reads, in order.
    public let inputs: [String]

    package init(name: String, operation: Operation, inputs: [String]) {
      (self.name, self.operation, self.inputs) = (name, operation, inputs)
    }
  }

  /// What a layer does to the maps it reads.
  public enum Operation: Hashable, Sendable {
    /// The picture, with this many channels.
    case input(channels: Int)
    /// A convolution, then ReLU if asked for.
    case convolution(Convolution, outputs: Int, bias: Bool, relu: Bool)
    /// The largest cell of each window.
    case maxPool(Pooling)
    /// The mean of each window.
    case averagePool(Pooling)
    /// One cell for each whole map: its largest, or its mean.
    case globalPool(Statistic)
    /// max(0, x); after a convolution it is a part of that.
    case relu
    /// Every channel less its mean, divided by its deviation, times its weight and plus its bias, all of
    /// them as they were learned.
    case batchNormalization
    /// Scores as probabilities: positive, and 1 together over the channels.
    case softmax
    /// Local response normalisation across this many neighbouring channels.
    case normalization(size: Int, alpha: Double, beta: Double)
    /// Elements set to zero while training; does nothing otherwise.
    case dropout(probability: Double)
    /// Every cell times this number.
    case scale(Double)
    case transposedConvolution(Convolution, outputs: Int, bias: Bool)
    /// Every map this many times as large.
    case upsample(factor: Size, Interpolation)
    /// The first input, cut to the size of the second, from this cell on; nil means from where it lies
    /// over the second.
    case crop(offset: Size?)
    /// The cell-by-cell sum of two streams.
    case sum
    /// The channels of all inputs, one behind the other.
    case concatenate

    /// What is taken of a whole map.
    public enum Statistic: Hashable, Sendable { case maximum, mean }

    /// What new cells hold: the cell that they came out of, or what lies between its neighbours.
    public enum Interpolation: Hashable, Sendable { case nearest, bilinear }
  }
}

extension Network.Operation {
  /// The first input, cut to the cells that lie over the second.
  public static var crop: Network.Operation { .crop(offset: nil) }

  /// What the table and the text language call it.
  public var kind: String {
    switch self {
    case .input: "input"
    case .convolution: "conv"
    case .transposedConvolution: "convT"
    case .maxPool, .globalPool(.maximum): "max"
    case .averagePool, .globalPool(.mean): "avg"
    case .relu: "relu"
    case .batchNormalization: "bn"
    case .softmax: "softmax"
    case .normalization: "lrn"
    case .dropout: "drop"
    case .scale: "scale"
    case .upsample: "up"
    case .crop: "crop"
    case .sum: "add"
    case .concatenate: "cat"
    }
  }

  /// A convolution with the same numbers for both axes, which must be possible.
  public static func convolution(
    outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1, relu: Bool
  ) -> Network.Operation {
    .convolution(
      possible {
        try Convolution(
          kernelSize: Size(kernelSize), stride: Size(stride), padding: Padding(Size(padding)),
          groups: groups)
      }, outputs: outputs, bias: true, relu: relu)
  }

  /// A maximum with the same numbers for both axes, which must be possible.
  public static func maxPool(kernelSize: Int, stride: Int, rounding: Rounding) -> Network.Operation
  {
    .maxPool(
      possible {
        try Pooling(kernelSize: Size(kernelSize), stride: Size(stride), rounding: rounding)
      })
  }

  /// A transposed convolution with the same numbers for both axes and without padding.
  public static func transposedConvolution(
    outputs: Int, kernelSize: Int, stride: Int, bias: Bool = false
  ) -> Network.Operation {
    .transposedConvolution(
      possible {
        try Convolution(kernelSize: Size(kernelSize), stride: Size(stride)).transposed()
      }, outputs: outputs, bias: bias)
  }

  /// The window downwards, if it is an operation with a window.
  public var window: Window? { try? window(along: .height) }

  /// The window along one axis, if it is an operation with a window. Upsampling is a transposed
  /// convolution whose weights are known.
  public func window(along axis: Network.Axis) throws(GeometryError) -> Window? {
    func pick(_ layer: some Windowed) -> Window { axis == .height ? layer.rows : layer.columns }
    switch self {
    case .convolution(let layer, _, _, _), .transposedConvolution(let layer, _, _):
      return pick(layer)
    case .maxPool(let pooling), .averagePool(let pooling):
      return pick(pooling)
    case .upsample(let factor, let interpolation):
      let factor = factor[axis]
      return switch interpolation {
      case .nearest: try Window(kernelSize: factor, stride: factor).transposed()
      case .bilinear:
        try Window(kernelSize: 2 * factor - factor % 2, stride: factor, padding: factor / 2)
          .transposed()
      }
    default: return nil
    }
  }
}

private func possible<Made>(_ make: () throws -> Made) -> Made {
  do { return try make() } catch { preconditionFailure("\(error)") }
}

extension Network {
  /// One of the two axes of a map.
  public enum Axis: Sendable { case height, width }
}

extension Size {
  /// The extent along an axis.
  public subscript(axis: Network.Axis) -> Int { axis == .height ? height : width }
}

extension Network {
  /// A tensor of a network: its name in weight files and its shape.
  public struct Parameter: Hashable, Sendable {
    /// `conv1_1.weight`, `conv1_1.bias`.
    public let name: String
    /// (out, in / groups, height, width) for a convolution's weight, (in, out, height, width) for a
    /// transposed convolution's, (out) for a bias.
    public let shape: Shape
    /// Whether it is learned by descent; the means and variances of a batch normalization are observed.
    public let isLearned: Bool

    init(name: String, shape: Shape, isLearned: Bool = true) {
      (self.name, self.shape, self.isLearned) = (name, shape, isLearned)
    }
  }
}
