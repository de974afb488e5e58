import ConvolutionArithmetic
import Tensors

/// A network along one axis, made ready to be asked about many sizes of picture.
struct NetworkAxis: Sendable {
  let network: Network
  let axis: Network.Axis
  /// Which layers each one reads, by their places.
  let inputs: [[Int]]
  /// Whether the book has a layer and all that it reads.
  private let isKnown: [Bool]
  /// What padding by a rule comes to at every size, by the layers' places.
  private let stretched: [Int: Window]
  /// The layers whose maps have one cell, whatever the picture.
  let single: Set<String>
  /// Where each crop cuts.
  private let offsets: [Int: Result<Int, GeometryError>]
  /// The layers that step over cells on their way to what a crop is laid over, and the first such crop.
  ///
  /// What they leave over at the end the one stream of the crop has and the other has not.
  private let steps: [Int: Int]

  /// - Parameter isStretched: whether layers that are padded by a rule follow it at every size; they are
  ///   made for one.
  init(_ network: Network, along axis: Network.Axis, isStretched: Bool = false) {
    (self.network, self.axis) = (network, axis)
    let layers = network.layers
    let places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
    let inputs = layers.map { $0.inputs.map { places[$0]! } }
    let axisPlaces = network.axisPlaces(along: axis)
    var offsets: [Int: Result<Int, GeometryError>] = [:]
    var steps: [Int: Int] = [:]
    let stepping = layers.indices.filter { index in
      guard let window = try? layers[index].operation.window(along: axis) else { return false }
      return !window.isTransposed && window.stride > 1
        && window.effectiveKernelSize >= window.stride
    }
    for (index, layer) in layers.enumerated() {
      switch layer.operation {
      case .crop, .centerCrop: break
      default: continue
      }
      offsets[index] = Result { () throws(GeometryError) in
        try AxisPlace.cropOffset(of: layer, along: axis, behind: axisPlaces)
      }
      let open = stepping.prefix { $0 < index }.filter { steps[$0] == nil }
      guard !open.isEmpty else { continue }
      let own = Self.isAncestor(of: inputs[index][0], inputs)
      let others = Self.isAncestor(of: inputs[index][1], inputs)
      for step in open where others[step] && !own[step] { steps[step] = index }
    }
    let channels = network.channels
    isKnown = layers.map { channels[$0.name] != nil }
    single = network.oneCellLayers
    (self.inputs, self.offsets, self.steps) = (inputs, offsets, steps)
    var stretched: [Int: Window] = [:]
    for (name, operation) in network.stretching where isStretched {
      guard let place = places[name], case .maxPool(let pooling) = operation else { continue }
      stretched[place] = axis == .height ? pooling.rows : pooling.columns
    }
    self.stretched = stretched
  }

  /// The same of a network that has been changed.
  func with(_ network: Network) -> NetworkAxis {
    NetworkAxis(network, along: axis, isStretched: !stretched.isEmpty)
  }

  /// A layer and all that it is made from.
  func ancestors(of index: Int) -> Set<Int> {
    let marks = Self.isAncestor(of: index, inputs)
    return Set(marks.indices.filter { marks[$0] })
  }

  /// Which layers are this one, or something that it is made from.
  private static func isAncestor(of index: Int, _ inputs: [[Int]]) -> [Bool] {
    var marks = [Bool](repeating: false, count: inputs.count)
    marks[index] = true
    // Layers stand behind those that they read.
    for layer in (0...index).reversed() where marks[layer] {
      for input in inputs[layer] { marks[input] = true }
    }
    return marks
  }

  /// What a layer asks of the sizes that it reads, and by how much it is missed.
  struct Demand: Equatable {
    enum Kind: Equatable {
      /// The stream of this number has as many cells as the first; the amount is how many more it has.
      case equal(stream: Int)
      /// Cells for what is cut out; the amount is how many remain.
      case room
      /// A layer that steps over cells reads them to the last, because of a crop; the amount is how many
      /// it leaves over.
      case whole(crop: Int)
      /// What comes out is as large as the picture; the amount is how much larger it is.
      case output
    }
    let layer: Int
    let kind: Kind
    let amount: Int

    var isMet: Bool { kind == .room ? amount >= 0 : amount == 0 }
  }

  /// The extents of all layers, nil for those that are unknown, and what is asked of them: the same
  /// demands in the same order for every size.
  ///
  /// Behind a demand that is not met it goes on with the first stream.
  ///
  /// - Throws: `GeometryError` if a layer has no window.
  func walk(input: Int) throws(GeometryError) -> (extents: [Int?], demands: [Demand]) {
    var extents: [Int?] = []
    extents.reserveCapacity(inputs.count)
    var demands: [Demand] = []
    for index in inputs.indices {
      // A second picture is as large as the first.
      guard isKnown[index], !inputs[index].isEmpty else {
        extents.append(isKnown[index] ? input : nil)
        continue
      }
      do throws(GeometryError) {
        extents.append(
          try extent(of: index, inputs: inputs[index].map { extents[$0]! }, &demands))
      } catch {
        throw GeometryError("layer \(network.layers[index].name): \(error)")
      }
    }
    return (extents, demands)
  }

  /// The cells that come out of one layer.
  func extent(
    of index: Int, inputs: [Int], _ demands: inout [Demand]
  ) throws(GeometryError) -> Int {
    func ask(_ kind: Demand.Kind, _ amount: Int) {
      demands.append(Demand(layer: index, kind: kind, amount: amount))
    }
    /// So many cells from an offset on; those of a file may be any numbers.
    func askRoom(_ cells: Int, at offset: Int) {
      let isPossible = cells >= 1 && offset >= 0
      let most = Int.max / 8
      ask(.room, isPossible ? inputs[0] - min(cells, most) - min(offset, most) : .min / 4)
    }
    let layer = network.layers[index]
    if let window = stretched[index] { return try window.outputSize(input: inputs[0]) }
    switch layer.operation {
    case .crop: askRoom(inputs[1], at: try cropOffset(of: index))
    case .centerCrop: askRoom(inputs[1], at: 0)
    case .cut(let offset, let size): askRoom(size[axis], at: offset[axis])
    case .pad(let padding, .reflection):
      let most =
        axis == .height ? max(padding.top, padding.bottom) : max(padding.left, padding.right)
      ask(.room, inputs[0] - 1 - most)
    case .sum, .product, .maximum, .concatenate:
      let wide = layer.wideInputs(single)
      for stream in wide.dropFirst() {
        ask(.equal(stream: stream), inputs[stream] - inputs[wide[0]])
      }
      return try layer.extent(inputs: inputs, along: axis, first: wide[0])
    default:
      if let crop = steps[index], let window = try layer.operation.window(along: axis) {
        ask(.whole(crop: crop), try window.axis(input: inputs[0]).inputsPastLastWindow)
      }
    }
    return try layer.extent(inputs: inputs, along: axis)
  }

  /// How many cells a layer takes off before; 0 of one that cuts nothing.
  func cropOffset(of index: Int) throws(GeometryError) -> Int {
    switch network.layers[index].operation {
    case .crop: try offsets[index]!.get()
    case .cut(let offset, _): offset[axis]
    default: 0
    }
  }

  /// Whether a picture goes through, of this extent.
  func passes(_ input: Int) -> Bool {
    guard let walk = try? walk(input: input) else { return false }
    return walk.demands.allSatisfy { $0.isMet || $0.isStrict }
  }
}

extension NetworkAxis.Demand {
  /// Whether it is one without which a picture still goes through.
  var isStrict: Bool {
    switch kind {
    case .whole, .output: true
    case .equal, .room: false
    }
  }
}
