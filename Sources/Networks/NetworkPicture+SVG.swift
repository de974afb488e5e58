internal import Primitives
internal import Tensors

extension NetworkPicture {
  /// The picture as an SVG.
  public var svg: String { svg(isStyled: true) }

  /// The same; a page that has ``css`` of its own needs none in the picture.
  public func svg(isStyled: Bool) -> String {
    let (blocks, across, height) = placed()
    let width = max(across, legendEnds.last ?? 0, 60 + ("\(name) on \(input)".count * 9))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"network\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\">",
      (isStyled ? "<style>\(Self.css)</style>\n" : "")
        + "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" "
        + "markerHeight=\"6\" orient=\"auto\"><path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs>",
      "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>",
      "<text class=\"name\" x=\"30\" y=\"34\">\(escapedForXML("\(name) on \(input)"))</text>",
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
    text += "><title>\(escapedForXML(box.titles.joined(separator: ", ")))</title>"
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
        + "y=\"\(y + block.height + 14 + line * 13)\">\(escapedForXML(label))</text>"
    }
    return text + "</g>"
  }

  private func legend(at y: Int) -> String {
    var text = "<g class=\"legend\">"
    for (kind, x) in zip(kinds, [30] + legendEnds) {
      text +=
        "<g class=\"\(kind.rawValue)\"><rect class=\"front\" x=\"\(x)\" y=\"\(y - 11)\" "
        + "width=\"13\" height=\"13\"/></g><text class=\"size\" x=\"\(x + 19)\" y=\"\(y)\">\(kind.title)</text>"
    }
    return text + "</g>"
  }

  private var kinds: [Kind] {
    Kind.allCases.filter { kind in boxes.contains { $0.kind == kind } }
  }

  /// Where the legend of each kind ends, and the next begins.
  private var legendEnds: [Int] {
    var x = 30
    return kinds.map {
      x += 36 + $0.title.count * 7
      return x
    }
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
      ".network .paper{fill:\(paper)}.network text{fill:\(ink);stroke:\(paper)}.network .title{fill:\(soft)}"
        + ".network .flow,.network .skip{stroke:\(soft)}.network .tip{fill:\(soft)}"
        + colors.map { kind, fill, line in
          ".network .\(kind.rawValue) path,.network .\(kind.rawValue) rect{fill:\(fill);stroke:\(line)}"
        }.joined()
    }
    return
      // Letters keep the arrows behind them at a distance.
      ".network text{font:11px Helvetica,Arial,sans-serif;paint-order:stroke;stroke-width:3px}.network .name{font-size:16px;font-weight:bold}"
      + ".network .size,.network .title{font-size:10px}"
      + ".network .channels{text-anchor:middle;font-weight:bold}"
      + ".network .flow,.network .skip{fill:none;stroke-width:1.5}.network .skip{stroke-width:2.5}"
      + ".network .crop rect,.network .crop path{stroke-dasharray:4 3}"
      + rules(light, paper: "#fff", ink: "#1f2328", soft: "#57606a")
      + "@media(prefers-color-scheme:dark){"
      + rules(dark, paper: "#16181d", ink: "#e8eaed", soft: "#a5afba") + "}"
  }
}
