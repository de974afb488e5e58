import LessonKit
import Tensors

/// Maps side by side in so many columns and rows: of what does not fit, the part around its cell, and how
/// much is hidden.
struct PlaneDrawing {
  let width: Int
  let room: Int
  let glyphs: Glyphs
  let isRow: Bool

  /// The part of a map that is drawn.
  private struct Part {
    let plane: Plane
    let cellWidth: Int
    var rows: Range<Int>
    var columns: Range<Int>
    let label: String
    /// Whether neighbours share the blank between them, and a window has brackets at its ends alone.
    var isClose = false

    var width: Int { max(width(columns.count), label.count) }

    /// Each number stands between two blanks, or the brackets of the window.
    func width(_ count: Int) -> Int {
      isClose ? count * (cellWidth + 1) + 1 : count * (cellWidth + 2)
    }
    var isPart: Bool { rows != plane.rows || columns != plane.columns }
  }

  func lines(
    of sight: Sight, widths: (input: Int, kernel: Int, output: Int)
  ) -> [Line] {
    let planes = sight.given + [sight.outcome]
    var parts = planes.map { plane in
      let cellWidth =
        switch plane.role {
        case .input: widths.input
        case .kernel, .matrix: widths.kernel
        case .output: widths.output
        }
      return Part(
        plane: plane, cellWidth: cellWidth, rows: plane.rows, columns: plane.columns,
        label: label(plane))
    }
    let free = width - 2 - 3 * (parts.count - 1)
    var counts = parts.map(\.columns.count)
    func taken(_ index: Int) -> Int {
      max(parts[index].width(counts[index]), parts[index].label.count)
    }
    if counts.indices.map(taken).reduce(0, +) > free {
      for index in parts.indices { parts[index].isClose = true }
    }
    // What lies farthest beyond its window gives way first, the window itself last.
    let spans = planes.map(span)
    func beyond(_ index: Int) -> Int {
      parts[index].width(counts[index]) - parts[index].width(spans[index].count)
    }
    while counts.indices.map(taken).reduce(0, +) > free,
      let next = counts.indices.filter({
        counts[$0] > 1 && parts[$0].width(counts[$0]) > parts[$0].label.count
      }).max(by: { beyond($0) < beyond($1) })
    {
      counts[next] -= 1
    }
    let tallest = parts.map(\.rows.count).max() ?? 0
    let isWhole = tallest <= room - 1 && counts == parts.map(\.columns.count)
    let rows = max(1, room - (isWhole ? 1 : 2))
    for index in parts.indices {
      let plane = parts[index].plane
      parts[index].columns = around(
        (spans[index].lowerBound + spans[index].upperBound) / 2, plane.columns, counts[index])
      parts[index].rows = around(plane.focus.row, plane.rows, min(rows, plane.rows.count))
    }
    let blocks = parts.map { block($0, saysHidden: !isWhole) }
    let signs = planes.indices.map { index in
      index == 0 ? "" : index == planes.count - 1 ? (planes.count > 2 ? "=" : "→") : sight.sign
    }
    return (0..<(blocks.map(\.count).max() ?? 0)).map { row in
      var line = Line(" ")
      var start = 1
      for (index, block) in blocks.enumerated() {
        if index > 0 {
          line.pad(to: start + 1)
          if row == (isWhole ? 1 : 2) {
            line.append(glyphs == .ascii ? ascii(signs[index]) : signs[index])
          }
          start += 3
        }
        line.pad(to: start)
        if row < block.count { line.append(block[row]) }
        start += parts[index].width
      }
      return line
    }
  }

  /// From the first to the last column that is marked, in the row of the map's cell; that cell's where none
  /// is.
  private func span(_ plane: Plane) -> Range<Int> {
    // An input cell that goes nowhere may lie beyond the output.
    let row = min(max(plane.focus.row, plane.rows.lowerBound), plane.rows.upperBound - 1)
    let cells = zip(plane.columns, plane.cells(row, plane.columns))
    let marked = cells.filter { $1.mark == .window }.map(\.0)
    let first = marked.first ?? plane.focus.column
    return first..<(marked.last ?? first) + 1
  }

  /// One character wide, whatever the glyphs.
  private func ascii(_ sign: String) -> String {
    switch sign {
    case "∗", "×": "*"
    case "→": ">"
    default: sign
    }
  }

  private func label(_ plane: Plane) -> String {
    glyphs.spell(
      "\(plane.title) "
        + "(\(isRow && plane.size.height == 1 ? "\(plane.size.width)" : plane.size.description))")
  }

  /// So many cells around one of them.
  private func around(_ cell: Int, _ all: Range<Int>, _ count: Int) -> Range<Int> {
    let first = min(max(cell - count / 2, all.lowerBound), all.upperBound - count)
    return first..<first + count
  }

  private func block(_ part: Part, saysHidden: Bool) -> [Line] {
    let plane = part.plane
    var lines = [Line(String(part.label.prefix(part.width)), plane.role.ink)]
    if saysHidden { lines.append(Line(part.isPart ? hidden(part) : "", .faint)) }
    return lines
      + part.rows.map { row in
        let cells = plane.cells(row, part.columns)
        return part.isClose ? close(cells, part.cellWidth) : apart(cells, part.cellWidth)
      }
  }

  private func spelled(_ cell: Grid.Cell) -> String {
    cell.text == Grid.dot ? (glyphs == .ascii ? "." : Grid.dot) : glyphs.spell(cell.text)
  }

  private func ink(_ cell: Grid.Cell) -> Ink? {
    switch cell.mark {
    case .window: .window
    case .empty: .faint
    default: nil
    }
  }

  /// `[1][2] 3 `
  private func apart(_ cells: [Grid.Cell], _ width: Int) -> Line {
    var line = Line()
    for cell in cells {
      let text = spelled(cell)
      let (open, close) = cell.mark == .window ? ("[", "]") : (" ", " ")
      line.append(String(repeating: " ", count: max(0, width - text.count)))
      line.append(open + text + close, ink(cell))
    }
    return line
  }

  /// `[1 2] 3 `
  private func close(_ cells: [Grid.Cell], _ width: Int) -> Line {
    var line = Line()
    var isInside = false
    for cell in cells {
      let (text, isMarked) = (spelled(cell), cell.mark == .window)
      let blanks = String(repeating: " ", count: max(0, width - text.count))
      if isInside != isMarked {
        line.append(isMarked ? blanks + "[" : "]" + blanks, .window)
      } else {
        line.append(" " + blanks)
      }
      line.append(text, ink(cell))
      isInside = isMarked
    }
    line.append(isInside ? "]" : " ", .window)
    return line
  }

  /// `↑3 ↓2 ←4 →1`: so many rows and columns more.
  private func hidden(_ part: Part) -> String {
    let plane = part.plane
    let counts = [
      part.rows.lowerBound - plane.rows.lowerBound, plane.rows.upperBound - part.rows.upperBound,
      part.columns.lowerBound - plane.columns.lowerBound,
      plane.columns.upperBound - part.columns.upperBound,
    ]
    let arrows = glyphs == .ascii ? ["^", "v", "<", ">"] : ["↑", "↓", "←", "→"]
    let short = zip(arrows, counts).filter { $1 > 0 }.map { "\($0)\($1)" }.joined(separator: " ")
    let text = "\(short) more"
    return text.count <= part.width ? text : String(short.prefix(part.width))
  }
}

/// The sum of a cell, or the places where it goes, in as many lines as there are.
struct SumDrawing {
  var equation: Equation?
  var lines: [String] = []

  func lines(width: Int, most: Int, _ glyphs: Glyphs) -> [Line] {
    guard most > 0 else { return [] }
    guard let equation else { return places(width: width, most: most, glyphs) }
    let note =
      equation.padded > 0 ? " (\(counted(equation.padded, "kernel cell")) on padding)" : ""
    let whole = wrap(glyphs.spell(equation.text + note), width: width - 2, hanging: 2)
    guard whole.count > most else { return whole.map { $0.indented(by: 1) } }
    return shortened(equation, width, most, glyphs).map { $0.indented(by: 1) }
  }

  /// The first terms, how many follow, and the value.
  private func shortened(
    _ equation: Equation, _ width: Int, _ most: Int, _ glyphs: Glyphs
  ) -> [Line] {
    let words = equation.expression.split(separator: " ")
    for count in stride(from: words.count - 1, through: 0, by: -1) {
      let hidden = words[count...].count { $0 != "+" && $0 != "-" }
      let text =
        "\(equation.cell) = \(words[..<count].joined(separator: " ")) … (\(counted(hidden, "term")) more) = "
        + equation.value
      let lines = wrap(glyphs.spell(text), width: width - 2, hanging: 2)
      if lines.count <= most { return lines }
    }
    return wrap(glyphs.spell("\(equation.cell) = \(equation.value)"), width: width - 2)
  }

  /// Places in columns; where there are too many, how many more.
  private func places(width: Int, most: Int, _ glyphs: Glyphs) -> [Line] {
    // In short, without the weight's place, where there is no room for all.
    let short = lines.map { line in
      let parts = line.split(separator: " through ")
      let number = parts.last?.split(separator: ": ").last ?? ""
      return parts.count == 2 ? "\(parts[0]): \(number)".replacing("output ", with: "") : line
    }
    let texts = (lines.count > most ? short : lines).map(glyphs.spell)
    let longest = (texts.map(\.count).max() ?? 0) + 3
    let columns = max(1, (width - 1) / longest)
    let fits = texts.count <= columns * most
    let shown = fits ? texts : Array(texts.prefix(max(0, columns * most - 1)))
    let cells = fits ? shown : shown + ["… and \(texts.count - shown.count) more"].map(glyphs.spell)
    return stride(from: 0, to: cells.count, by: columns).map { first in
      var line = Line(" ")
      for (index, cell) in cells[first..<min(first + columns, cells.count)].enumerated() {
        line.pad(to: 1 + index * longest)
        line.append(cell)
      }
      return line
    }
  }
}
