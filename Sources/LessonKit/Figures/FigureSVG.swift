import Tensors

extension Figure {
  /// All moments at once, of which only ``current`` is visible, for a page that turns to others: the SVG
  /// has in `data-places` the map, row and column of each moment's cell, and what is not always there has
  /// the moments from which and before which it is in `data-from` and `data-to`.
  public func liveSVG() -> String {
    // Of a matrix the output is drawn as one column.
    let places = moments.enumerated().map { index, moment in
      form == .matrix
        ? "0,\(index),0" : "\(moment.place.map),\(moment.place.row),\(moment.place.column)"
    }
    return FigureWriter(FigureLayout(self, sentences: sentences), caption ?? "")
      .live(turning: form == .scatter ? "input" : "output", places: places)
  }

  /// What is said of each moment: the arithmetic of a cell, or where a stamp goes.
  public var sentences: [String] { moments.map { $0.sentence } }

  /// The style sheet of all figures.
  public static var css: String {
    let classes = FigureLook.allCases.map { rule($0) { $0.light } }
    let numbers = FigureLook.allCases.filter { $0.paint.isNumber }
      .map { ".figure .\($0.rawValue)" }.joined(separator: ",")
    let dark = FigureLook.allCases.map { rule($0) { $0.dark } }.filter { $0.contains("#") }
    return classes.joined()
      + ".figure text{font-family:Helvetica,Arial,sans-serif}" + numbers
      + "{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}"
      + "@media(prefers-color-scheme:dark){" + dark.joined() + "}"
  }

  private static func rule(_ look: FigureLook, _ shade: (FigureLook.Ink) -> UInt32) -> String {
    let paint = look.paint
    var parts = ["fill:" + (paint.fill.map { hex(shade($0)) } ?? "none")]
    if let stroke = paint.stroke {
      parts.append("stroke:" + hex(shade(stroke)))
      if paint.width > 1 { parts.append("stroke-width:\(paint.width)") }
      if paint.dash > 0 { parts.append("stroke-dasharray:\(paint.dash)") }
    }
    if paint.isBold { parts.append("font-weight:bold") }
    if paint.anchor != .start { parts.append("text-anchor:\(paint.anchor.rawValue)") }
    return ".figure .\(look.rawValue){\(parts.joined(separator: ";"))}"
  }

  private static func hex(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// Writes a layout as an SVG.
struct FigureWriter {
  let layout: FigureLayout
  let caption: String
  private let isSheet: Bool

  init(_ layout: FigureLayout, _ caption: String) {
    (self.layout, self.caption) = (layout, caption)
    isSheet = Set(layout.panels.map { $0.form }).count > 1
  }

  func still(styled: Bool) -> String {
    let shown = layout.parts.filter { $0.during?.contains(layout.current) ?? true || $0.isKept }
    return head(style: styled ? Figure.css : nil) + body(shown) { _ in "" } + "</svg>\n"
  }

  func moving(seconds: Int) -> String {
    let spans = Set(layout.parts.compactMap { $0.during }).sorted {
      ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
    }
    let frames = spans.map { span -> String in
      let name = frameName(span)
      return "@keyframes \(name){\(keys(span))}.figure .\(name){animation-name:\(name)}"
    }
    // Whoever knows no animation, or wants none, sees the one moment.
    let style =
      ".figure .t{visibility:hidden;animation:\(seconds)s step-end \(delay(seconds))infinite}"
      + ".figure .now{visibility:visible}"
      + ".figure:hover .t{animation-play-state:paused}" + frames.joined()
      + "@media print,(prefers-reduced-motion:reduce){.figure .t{animation:none}}"
    return head(style: Figure.css + style)
      + body(layout.parts) { part in
        guard let span = part.during else { return "" }
        let isNow = span.contains(layout.current) || part.isKept
        return " class=\"t \(frameName(span))\(isNow ? " now" : "")\""
      } + "</svg>\n"
  }

  func live(turning role: String, places: [String]) -> String {
    let data =
      " role=\"img\" data-turns=\"\(role)\" data-current=\"\(layout.current)\" "
      + "data-places=\"\(places.joined(separator: " "))\""
    return head(style: nil, data: data)
      + body(layout.parts) { part in
        guard let span = part.during, !part.isKept else { return "" }
        return (span.contains(layout.current) ? "" : " visibility=\"hidden\"")
          + " data-from=\"\(span.lowerBound)\" data-to=\"\(span.upperBound)\""
      } + "</svg>\n"
  }

  private func frameName(_ span: Range<Int>) -> String {
    "f\(layout.length)-\(span.lowerBound)-\(span.upperBound)"
  }

  private func keys(_ span: Range<Int>) -> String {
    var keys = span.lowerBound > 0 ? "0%{visibility:hidden}" : ""
    keys += "\(percent(span.lowerBound))%{visibility:visible}"
    if span.upperBound < layout.length { keys += "\(percent(span.upperBound))%{visibility:hidden}" }
    return keys
  }

  /// As if the moments before the first had passed already.
  private func delay(_ seconds: Int) -> String {
    guard layout.start > 0 else { return "" }
    let thousandths = (layout.start * seconds * 1000 + layout.length - 1) / layout.length
    let digits = String(1000 + thousandths % 1000).dropFirst()
    return "-\(thousandths / 1000).\(digits)s "
  }

  /// `14.286` for 1 of 7.
  private func percent(_ moment: Int) -> String {
    let thousandths = (moment * 100_000 + layout.length / 2) / layout.length
    let digits = String(1000 + thousandths % 1000).dropFirst()
    return "\(thousandths / 1000)" + (digits == "000" ? "" : ".\(digits)")
  }

  private func head(style: String?, data: String = "") -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"figure\""
      + (layout.panels.first.map { isSheet ? "" : " data-form=\"\($0.form.rawValue)\"" } ?? "")
      + (caption.isEmpty ? " " : " aria-label=\"\(escapedForXML(caption))\" ")
      + "viewBox=\"0 0 \(layout.width) \(layout.height)\" width=\"\(layout.width)\" "
      + "height=\"\(layout.height)\"\(data)>\n"
      + (style.map { "<style>\($0)</style>\n" } ?? "")
  }

  /// The parts, those of one panel and one time in a group; `time` gives the attributes of a time.
  private func body(_ parts: [FigureLayout.Part], _ time: (FigureLayout.Part) -> String) -> String {
    var text = ""
    var open: (panel: Int?, time: String)?
    for part in parts {
      let wanted = (panel: part.panel, time: time(part))
      if open == nil || open! != wanted {
        if open != nil { text += "</g>\n" }
        text += "<g\(attributes(of: part, wanted.time))>"
        open = wanted
      }
      text += element(part)
    }
    return text + (open == nil ? "" : "</g>\n")
  }

  private func attributes(of part: FigureLayout.Part, _ time: String) -> String {
    var text = time
    if let index = part.panel {
      let panel = layout.panels[index]
      if isSheet { text += " data-form=\"\(panel.form.rawValue)\"" }
      text += " data-role=\"\(panel.kind.rawValue)\" data-map=\"\(panel.map)\""
    }
    return text
  }

  private func element(_ part: FigureLayout.Part) -> String {
    let look = part.look.rawValue
    let cells = part.cells.map { "\($0.row),\($0.column)" }.joined(separator: " ")
    let data = part.cells.isEmpty ? "" : " data-cells=\"\(cells)\""
    switch part.shape {
    case .boxes:
      if part.boxes.count == 1, part.during == nil || part.look == .paper {
        let box = part.boxes[0]
        let place = part.cells.first.map { " data-row=\"\($0.row)\" data-column=\"\($0.column)\"" }
        return "<rect class=\"\(look)\"\(place ?? "") x=\"\(box.x)\" y=\"\(box.y)\" "
          + "width=\"\(box.width)\" height=\"\(box.height)\"/>"
      }
      let path = part.boxes.map { "M\($0.x) \($0.y)h\($0.width)v\($0.height)h-\($0.width)z" }
      return "<path class=\"\(look)\"\(data) d=\"\(path.joined())\"/>"
    case .crosses:
      let path = part.boxes.map {
        "M\($0.x) \($0.y)l\($0.width) \($0.height)m-\($0.width) 0l\($0.width)-\($0.height)"
      }
      return "<path class=\"\(look)\"\(data) d=\"\(path.joined())\"/>"
    case .tears:
      return "<path class=\"\(look)\" d=\"\(part.boxes.map(tear).joined())\"/>"
    case .rings:
      return part.boxes.map { box in
        "<circle class=\"\(look)\"\(data) cx=\"\(box.x + box.width / 2)\" "
          + "cy=\"\(box.y + box.height / 2)\" r=\"\(min(box.width, box.height) * 2 / 5)\"/>"
      }.joined()
    case .texts(let texts, let size):
      let style = " class=\"\(look)\" font-size=\"\(size)\""
      if texts.count == 1 {
        return "<text\(style)\(data) x=\"\(part.boxes[0].x)\" y=\"\(part.boxes[0].y)\">"
          + "\(escapedForXML(texts[0]))</text>"
      }
      let spans = zip(part.boxes, texts).map { box, text in
        "<tspan x=\"\(box.x)\" y=\"\(box.y)\">\(escapedForXML(text))</tspan>"
      }
      return "<text\(style)\(data)>\(spans.joined())</text>"
    }
  }
  /// A line to and fro along an edge.
  private func tear(_ edge: FigureLayout.Box) -> String {
    let isLevel = edge.width > 0
    let length = max(edge.width, edge.height)
    let steps = (0..<max(1, length / 8)).map { step in
      let away = step % 2 == 0 ? 6 : -6
      return isLevel ? "l8 \(away)" : "l\(away) 8"
    }
    return "M\(edge.x - (isLevel ? 0 : 3)) \(edge.y - (isLevel ? 3 : 0))" + steps.joined()
  }
}
