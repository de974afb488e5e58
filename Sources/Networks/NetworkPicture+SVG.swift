internal import Primitives
internal import Tensors

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
  private static let (rowStep, channelStep, columnStep) = (13.0, 3.0, 3.5)
  private static let label = 44

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
    let columns = (boxes.map { $0.column }.max() ?? 0) + 1
    var lefts = Array(repeating: 30, count: columns + 1)
    for column in 0..<columns {
      let members = boxes.indices.filter { boxes[$0].column == column }
      let width =
        members.map { index in
          max(blocks[index].width + blocks[index].back, labelWidth(boxes[index]))
        }.max() ?? 0
      lefts[column + 1] = lefts[column] + width + 30
    }
    var y = 64
    for level in Set(boxes.map { $0.level }).sorted() {
      y += 16 + 9 * passing(over: level)
      let lanes = (boxes.filter { $0.level == level }.map { $0.lane }.max() ?? 0) + 1
      for lane in 0..<lanes {
        let members = boxes.indices.filter { boxes[$0].level == level && boxes[$0].lane == lane }
        let tall = members.map { blocks[$0].height + blocks[$0].back / 2 + 18 }.max() ?? 0
        for index in members {
          blocks[index].x = lefts[boxes[index].column]
          let own = blocks[index].height + blocks[index].back / 2 + 18
          blocks[index].y = y + (tall - own) / 2 + blocks[index].back / 2 + 18
        }
        y += tall + Self.label + 8
      }
    }
    return (blocks, lefts[columns] + 10, y + 40)
  }

  private func labelWidth(_ box: Box) -> Int {
    (labels(box).map { $0.count }.max() ?? 0) * 6
  }

  /// What stands below a box: its size, and its names.
  private func labels(_ box: Box) -> [String] {
    let first = short(box.titles[0])
    return [
      box.shape.map { $0.size.height == 1 && input.height == 1 ? "\($0.size.width)" : "\($0.size)" }
        ?? "?"
    ]
      + (box.titles.count == 1 ? [first] : ["\(first) …", short(box.titles.last!)])
  }

  private func short(_ text: String) -> String {
    text.count > 14 ? "…" + text.suffix(13) : text
  }

  /// Whether an arrow has to go over other boxes of its level.
  private func isLong(_ from: Int, _ to: Int) -> Bool {
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

  /// The picture as an SVG.
  public var svg: String { svg(isStyled: true) }

  /// The same; a page that has ``css`` of its own needs none in the picture.
  public func svg(isStyled: Bool) -> String {
    let (blocks, width, height) = placed()
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"network\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\">",
      (isStyled ? "<style>\(Self.css)</style>\n" : "")
        + "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" "
        + "markerHeight=\"6\" orient=\"auto\"><path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs>",
      "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>",
      "<text class=\"name\" x=\"30\" y=\"34\">\(escapedInDrawing("\(name) on \(input)"))</text>",
    ]
    lines += arrows(blocks)
    for (index, box) in boxes.enumerated() { lines.append(drawing(box, blocks[index])) }
    lines.append(legend(at: height - 22))
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  /// Lines from box to box: level where nothing lies between, else in steps; over the boxes of a level
  /// each in a height of its own.
  private func arrows(_ blocks: [Block]) -> [String] {
    var lines: [String] = []
    var over: [Int: Int] = [:]
    for (to, box) in boxes.enumerated() {
      for (number, from) in box.inputs.enumerated() {
        let (start, end) = (blocks[from], blocks[to])
        let (x1, y1) = (start.x + start.width + start.back / 2, start.middle - start.back / 4)
        let y2 = end.middle + (box.inputs.count > 1 ? (number * 2 - 1) * 5 : 0)
        let x2 = end.x - 3
        let kind = isLong(from, to) || boxes[to].column > boxes[from].column + 1 ? "skip" : "flow"
        let path: String
        if isLong(from, to) {
          let level = boxes[from].level
          over[level, default: 0] += 1
          let top =
            boxes.indices.filter { boxes[$0].level == level }
            .map { blocks[$0].y - blocks[$0].back / 2 - 22 }.min() ?? 0
          let y = top - 9 * (over[level, default: 0] - 1)
          let up = start.x + start.width / 2 + start.back / 2
          path = "M\(up) \(start.y - start.back / 2 - 16)V\(y)H\(x2 - 12)V\(y2)H\(x2)"
        } else if abs(y1 - y2) < 14, boxes[from].level == boxes[to].level {
          path = "M\(x1) \(y2)H\(x2)"
        } else {
          path = "M\(x1) \(y1)H\(x2 - 12)V\(y2)H\(x2)"
        }
        lines.append(
          "<path class=\"\(kind)\" data-from=\"\(from)\" data-to=\"\(to)\" d=\"\(path)\" "
            + "marker-end=\"url(#tip)\"/>")
      }
    }
    return lines
  }

  private func drawing(_ box: Box, _ block: Block) -> String {
    let (x, y, back) = (block.x, block.y, block.back)
    let slab = (block.width + 2) / box.slabs - 2
    var text = "<g class=\"\(box.kind.rawValue)\""
    if let shape = box.shape {
      text +=
        " data-channels=\"\(shape.channels)\" data-rows=\"\(shape.size.height)\" "
        + "data-columns=\"\(shape.size.width)\""
    }
    text += "><title>\(escapedInDrawing(box.titles.joined(separator: ", ")))</title>"
    let (across, up) = (back / 2, back / 2)
    for number in (0..<box.slabs).reversed() {
      let left = x + number * (slab + 2)
      text +=
        "<path class=\"side\" d=\"M\(left) \(y)l\(across)-\(up)h\(slab)v\(block.height)l-\(across) \(up)v-\(block.height)z\"/>"
        + "<path class=\"edge\" d=\"M\(left + slab) \(y)l\(across)-\(up)\"/>"
        + "<rect class=\"front\" x=\"\(left)\" y=\"\(y)\" width=\"\(slab)\" height=\"\(block.height)\"/>"
    }
    let middle = x + block.width / 2
    if let shape = box.shape {
      text +=
        "<text class=\"channels\" x=\"\(middle + across)\" y=\"\(y - up - 5)\">\(shape.channels)</text>"
    }
    for (line, label) in labels(box).enumerated() {
      text +=
        "<text class=\"\(line == 0 ? "size" : "title")\" x=\"\(x)\" "
        + "y=\"\(y + block.height + 14 + line * 13)\">\(escapedInDrawing(label))</text>"
    }
    return text + "</g>"
  }

  private func legend(at y: Int) -> String {
    var x = 30
    var text = "<g class=\"legend\">"
    for kind in Kind.allCases where boxes.contains(where: { $0.kind == kind }) {
      text +=
        "<g class=\"\(kind.rawValue)\"><rect class=\"front\" x=\"\(x)\" y=\"\(y - 11)\" "
        + "width=\"13\" height=\"13\"/></g><text class=\"size\" x=\"\(x + 19)\" y=\"\(y)\">\(kind.title)</text>"
      x += 36 + kind.title.count * 7
    }
    return text + "</g>"
  }

  /// The style sheet of all such pictures.
  public static var css: String {
    let light: [(Kind, String, String)] = [
      (.input, "#f3f4f6", "#57606a"), (.convolution, "#dcebf9", "#3f74a3"),
      (.pool, "#f9dcd6", "#a8442f"), (.enlargement, "#dff2e4", "#34764a"),
      (.crop, "#ffffff", "#57606a"), (.join, "#ffe7b8", "#8a5a00"), (.other, "#f3e2f0", "#85447a"),
    ]
    let dark: [(Kind, String, String)] = [
      (.input, "#2a2e35", "#a5afba"), (.convolution, "#1c3852", "#7fb0dc"),
      (.pool, "#4f211a", "#e58a75"), (.enlargement, "#1b3b2b", "#74c78f"),
      (.crop, "#16181d", "#a5afba"), (.join, "#4d3600", "#ffcf70"), (.other, "#45293f", "#d294c6"),
    ]
    func rules(_ colors: [(Kind, String, String)], paper: String, ink: String, soft: String)
      -> String
    {
      ".network .paper{fill:\(paper)}.network text{fill:\(ink)}.network .title{fill:\(soft)}"
        + ".network .flow,.network .skip{stroke:\(soft)}.network .tip{fill:\(soft)}"
        + colors.map { kind, fill, line in
          ".network .\(kind.rawValue) path,.network .\(kind.rawValue) rect{fill:\(fill);stroke:\(line)}"
        }.joined()
    }
    return
      ".network text{font:11px Helvetica,Arial,sans-serif}.network .name{font-size:16px;font-weight:bold}"
      + ".network .channels{text-anchor:middle;font-weight:bold}"
      + ".network .flow,.network .skip{fill:none;stroke-width:1.5}.network .skip{stroke-width:2.5}"
      + ".network .crop rect,.network .crop path{stroke-dasharray:4 3}"
      + rules(light, paper: "#fff", ink: "#1f2328", soft: "#57606a")
      + "@media(prefers-color-scheme:dark){"
      + rules(dark, paper: "#16181d", ink: "#e8eaed", soft: "#a5afba") + "}"
  }
}
