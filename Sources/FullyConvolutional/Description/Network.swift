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

  /// A network built layer by layer; the last layer added gives the result.
  public init(_ name: String, input channels: Int = 3, build: (inout NetworkBuilder) -> Void) {
    var builder = NetworkBuilder(inputChannels: channels)
    build(&builder)
    self.name = name
    layers = builder.layers
  }

  /// A network of these layers.
  init(_ name: String, layers: [Layer]) {
    (self.name, self.layers) = (name, layers)
  }

  /// The layer of this name.
  public subscript(name: String) -> Layer? {
    layers.first { $0.name == name }
  }
}

/// One stream of maps between two layers, known by the layer that makes it.
public struct Stream: Hashable, Sendable {
  let layer: String
}

/// Adds layers to a network, one line each; every method returns the stream that it makes.
public struct NetworkBuilder {
  var layers: [Layer]

  init(inputChannels: Int) {
    layers = [Layer(name: "input", operation: .input(channels: inputChannels), inputs: [])]
  }

  /// The picture.
  public var input: Stream { Stream(layer: "input") }

  /// Adds a layer.
  @discardableResult
  public mutating func add(_ name: String, _ operation: Operation, _ inputs: Stream...) -> Stream {
    precondition(!layers.contains { $0.name == name }, "two layers are called \(name)")
    layers.append(Layer(name: name, operation: operation, inputs: inputs.map(\.layer)))
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
