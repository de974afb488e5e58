public import ConvolutionArithmetic
public import Tensors

/// A network for one size of picture as a table: one row for each layer.
public struct NetworkTable: Sendable {
  /// One layer.
  public struct Row: Sendable {
    public let layer: Network.Layer
    /// The shape of its maps; nil if it is unknown to the book, or reads what is.
    public let output: MapShape?
    /// Learned numbers, as far as they are known; those that a layer before has too are counted there.
    public let parameters: Int
    /// The layers before with which it shares parameters, in order.
    public let sharedWith: [String]
    /// Multiply-adds for one picture, as far as they are known.
    public let multiplyAdds: Int64
    /// What one cell sees of the picture downwards, by any of the streams where several meet; nil where
    /// that has no end, as behind a global pool, or differs from cell to cell without end, as where
    /// streams of different jumps meet.
    public let field: ReceptiveField?
    /// The same to the right.
    public let fieldAcross: ReceptiveField?
    /// For a crop: where it cuts, and why there.
    public let crop: CropDerivation?
  }

  public let network: Network
  /// The size of the picture.
  public let input: Size
  /// The layers in order.
  public let rows: [Row]

  /// The table of a network for a picture of this size.
  ///
  /// - Throws: `GeometryError` if the picture is too small, or no whole crop offset exists.
  public init(_ network: Network, input: Size) throws(GeometryError) {
    let shapes = try network.knownShapes(input: input)
    let multiplyAdds = try network.multiplyAdds(shapes, input: input)
    let parameters = network.parametersByLayer
    let shared = network.sharedParameters
    let owners = Dictionary(
      uniqueKeysWithValues: zip(parameters, network.layers).flatMap { parameters, layer in
        parameters.map { ($0.name, layer.name) }
      })
    let settled = network.settled(shapes)
    let fields = try settled.receptiveFields(along: .height)
    let fieldsAcross = try settled.receptiveFields(along: .width)
    let sizes = zip(network.layers, shapes).reduce(into: [:]) { $0[$1.0.name] = $1.1?.size }
    let places = LayerPlaces(settled)
    var rows: [Row] = []
    for (index, layer) in network.layers.enumerated() {
      rows.append(
        Row(
          layer: layer, output: shapes[index],
          parameters: parameters[index].filter { $0.isLearned && shared[$0.name] == nil }
            .reduce(0) { $0 + $1.shape.count },
          sharedWith: parameters[index].compactMap { shared[$0.name].map { owners[$0]! } }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
          multiplyAdds: multiplyAdds[index],
          field: fields[index], fieldAcross: fieldsAcross[index],
          crop: try CropDerivation(of: settled.layers[index], sizes, places)))
    }
    self.network = network
    self.input = input
    self.rows = rows
  }

  /// Learned numbers of all layers.
  public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
  /// Multiply-adds of all layers.
  public var multiplyAdds: Int64 { rows.reduce(0) { $0 + $1.multiplyAdds } }
}

/// Where a crop cuts and why: the two coordinate maps, and their difference. The maps are those
/// downwards; only where the columns are others do they differ to the right.
public struct CropDerivation: Sendable, CustomStringConvertible {
  /// The layer that is cropped.
  public let cropped: String
  /// The layer on which it must lie.
  public let reference: String
  /// Where a picture's pixel x lies on the layer that is cropped, if it has a place there.
  public let croppedMap: CoordinateMap?
  /// Where it lies on the reference.
  public let referenceMap: CoordinateMap?
  /// Rows taken off before.
  public var offset: Int { offsets.height }
  /// Rows and columns taken off before.
  public let offsets: Size
  /// Those that would lay the one over the other; nil if none do. They differ from ``offsets`` only if
  /// the network states its own.
  public let aligned: Size?
  /// Cells left over behind, for this picture.
  public let rest: Size

  /// - Parameters:
  ///   - sizes: how large each layer is.
  ///   - places: where each layer lies.
  init?(
    of layer: Network.Layer, _ sizes: [String: Size], _ places: LayerPlaces
  ) throws(GeometryError) {
    guard case .crop = layer.operation, let whole = sizes[layer.inputs[0]],
      let kept = sizes[layer.inputs[1]]
    else { return nil }
    (cropped, reference) = (layer.inputs[0], layer.inputs[1])
    croppedMap = try? places.down[cropped]!.map.get()
    referenceMap = try? places.down[reference]!.map.get()
    offsets = try places.cropOffsets(of: layer)
    aligned = try? places.cropOffsets(
      of: Network.Layer(name: layer.name, operation: .crop, inputs: layer.inputs))
    rest = Size(
      height: whole.height - offsets.height - kept.height,
      width: whole.width - offsets.width - kept.width)
  }

  /// The maps in writing: `x + 31` and `x`.
  public var places: (cropped: String, reference: String) {
    let nowhere = "no one place"
    return (croppedMap?.description ?? nowhere, referenceMap?.description ?? nowhere)
  }

  /// `upscore8 at x + 31, input at x: offset 31`
  public var description: String {
    let place = offsets.height == offsets.width ? "\(offset)" : "\(offsets)"
    let sentence =
      "\(cropped) at \(places.cropped), \(reference) at \(places.reference): offset \(place)"
    guard aligned != offsets else { return sentence }
    guard let aligned else {
      return sentence + "; no whole offset lays the two together"
    }
    return sentence + ", as written; "
      + "\(aligned.height == aligned.width ? "\(aligned.height)" : "\(aligned)") would lay the two "
      + "together"
  }
}

extension Network {
  /// The tensors of one layer: a weight and perhaps a bias, those of a normalization, or none.
  public func parameters(of layer: Layer) -> [Parameter] {
    parameters(of: layer, inputs: layer.inputs.first.flatMap { channels[$0] })
  }

  /// - Parameter inputs: the channels that it reads; of a layer that reads unknown ones nothing is known.
  private func parameters(of layer: Layer, inputs: Int?) -> [Parameter] {
    func parameter(_ name: String, _ shape: Shape, isLearned: Bool = true) -> Parameter {
      Parameter(name: "\(layer.name).\(name)", shape: shape, isLearned: isLearned)
    }
    guard let inputs else { return [] }
    switch layer.operation {
    case .convolution(let convolution, let outputs, let bias, _):
      let size = convolution.kernelSize
      let weight = parameter(
        "weight", [outputs, inputs / convolution.groups, size.height, size.width])
      return bias ? [weight, parameter("bias", [outputs])] : [weight]
    case .transposedConvolution(let convolution, let outputs, let bias):
      let size = convolution.kernelSize
      let weight = parameter(
        "weight", [inputs, outputs / convolution.groups, size.height, size.width])
      return bias ? [weight, parameter("bias", [outputs])] : [weight]
    case .batchNormalization(_, let isAffine):
      return (isAffine ? [parameter("weight", [inputs]), parameter("bias", [inputs])] : []) + [
        parameter("running_mean", [inputs], isLearned: false),
        parameter("running_var", [inputs], isLearned: false),
      ]
    case .affine(let hasWeight, let hasBias):
      return (hasWeight ? [parameter("weight", [inputs])] : [])
        + (hasBias ? [parameter("bias", [inputs])] : [])
    case .activation(.learnedReLU(let isShared)):
      return [parameter("weight", [isShared ? 1 : inputs])]
    default:
      return []
    }
  }

  /// All tensors in the order of the layers.
  public var parameters: [Parameter] { parametersByLayer.flatMap { $0 } }

  /// The tensors of each layer, in the order of ``layers``.
  var parametersByLayer: [[Parameter]] {
    let channels = channels
    return layers.map { layer in
      parameters(of: layer, inputs: layer.inputs.first.flatMap { channels[$0] })
    }
  }

  /// The tensors that take their numbers from another, and which: the first of those that share them.
  public var sharedParameters: [String: String] {
    guard !sharing.isEmpty else { return [:] }
    var owners: [String: String] = [:]
    return parameters.reduce(into: [:]) { shared, parameter in
      guard let label = sharing[parameter.name] else { return }
      if let owner = owners[label] {
        shared[parameter.name] = owner
      } else {
        owners[label] = parameter.name
      }
    }
  }

  /// The multiply-adds of each layer for a picture of this size, in the order of ``layers``: one for
  /// each output cell, kernel cell and channel met, padding included.
  ///
  /// - Throws: `GeometryError` as ``shapes(input:)``, or if there are 2⁶² or more of them.
  public func multiplyAdds(input size: Size) throws(GeometryError) -> [Int] {
    try multiplyAdds(shapes(input: size).map { $0 }, input: size).map { Int($0) }
  }

  /// The multiply-adds of the layers whose maps have these shapes; 0 where they are not known.
  func multiplyAdds(_ shapes: [MapShape?], input size: Size) throws(GeometryError) -> [Int64] {
    let byName = Dictionary(uniqueKeysWithValues: zip(layers.map { $0.name }, shapes))
    var total: Int64 = 0
    var costs: [Int64] = []
    for (index, parameters) in parametersByLayer.enumerated() {
      let layer = layers[index]
      // A convolution uses every weight once for each output cell, a transposed convolution once for
      // each input cell.
      let cells =
        switch layer.operation {
        case .convolution: shapes[index]?.size.area ?? 0
        case .transposedConvolution: byName[layer.inputs[0]]??.size.area ?? 0
        default: 0
        }
      let (cost, overflows) = Int64(cells).multipliedReportingOverflow(
        by: Int64(parameters.first?.shape.count ?? 0))
      guard !overflows, cost < Int64(1) << 62 - total else {
        throw GeometryError("\(name) on a picture of \(size) needs 2⁶² multiply-adds or more")
      }
      total += cost
      costs.append(cost)
    }
    return costs
  }
}
