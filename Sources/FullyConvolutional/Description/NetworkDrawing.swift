/// The boxes and arrows of a network, as the paper's figure has them: convolutions of one block are
/// one box, each stream is a lane, and depth runs to the right.
public struct NetworkDrawing: Sendable {
  /// One box: a layer, or the convolutions of a block.
  public struct Box: Sendable {
    /// `conv1_1 … conv1_2`, `pool1`, `fuse_pool4`.
    public let title: String
    /// What it gives, and for a crop where it cuts.
    public let detail: String
    /// Steps from the picture.
    public let depth: Int
    /// 0 for the main stream, then one for each skip.
    public let lane: Int
    /// The boxes it reads.
    public let inputs: [Int]
  }

  /// The boxes, each after those it reads.
  public private(set) var boxes: [Box] = []

  /// The drawing of a network for one size of picture.
  public init(_ table: NetworkTable) {
    var boxOfLayer: [String: Int] = [:]
    var lanesLeft: Set<Int> = []
    var lanes = 0
    for row in table.rows {
      if case .dropout = row.layer.operation {
        boxOfLayer[row.layer.name] = boxOfLayer[row.layer.inputs[0]]
        continue
      }
      let inputs = row.layer.inputs.map { boxOfLayer[$0]! }
      if let last = inputs.first, inputs.count == 1, last == boxes.count - 1,
        let title = Self.joined(boxes[last].title, row.layer)
      {
        let box = boxes[last]
        boxes[last] = Box(
          title: title, detail: "\(row.output)", depth: box.depth, lane: box.lane,
          inputs: box.inputs)
        boxOfLayer[row.layer.name] = last
        continue
      }
      // The first layer that reads a box goes on in its lane; a later one opens a lane of its own.
      var lane = inputs.first.map { boxes[$0].lane } ?? 0
      if let first = inputs.first, !lanesLeft.insert(first).inserted {
        lanes += 1
        lane = lanes
      }
      boxOfLayer[row.layer.name] = boxes.count
      boxes.append(
        Box(
          title: row.layer.name,
          detail: row.crop.map { "\(row.output), from cell \($0.offset)" } ?? "\(row.output)",
          depth: (inputs.map { boxes[$0].depth }.max() ?? -1) + 1, lane: lane, inputs: inputs))
    }
  }

  /// The title of a block that takes in one more convolution, or nil if the layer is not of the block.
  private static func joined(_ title: String, _ layer: Layer) -> String? {
    guard case .convolution = layer.operation, layer.name.hasPrefix("conv"),
      let underscore = layer.name.firstIndex(of: "_"),
      title.hasPrefix(layer.name[...underscore])
    else { return nil }
    let first = title.split(separator: " ")[0]
    return "\(first) … \(layer.name)"
  }
}
