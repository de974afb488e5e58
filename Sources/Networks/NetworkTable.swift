public import ConvolutionArithmetic
public import Tensors

/// A network for one size of picture as a table: one row for each layer.
public struct NetworkTable: Sendable {
  /// One layer.
  public struct Row: Sendable {
    /// The layer.
    public let layer: Layer
    /// The shape of its maps.
    public let output: MapShape
    /// Learned numbers.
    public let parameters: Int
    /// Multiply-adds for one picture.
    public let multiplyAdds: Int
    /// What one cell sees of the picture, by any of the streams where several meet; nil where that
    /// differs from cell to cell without end, as where streams of different jumps meet.
    public let field: ReceptiveField?
    /// For a crop: where it cuts, and why there.
    public let crop: CropDerivation?
  }

  /// The network.
  public let network: Network
  /// The size of the picture.
  public let input: Size
  /// The layers in order.
  public let rows: [Row]

  /// The table of a network for a picture of this size.
  ///
  /// - Throws: `GeometryError` if the picture is too small, or no whole crop offset exists.
  public init(_ network: Network, input: Size) throws(GeometryError) {
    let shapes = try network.shapes(input: input)
    let multiplyAdds = try network.multiplyAdds(input: input)
    let graph = try network.axisGraph()
    var rows: [Row] = []
    for (index, layer) in network.layers.enumerated() {
      rows.append(
        Row(
          layer: layer, output: shapes[index],
          parameters: network.parameters(of: layer).reduce(0) { $0 + $1.shape.count },
          multiplyAdds: multiplyAdds[index],
          field: try? graph.receptiveField(of: graph.nodes[index]),
          crop: layer.operation == .crop
            ? try CropDerivation(of: layer, in: network, cropped: shapes, output: shapes[index])
            : nil))
    }
    self.network = network
    self.input = input
    self.rows = rows
  }

  /// Learned numbers of all layers.
  public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
  /// Multiply-adds of all layers.
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }
}

/// Where a crop cuts and why: the two coordinate maps, and their difference.
public struct CropDerivation: Sendable, CustomStringConvertible {
  /// The layer that is cropped.
  public let cropped: String
  /// The layer on which it must lie.
  public let reference: String
  /// Where a picture's pixel x lies on the layer that is cropped.
  public let croppedMap: CoordinateMap
  /// Where it lies on the reference.
  public let referenceMap: CoordinateMap
  /// Cells taken off before: the difference of the two.
  public let offset: Int
  /// Cells left over behind, for this picture.
  public let rest: Size

  init(
    of layer: Layer, in network: Network, cropped shapes: [MapShape], output: MapShape
  ) throws(GeometryError) {
    (cropped, reference) = (layer.inputs[0], layer.inputs[1])
    croppedMap = try network.coordinateMap(of: cropped)
    referenceMap = try network.coordinateMap(of: reference)
    offset = try network.cropOffset(of: layer)
    let index = network.layers.firstIndex { $0.name == layer.inputs[0] }!
    let size = shapes[index].size
    rest = Size(
      height: size.height - offset - output.size.height,
      width: size.width - offset - output.size.width)
  }

  /// `upscore8 at x + 31, input at x: offset 31`
  public var description: String {
    "\(cropped) at \(croppedMap), \(reference) at \(referenceMap): offset \(offset)"
  }
}

extension Network {
  /// The learned tensors of one layer: weight and bias, or nothing.
  public func parameters(of layer: Layer) -> [Parameter] {
    guard let input = layer.inputs.first, let inputs = channels[input] else { return [] }
    switch layer.operation {
    case .convolution(let convolution, let outputs, _):
      let size = convolution.kernelSize
      return [
        Parameter(
          name: "\(layer.name).weight",
          shape: [outputs, inputs / convolution.groups, size.height, size.width]),
        Parameter(name: "\(layer.name).bias", shape: [outputs]),
      ]
    case .transposedConvolution(let convolution, let outputs, let bias):
      let size = convolution.kernelSize
      let weight = Parameter(
        name: "\(layer.name).weight",
        shape: [inputs, outputs / convolution.groups, size.height, size.width])
      return bias ? [weight, Parameter(name: "\(layer.name).bias", shape: [outputs])] : [weight]
    default:
      return []
    }
  }

  /// All learned tensors in the order of the layers.
  public var parameters: [Parameter] {
    layers.flatMap(parameters(of:))
  }

  /// The multiply-adds of each layer for a picture of this size, in the order of ``layers``: one for
  /// each output cell, kernel cell and channel met, padding included.
  public func multiplyAdds(input size: Size) throws(GeometryError) -> [Int] {
    let shapes = try shapes(input: size)
    let byName = Dictionary(uniqueKeysWithValues: zip(layers.map(\.name), shapes))
    return zip(layers, shapes).map { layer, shape in
      let weights = parameters(of: layer).first?.shape.count ?? 0
      // A convolution uses every weight once for each output cell, a transposed convolution once for
      // each input cell.
      return switch layer.operation {
      case .convolution: weights * shape.size.area
      case .transposedConvolution: weights * byName[layer.inputs[0]]!.size.area
      default: 0
      }
    }
  }
}
