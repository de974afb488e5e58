import Tensors

/// The boxes and arrows of a network, as the paper's figure has them: convolutions of one block are
/// one box, and each stream is a lane.
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
    guard case .convolution = layer.operation,
      let underscore = layer.name.lastIndex(of: "_"),
      title.hasPrefix(layer.name[...underscore]),
      !layer.name[underscore...].dropFirst().isEmpty,
      layer.name[underscore...].dropFirst().allSatisfy({ $0.isNumber })
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

  /// The drawing as a picture for a browser: the main stream goes down, each skip in a lane beside it.
  public var svg: String {
    let (lane, line, wide, high) = (190, 76, 160, 50)
    let width = ((boxes.map { $0.lane }.max() ?? 0) + 1) * lane + 30
    let height = ((boxes.map { $0.depth }.max() ?? 0) + 1) * line + 30
    func corner(_ box: Box) -> (x: Int, y: Int) { (box.lane * lane + 30, box.depth * line + 30) }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\">",
      "<style>\(Self.css)</style>",
      "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>",
      "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
        + "markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs>",
    ]
    for box in boxes {
      let end = corner(box)
      for input in box.inputs {
        let start = corner(boxes[input])
        let (from, to) = (start.x + wide / 2, end.x + wide / 2)
        let middle = end.y + high / 2
        let path: String
        if boxes[input].lane < box.lane {
          // A skip leaves at the side and goes down in its own lane.
          path = "M\(start.x + wide) \(start.y + high / 2)H\(to)V\(end.y)"
        } else if boxes[input].lane > box.lane {
          path = "M\(from) \(start.y + high)V\(middle)H\(end.x + wide)"
        } else if box.depth > boxes[input].depth + 1 {
          // Past the boxes between.
          path = "M\(start.x) \(start.y + high / 2)h-14V\(middle)H\(end.x)"
        } else {
          path = "M\(from) \(start.y + high)V\(end.y)"
        }
        lines.append("<path class=\"arrow\" d=\"\(path)\" marker-end=\"url(#tip)\"/>")
      }
    }
    for box in boxes {
      let place = corner(box)
      let middle = place.x + wide / 2
      lines.append(
        "<rect class=\"\(box.lane == 0 ? "main" : "skip")\" x=\"\(place.x)\" y=\"\(place.y)\" "
          + "width=\"\(wide)\" height=\"\(high)\" rx=\"6\"/>")
      lines.append(
        "<text class=\"title\" x=\"\(middle)\" y=\"\(place.y + 21)\">"
          + "\(escapedForXML(shortened(box.title)))</text>")
      lines.append(
        "<text class=\"detail\" x=\"\(middle)\" y=\"\(place.y + 39)\">\(box.detail)</text>")
    }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  private static var css: String {
    func rules(paper: String, ink: String, soft: String, main: String, skip: String) -> String {
      ".graph .paper{fill:\(paper)}.graph text{fill:\(ink)}.graph .detail{fill:\(soft)}"
        + ".graph .tip{fill:\(soft)}.graph .arrow,.graph .main,.graph .skip{stroke:\(soft)}"
        + ".graph .main{fill:\(main)}.graph .skip{fill:\(skip)}"
    }
    return
      ".graph text{font:13px Helvetica,Arial,sans-serif;text-anchor:middle}.graph .detail{font-size:11px}"
      + ".graph .arrow{fill:none}"
      + rules(paper: "#fff", ink: "#1f2328", soft: "#57606a", main: "#e8f0fb", skip: "#fdf1dc")
      + "@media(prefers-color-scheme:dark){"
      + rules(paper: "#16181d", ink: "#e8eaed", soft: "#a5afba", main: "#1c3852", skip: "#4d3600")
      + "}"
  }
}
