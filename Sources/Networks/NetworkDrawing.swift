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
      let output = row.output.map { "\($0)" } ?? "?"
      if row.layer.operation.leavesMaps {
        boxOfLayer[row.layer.name] = boxOfLayer[row.layer.inputs[0]]
        continue
      }
      let inputs = row.layer.inputs.map { boxOfLayer[$0]! }
      if let last = inputs.first, inputs.count == 1, last == boxes.count - 1,
        let title = Self.joined(boxes[last].title, row.layer)
      {
        let box = boxes[last]
        boxes[last] = Box(
          title: title, detail: output, depth: box.depth, lane: box.lane,
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
          detail: row.crop.map { "\(output), from cell \($0.offset)" } ?? output,
          depth: (inputs.map { boxes[$0].depth }.max() ?? -1) + 1, lane: lane, inputs: inputs))
    }
  }

  /// The title of a block that takes in one more convolution, or nil if the layer is not of the block.
  private static func joined(_ title: String, _ layer: Network.Layer) -> String? {
    guard case .convolution = layer.operation, layer.name.hasPrefix("conv"),
      let underscore = layer.name.firstIndex(of: "_"),
      title.hasPrefix(layer.name[...underscore])
    else { return nil }
    let first = title.split(separator: " ")[0]
    return "\(first) … \(layer.name)"
  }
}

// Names come from files that anybody may have written: in a drawing they are text and nothing else.

/// The text within quotes in Graphviz's language.
private func quoted(_ text: String) -> String {
  var quoted = ""
  for scalar in text.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
    quoted.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
  }
  return quoted
}

/// The text within an element of XML.
func escapedInDrawing(_ text: String) -> String {
  text.unicodeScalars.map { scalar in
    switch scalar {
    case "<": "&lt;"
    case ">": "&gt;"
    case "&": "&amp;"
    case "\"": "&quot;"
    default: scalar.value < 0x20 ? " " : String(scalar)
    }
  }.joined()
}

/// The end of a long name, which tells layers apart where all begin alike.
private func shortened(_ text: String) -> String {
  text.count > 24 ? "…" + text.suffix(23) : text
}

extension NetworkDrawing {
  /// The drawing in Graphviz's language.
  public var dot: String {
    var lines = [
      "digraph network {", "  rankdir=LR;", "  node [shape=box, fontname=\"Helvetica\"];",
    ]
    for (index, box) in boxes.enumerated() {
      lines.append("  n\(index) [label=\"\(quoted(box.title))\\n\(box.detail)\"];")
      for input in box.inputs { lines.append("  n\(input) -> n\(index);") }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// The drawing as a picture for a browser.
  public var svg: String {
    let (column, line, wide, high) = (190, 110, 160, 52)
    let width = ((boxes.map { $0.depth }.max() ?? 0) + 1) * column + 30
    let height = ((boxes.map { $0.lane }.max() ?? 0) + 1) * line + 30
    func corner(_ box: Box) -> (x: Int, y: Int) {
      (box.depth * column + 30, box.lane * line + 30)
    }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\" font-family=\"Helvetica, Arial, sans-serif\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
        + "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#444\"/></marker></defs>",
    ]
    for box in boxes {
      let end = corner(box)
      for input in box.inputs {
        let start = corner(boxes[input])
        let from = (x: start.x + wide, y: start.y + high / 2)
        let to = (x: end.x, y: end.y + high / 2)
        // A skip goes down at once and then to the right, below the boxes of the main stream.
        let bend = boxes[input].lane < box.lane ? from.x + 12 : to.x - 12
        lines.append(
          "<path d=\"M\(from.x) \(from.y) H\(bend) V\(to.y) H\(to.x)\" fill=\"none\" "
            + "stroke=\"#444\" marker-end=\"url(#tip)\"/>")
      }
    }
    for box in boxes {
      let place = corner(box)
      lines.append(
        "<rect x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(wide)\" height=\"\(high)\" rx=\"6\" "
          + "fill=\"\(box.lane == 0 ? "#e8f0fb" : "#fdf1dc")\" stroke=\"#444\"/>")
      let middle = place.x + wide / 2
      lines.append(
        "<text x=\"\(middle)\" y=\"\(place.y + 22)\" text-anchor=\"middle\" font-size=\"13\">"
          + "\(escapedInDrawing(shortened(box.title)))</text>")
      lines.append(
        "<text x=\"\(middle)\" y=\"\(place.y + 40)\" text-anchor=\"middle\" font-size=\"11\" "
          + "fill=\"#555\">\(box.detail)</text>")
    }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }
}
