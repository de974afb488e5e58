/// A figure with places: rectangles and texts on a sheet, in whole pixels.
///
/// Both the SVG and the frames of a GIF are drawn from it.
struct FigureLayout: Sendable {
  /// A rectangle; of a text the point where it begins, ends or has its middle.
  struct Box: Hashable, Sendable {
    var x: Int
    var y: Int
    var width = 0
    var height = 0
  }

  /// Things of one look that come and go together.
  struct Part: Sendable {
    enum Shape: Sendable {
      case boxes
      case rings
      case crosses
      case texts([String], size: Int)
    }

    let look: FigureLook
    let shape: Shape
    var boxes: [Box]
    /// The cells that the boxes are, of this panel.
    var cells: [FigureCell] = []
    var panel: Int?
    /// When it is there; nil is always.
    var during: Range<Int>?
    /// Whether a still picture shows it, whatever its time.
    var isKept = false
  }

  var width = 0
  var height = 0
  let length: Int
  /// The moment of a still picture; -1 on a sheet of several, whose parts say it themselves.
  let current: Int
  var panels: [FigurePanel]
  /// From the bottom to the top.
  var parts: [Part] = []
  /// The side of a cell.
  let side: Int
  /// For each panel the middle of the cell's width, and the corner of its first cell.
  private var corners: [Box] = []

  private static let margin = 20
  private static let gap = 44

  /// Lays a figure out with the largest cells with which it is no wider than this, if there are any.
  init(_ figure: Figure, width wanted: Int = 1000, height tallest: Int = 800) {
    var layout = FigureLayout(figure, side: 44, wanted)
    for side in [38, 32, 27, 22] where layout.width > wanted || layout.height > tallest {
      layout = FigureLayout(figure, side: side, wanted)
    }
    self = layout
  }

  /// An empty sheet.
  init(length: Int, side: Int) {
    (self.length, self.side, current, panels) = (length, side, -1, [])
  }

  private init(_ figure: Figure, side: Int, _ wanted: Int) {
    (panels, length, current, self.side) = (figure.panels, figure.length, figure.current, side)
    place(figure, wanted)
    addCells(figure)
    addMoments(figure)
    addTexts(figure)
    parts.insert(
      Part(look: .paper, shape: .boxes, boxes: [Box(x: 0, y: 0, width: width, height: height)]),
      at: 0)
  }

  var numberSize: Int { max(10, side * 2 / 5) }
  private var noteSize: Int { max(8, side / 4) }

  /// The width of a text whose letters are all as wide as a digit.
  static func width(_ text: String, size: Int) -> Int {
    (StrokeFont.spell(text).count * size * 61 + 99) / 100
  }

  /// The box of a cell.
  func box(_ panel: Int, _ cell: FigureCell) -> Box {
    let corner = corners[panel]
    return Box(
      x: corner.x + (cell.column + panels[panel].left) * corner.width,
      y: corner.y + (cell.row + panels[panel].top) * corner.height, width: corner.width,
      height: corner.height)
  }

  /// How wide the cells of a panel must be for their numbers.
  private func cellWidth(_ index: Int, _ figure: Figure) -> Int {
    // The input of a matrix lies over its columns.
    guard figure.form != .matrix || panels[index].kind == .output else {
      return (0..<panels.count).filter { panels[$0].kind != .output }
        .reduce(0) { max($0, neededWidth($1, figure)) }
    }
    return neededWidth(index, figure)
  }

  private func neededWidth(_ index: Int, _ figure: Figure) -> Int {
    var width = side
    func need(_ text: String, _ size: Int, _ room: Int) {
      width = max(width, FigureLayout.width(text, size: size) + room)
    }
    for row in panels[index].rows { for cell in row { need(cell.text, numberSize, 8) } }
    for value in figure.values where value.panel == index { need(value.text, numberSize, 8) }
    for moment in figure.moments {
      for mark in moment.marks where mark.panel == index {
        for note in mark.notes where side > 24 { need(note, noteSize, 4) }
      }
    }
    return width
  }

  /// Gives every panel its corner.
  private mutating func place(_ figure: Figure, _ wanted: Int) {
    let titles = figure.panels.indices.map { index -> (width: Int, height: Int, lines: [String]) in
      let inner = cellWidth(index, figure) * (panels[index].rows.first?.count ?? 0)
      let room = max(15, inner / 8)
      let lines =
        brokenLines(panels[index].title, room)
        + (panels[index].remark.isEmpty ? [] : brokenLines(panels[index].remark, room))
      let longest = lines.reduce(0) { max($0, $1.count * 8) }
      return (max(inner, longest), lines.count * 18 + 6, lines)
    }
    corners = Array(repeating: Box(x: 0, y: 0), count: panels.count)
    var groups: [(width: Int, height: Int, columns: [Int], rows: [Int], group: FigureGroup)] = []
    for group in figure.groups {
      var columns = Array(repeating: 0, count: 1 + group.members.reduce(0) { max($0, $1.column) })
      var rows = Array(repeating: 0, count: 1 + group.members.reduce(0) { max($0, $1.row) })
      for member in group.members {
        let panel = member.panel
        columns[member.column] = max(columns[member.column], titles[panel].width)
        rows[member.row] = max(
          rows[member.row], titles[panel].height + panels[panel].rows.count * side)
      }
      groups.append(
        (
          columns.reduce(0, +) + (columns.count - 1) * 18,
          rows.reduce(0, +) + (rows.count - 1) * 14,
          columns, rows, group
        ))
    }
    let top = FigureLayout.margin + (figure.caption == nil ? 0 : 34)
    let isStacked = figure.isRow && figure.form != .matrix
    let tallest = groups.reduce(0) { max($0, $1.height) }
    var (x, y) = (FigureLayout.margin, top)
    for (number, entry) in groups.enumerated() {
      if number > 0 && !entry.group.sign.isEmpty {
        let middle =
          isStacked
          ? Box(x: x + 8, y: y + entry.height - side / 2 + 8)
          : Box(x: x + FigureLayout.gap / 2, y: top + 24 + (tallest - 24) / 2 + 8)
        addText(entry.group.sign, .sign, 24, middle)
      }
      if isStacked { x = FigureLayout.margin + 34 } else if number > 0 { x += FigureLayout.gap }
      // The rows of a matrix end in the cells of its output.
      let low = (tallest - entry.height) / (figure.form == .matrix ? 1 : 2)
      let up = isStacked ? y : top + low
      for member in entry.group.members {
        let left = x + entry.columns[..<member.column].reduce(0) { $0 + $1 + 18 }
        let high = up + entry.rows[..<member.row].reduce(0) { $0 + $1 + 14 }
        let title = titles[member.panel]
        corners[member.panel] = Box(
          x: left, y: high + title.height, width: cellWidth(member.panel, figure), height: side)
        for (line, text) in title.lines.enumerated() {
          let isRemark = line == title.lines.count - 1 && !panels[member.panel].remark.isEmpty
          addText(
            text, isRemark ? .remark : .title, 14, Box(x: left, y: high + 13 + line * 18),
            panel: member.panel)
        }
      }
      width = max(width, x + entry.width + FigureLayout.margin)
      if isStacked {
        (x, y) = (FigureLayout.margin, y + entry.height + 14)
        height = y
      } else {
        x += entry.width
        height = max(height, top + entry.height)
      }
    }
    width = max(width, 380, 40 + (figure.caption?.count ?? 0) * 10)
  }

  /// Adds one text.
  mutating func addText(
    _ text: String, _ look: FigureLook, _ size: Int, _ box: Box,
    panel: Int? = nil, during: Range<Int>? = nil
  ) {
    parts.append(
      Part(
        look: look, shape: .texts([text], size: size), boxes: [box], panel: panel,
        during: during))
  }

  private mutating func addCells(_ figure: Figure) {
    for (index, panel) in panels.enumerated() {
      let holes = Set(panel.holes)
      for row in panel.rows.indices {
        for column in panel.rows[row].indices {
          let cell = panel.cell(row, column)
          let look: FigureLook =
            panel.isPadding(cell) ? .pad : holes.contains(cell) ? .hole : .cell(of: panel.kind)
          parts.append(
            Part(
              look: look, shape: .boxes, boxes: [box(index, cell)], cells: [cell], panel: index))
        }
      }
    }
  }

  private mutating func addMoments(_ figure: Figure) {
    for value in figure.values where value.stamps > 0 {
      parts.append(
        Part(
          look: .stamps(value.stamps), shape: .boxes, boxes: [box(value.panel, value.cell)],
          cells: [value.cell], panel: value.panel, during: span(value.during)))
    }
    for (index, moment) in figure.moments.enumerated() {
      for mark in moment.marks where mark.look.paint.fill != nil {
        parts.append(part(mark, mark.look, .boxes, index))
      }
    }
    addNumbers(figure)
    for (index, moment) in figure.moments.enumerated() {
      var frames: [Int: [FigureCell]] = [:]
      for mark in moment.marks {
        if mark.look == .winner { parts.append(part(mark, .winner, .rings, index)) }
        if mark.look == .stamp { parts.append(part(mark, .stamp, .boxes, index)) }
        let kind = panels[mark.panel].kind
        if kind == .input || kind == .stretched, mark.look != .winner, figure.form != .matrix {
          frames[mark.panel, default: []] += mark.cells
        }
        addNotes(mark, index)
      }
      for (panel, cells) in frames.sorted(by: { $0.key < $1.key }) {
        addFrame(panel, cells, index)
      }
    }
  }

  private func span(_ range: Range<Int>) -> Range<Int>? { range == 0..<length ? nil : range }

  private func part(
    _ mark: Figure.Mark, _ look: FigureLook, _ shape: Part.Shape, _ moment: Int
  ) -> Part {
    Part(
      look: look, shape: shape, boxes: mark.cells.map { box(mark.panel, $0) }, cells: mark.cells,
      panel: mark.panel, during: span(moment..<moment + 1))
  }

  /// The numbers of all cells: of those without a value of their own from beginning to end.
  private mutating func addNumbers(_ figure: Figure) {
    for (index, panel) in panels.enumerated() {
      let holes = Set(panel.holes)
      for row in panel.rows.indices where panel.kind != .output {
        for column in panel.rows[row].indices where panel.rows[row][column].text != Grid.dot {
          let cell = panel.cell(row, column)
          addNumber(
            panel.rows[row][column].text, index, cell, holes.contains(cell) ? .faint : .number)
        }
      }
      if !panel.unread.isEmpty {
        parts.append(
          Part(
            look: .unread, shape: .crosses, boxes: panel.unread.map { box(index, $0) },
            cells: panel.unread, panel: index))
      }
    }
    for value in figure.values {
      addNumber(
        value.text, value.panel, value.cell, .number, value.during, isKept: value.stamps == 0)
      if value.stamps > 1, side > 24 {
        let box = box(value.panel, value.cell)
        parts.append(
          Part(
            look: .count, shape: .texts(["\(value.stamps)×"], size: noteSize),
            boxes: [Box(x: box.x + 4, y: box.y + noteSize + 1)], cells: [value.cell],
            panel: value.panel, during: span(value.during)))
      }
    }
  }

  private mutating func addNumber(
    _ text: String, _ panel: Int, _ cell: FigureCell, _ look: FigureLook,
    _ during: Range<Int>? = nil, isKept: Bool = false
  ) {
    let box = box(panel, cell)
    parts.append(
      Part(
        look: look, shape: .texts([text], size: numberSize),
        boxes: [
          Box(x: box.x + box.width / 2, y: box.y + side / 2 + numberSize * 36 / 100)
        ], cells: [cell], panel: panel, during: during.flatMap { span($0) }, isKept: isKept))
  }

  private mutating func addNotes(_ mark: Figure.Mark, _ moment: Int) {
    // In small cells there is no room beside the number; the sum below says it too.
    guard side > 24 else { return }
    let noted = mark.cells.indices.filter { $0 < mark.notes.count && !mark.notes[$0].isEmpty }
    guard !noted.isEmpty else { return }
    parts.append(
      Part(
        look: .note, shape: .texts(noted.map { mark.notes[$0] }, size: noteSize),
        boxes: noted.map {
          let box = box(mark.panel, mark.cells[$0])
          return Box(x: box.x + box.width - 3, y: box.y + side - 4)
        }, cells: noted.map { mark.cells[$0] }, panel: mark.panel, during: span(moment..<moment + 1)
      ))
  }

  /// A line around the cells; where there are gaps between them, around each and a broken one around
  /// all.
  private mutating func addFrame(_ panel: Int, _ cells: [FigureCell], _ moment: Int) {
    let (rows, columns) = (cells.map { $0.row }, cells.map { $0.column })
    let (first, last) = (
      box(panel, FigureCell(rows.min()!, columns.min()!)),
      box(panel, FigureCell(rows.max()!, columns.max()!))
    )
    let around = Box(
      x: first.x, y: first.y, width: last.x + last.width - first.x,
      height: last.y + last.height - first.y)
    let isWhole = Set(cells).count * side * first.width == around.width * around.height
    parts.append(
      Part(
        look: isWhole ? .frame : .spread, shape: .boxes, boxes: [around], panel: panel,
        during: span(moment..<moment + 1)))
    guard !isWhole else { return }
    parts.append(
      Part(
        look: .stamp, shape: .boxes, boxes: cells.map { box(panel, $0) }, cells: cells,
        panel: panel,
        during: span(moment..<moment + 1)))
  }
}
