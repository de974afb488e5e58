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

extension NetworkPicture {
  /// A rectangle with a side that goes back; where its front begins, and how far back it goes.
  struct Block {
    var x = 0
    var y = 0
    var width = 0
    var height = 0
    var back = 0

    var middle: Int { y + height / 2 }
  }

  /// So many pixels for each doubling.
  private static let (rowStep, channelStep, columnStep) = (10.0, 2.5, 2.5)
  private static let label = 32

  /// The power of 2, and one more, so that 1 can be seen.
  private func steps(_ count: Int, _ step: Double) -> Int {
    Int((step * (1 + Double.log(Double(max(1, count))) / Double.log(2))).rounded())
  }

  /// The size of a box's block; its place is still open.
  private func block(_ box: Box) -> Block {
    guard let shape = box.shape else { return Block(width: 40, height: 40) }
    let slab = steps(shape.channels, Self.channelStep)
    return Block(
      width: box.slabs * (slab + 2) - 2,
      height: max(10, steps(shape.size.height, Self.rowStep)),
      back: steps(shape.size.width, Self.columnStep))
  }

  /// All blocks with their places, and the size of the sheet.
  func placed() -> (blocks: [Block], width: Int, height: Int) {
    var blocks = boxes.map(block)
    let width = placeAcross(&blocks)
    var y = 56
    for level in Set(boxes.map { $0.level }).sorted() {
      y += 16 + 9 * passing(over: level)
      let lanes = (boxes.filter { $0.level == level }.map { $0.lane }.max() ?? 0) + 1
      for lane in 0..<lanes {
        let members = boxes.indices.filter { boxes[$0].level == level && boxes[$0].lane == lane }
        let tall = members.map { blocks[$0].height + blocks[$0].back / 2 + 18 }.max() ?? 0
        for index in members {
          let own = blocks[index].height + blocks[index].back / 2 + 18
          blocks[index].y = y + (tall - own) / 2 + blocks[index].back / 2 + 18
        }
        y += tall + Self.label + 8
      }
    }
    return (blocks, width, y + 40)
  }

  /// Gives each block its left side, from the right: as near to those that read it as their arrows and its
  /// label allow. Returns how wide all of it is.
  private func placeAcross(_ blocks: inout [Block]) -> Int {
    var readers: [[Int]] = Array(repeating: [], count: boxes.count)
    for (index, box) in boxes.enumerated() {
      for input in box.inputs { readers[input].append(index) }
    }
    // The block that is leftmost so far, of each level and lane.
    var first: [[Int]: Int] = [:]
    for index in boxes.indices.sorted(by: { boxes[$0].column > boxes[$1].column }) {
      let (box, own) = (boxes[index], blocks[index].width + blocks[index].back / 2)
      let place = [box.level, box.lane]
      // An arrow to another level, or from one, goes past the label.
      let beside = max(24, labelWidth(box) - own + 15)
      var right = 0
      for reader in readers[index] {
        let gap = boxes[reader].level == box.level ? 24 : beside
        right = min(right, blocks[reader].x - gap)
      }
      if let next = first[place] { right = min(right, blocks[next].x - beside) }
      blocks[index].x = right - own
      first[place] = index
    }
    let left = 30 - (blocks.map { $0.x }.min() ?? 0)
    var width = 0
    for index in blocks.indices {
      blocks[index].x += left
      let own = max(blocks[index].width + blocks[index].back / 2, labelWidth(boxes[index]))
      width = max(width, blocks[index].x + own + 30)
    }
    return max(width, 420)
  }

  private func labelWidth(_ box: Box) -> Int {
    (labels(box).map { $0.count }.max() ?? 0) * 13 / 2
  }

  /// What stands below a box: its size, and its names.
  func labels(_ box: Box) -> [String] {
    [
      box.shape.map { $0.size.height == 1 && input.height == 1 ? "\($0.size.width)" : "\($0.size)" }
        ?? "?", short(folded(box.titles)),
    ]
  }

  /// `conv3 ×3` of conv3_1, conv3_2 and conv3_3; `fc6–fc7` where no number behind a _ tells them apart.
  private func folded(_ titles: [String]) -> String {
    guard titles.count > 1, let first = titles.first, let last = titles.last else {
      return titles.first ?? ""
    }
    let parts = titles.map { $0.split(separator: "_", omittingEmptySubsequences: false) }
    let heads = Set(parts.map { $0.dropLast().joined(separator: "_") })
    let areNumbered = parts.allSatisfy { $0.count > 1 && $0.last!.allSatisfy { $0.isNumber } }
    if areNumbered, heads.count == 1, let head = heads.first { return "\(head) ×\(titles.count)" }
    return "\(first)–\(last)"
  }

  private func short(_ text: String) -> String {
    text.count > 14 ? "…" + text.suffix(13) : text
  }

  /// Whether an arrow has to go over other boxes of its level.
  func isLong(_ from: Int, _ to: Int) -> Bool {
    boxes[from].level == boxes[to].level
      && boxes.contains {
        $0.level == boxes[from].level && $0.column > boxes[from].column
          && $0.column < boxes[to].column
      }
  }

  /// How many arrows go over the boxes of a level.
  private func passing(over level: Int) -> Int {
    boxes.indices.reduce(0) { sum, to in
      sum + boxes[to].inputs.count { boxes[$0].level == level && isLong($0, to) }
    }
  }
}
