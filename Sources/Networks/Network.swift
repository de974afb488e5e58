public import Tensors

/// A network as data: its layers in the order in which they run.
///
/// The named networks, such as ``fcn8s(classes:backbone:)``, read like the paper's figure. Shapes,
/// parameters, costs, receptive fields and crop offsets are all computed from this list, and so is
/// the result, on the readable primitives or on the fast kernels.
public struct Network: Hashable, Sendable {
  /// What the network is called: `FCN-8s`.
  public let name: String
  /// The layers, each behind those that it reads; the first is the input, the last gives the result.
  public let layers: [Layer]
  /// The number of channels that each layer gives, by layer name; those of unknown layers, and of what
  /// reads them, are missing. They do not depend on the picture.
  public let channels: [String: Int]
  /// Whether its maps are lines, one cell high, as those of sound and text are.
  public let isOneDimensional: Bool
  /// Which tensors share their numbers: those of one label do, by parameter name.
  package let sharing: [String: String]
  /// What layers were made for the size of their picture, and would be otherwise for another: stand-ins
  /// of the same extents at every size, by layer name. A fully connected layer gives one cell always.
  let stretching: [String: Operation]
  /// What its file computed for one size of picture alone; nil if nothing.
  let bound: Bound?
  /// The most layers that are read of a network from outside, in whichever form it comes; more than any
  /// that was published has.
  package static let mostLayers = 2000
  /// The largest extent of a picture or a window, and the most channels, of a network from outside.
  package static let mostExtent = 1_000_000
  package static let mostChannels = 1 << 20
  /// Where each layer stands, by its name.
  private let places: [String: Int]

  /// A network built layer by layer; the last layer added gives the result.
  public init(_ name: String, input channels: Int = 3, build: (inout NetworkBuilder) -> Void) {
    var builder = NetworkBuilder(inputChannels: channels)
    build(&builder)
    self.init(name, layers: builder.layers)
  }

  /// A network of these layers.
  package init(
    _ name: String, layers: [Layer], isOneDimensional: Bool = false, sharing: [String: String] = [:]
  ) {
    self.init(
      name, layers: layers, isOneDimensional: isOneDimensional, sharing: sharing, stretching: [:])
  }

  init(
    _ name: String, layers: [Layer], isOneDimensional: Bool, sharing: [String: String],
    stretching: [String: Operation], bound: Bound? = nil
  ) {
    (self.name, self.layers, self.isOneDimensional) = (name, layers, isOneDimensional)
    (self.sharing, self.stretching, self.bound) = (sharing, stretching, bound)
    places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
    channels = layers.reduce(into: [:]) { channels, layer in
      let inputs = layer.inputs.compactMap { channels[$0] }
      guard inputs.count == layer.inputs.count else { return }
      channels[layer.name] = layer.operation.channels(of: inputs)
    }
  }

  /// The same with other layers.
  func with(_ layers: [Layer]) -> Network {
    Network(
      name, layers: layers, isOneDimensional: isOneDimensional, sharing: sharing,
      stretching: stretching, bound: bound)
  }

  /// What the picture is called.
  public var inputName: String { layers[0].name }

  /// The channels of the picture.
  public var inputChannels: Int {
    guard case .input(let channels) = layers[0].operation else {
      preconditionFailure("\(name) begins with \(layers[0].operation.kind), not with its input")
    }
    return channels
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
    layers.append(Network.Layer(name: name, operation: operation, inputs: inputs.map { $0.layer }))
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

    /// Why the book does not have the layer: `z (Softmax) has axis 2, …`; nil if it has it. All that say so
    /// say it in these words.
    public var whyUnknown: String? {
      guard case .unknown(let kind, let reason) = operation else { return nil }
      return "\(name) (\(kind.visible)) \(reason)"
    }
  }
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
