internal import Primitives
import Tensors

/// A network as people draw FCN and U-Net: each map a box, as high as its rows and as wide as its channels,
/// on a logarithmic scale; a finer map higher up, so that a skip runs level; depth runs to the right.
///
/// The graph of the same layers is ``NetworkDrawing``.
public struct NetworkPicture: Sendable {
  /// What made a map.
  enum Kind: String, Sendable, CaseIterable {
    case input, convolution, pool, enlargement, crop, join, other

    /// Its name in the legend.
    var title: String {
      switch self {
      case .input: "picture"
      case .convolution: "convolution"
      case .pool: "pool"
      case .enlargement: "upsampling"
      case .crop: "crop"
      case .join: "sum or concatenation"
      case .other: "other"
      }
    }
  }

  /// A map, or the maps of a block of convolutions.
  struct Box: Sendable {
    var titles: [String]
    let kind: Kind
    var shape: MapShape?
    /// The convolutions of the block.
    var slabs = 1
    /// The boxes that it reads; of a crop the one that is cut.
    let inputs: [Int]
    /// How often the maps were halved on the way to it.
    var level = 0
    /// Counted from the left.
    var column = 0
    /// Counted from the top, among those of a level that would lie on each other.
    var lane = 0
  }

  private(set) var boxes: [Box] = []
  let input: Size
  let name: String

  /// The picture of a network for one size of its input.
  public init(_ table: NetworkTable) {
    input = table.input
    name = table.network.name
    var boxOf: [String: Int] = [:]
    for row in table.rows {
      let layer = row.layer
      let inputs = layer.inputs.map { boxOf[$0]! }
      if let last = inputs.first, inputs.count == 1, layer.operation.isPartOfBox,
        boxes[last].shape == row.output
      {
        boxOf[layer.name] = last
        continue
      }
      let kind = Kind(layer.operation)
      if inputs.count == 1, let last = inputs.first, last == boxes.count - 1, kind == .convolution,
        boxes[last].kind == .convolution, let (old, new) = Self.pair(boxes[last].shape, row.output),
        old.channels == new.channels, halvings(old, new) == 0,
        // Nobody else reads a map in the middle of the block.
        table.rows.count(where: { reader in
          boxOf[reader.layer.name] == nil && reader.layer.inputs.contains { boxOf[$0] == last }
        }) == 1
      {
        boxes[last].titles.append(layer.name)
        (boxes[last].shape, boxes[last].slabs) = (new, boxes[last].slabs + 1)
        boxOf[layer.name] = last
        continue
      }
      boxOf[layer.name] = boxes.count
      boxes.append(
        Box(
          titles: [layer.name], kind: kind, shape: row.output,
          inputs: kind == .crop || layer.operation.takesSizeOfSecond
            ? Array(inputs.prefix(1)) : inputs,
          // A crop halves nothing, however much it takes away.
          level: kind == .crop ? boxes[inputs[0]].level : level(row.output, reading: inputs)))
    }
    placeInColumns()
    placeInLanes()
  }

  private static func pair(_ a: MapShape?, _ b: MapShape?) -> (MapShape, MapShape)? {
    a.flatMap { a in b.map { (a, $0) } }
  }

  /// How often the first is halved to be nearly as small as the second.
  private func halvings(_ from: MapShape, _ to: MapShape) -> Int {
    let ratio = Double(from.size.area) / Double(max(1, to.size.area))
    let axes: Double = input.height == 1 ? 1 : 2
    return Int((Double.log(ratio) / Double.log(2) / axes).rounded())
  }

  /// The level of a map that reads these.
  private func level(_ shape: MapShape?, reading inputs: [Int]) -> Int {
    guard let first = inputs.first else { return 0 }
    let step = Self.pair(boxes[first].shape, shape).map { halvings($0, $1) }
    return boxes[first].level + (step ?? 0)
  }

  /// Each box as late as those that read it allow, so that a skip's own layers lie where it ends.
  private mutating func placeInColumns() {
    var before = Array(repeating: 0, count: boxes.count)
    for index in boxes.indices.reversed() {
      for input in boxes[index].inputs { before[input] = max(before[input], before[index] + 1) }
    }
    let most = before.max() ?? 0
    for index in boxes.indices { boxes[index].column = most - before[index] }
    // The columns that nobody stands in go.
    let used = Set(boxes.map { $0.column }).sorted()
    for index in boxes.indices { boxes[index].column = used.firstIndex(of: boxes[index].column)! }
  }

  private mutating func placeInLanes() {
    var taken: [[Int]: Int] = [:]
    // A skip comes in level, above the stream that it joins.
    let skips = boxes.indices.filter { boxes[$0].kind == .crop }
    for index in skips + boxes.indices.filter({ boxes[$0].kind != .crop }) {
      let place = [boxes[index].level, boxes[index].column]
      boxes[index].lane = taken[place, default: 0]
      taken[place, default: 0] += 1
    }
  }
}

extension NetworkPicture.Kind {
  fileprivate init(_ operation: Network.Operation) {
    self =
      switch operation {
      case .input: .input
      case .convolution: .convolution
      case .maxPool, .averagePool, .globalPool: .pool
      case .transposedConvolution, .resize, .shuffle: .enlargement
      case .crop, .centerCrop, .cut, .channels: .crop
      case .sum, .product, .maximum, .concatenate: .join
      default: .other
      }
  }
}

extension Network.Operation {
  /// Whether what it makes is drawn as the map that it reads.
  fileprivate var isPartOfBox: Bool {
    switch self {
    case .activation, .batchNormalization, .affine, .power, .softmax, .normalization, .dropout,
      .identity:
      true
    default: false
    }
  }
}
