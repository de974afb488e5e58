extension FigureLayout {
  /// The cells of all panels, with their look.
  mutating func addCells() {
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
      addTears(of: panel, index)
    }
  }

  private mutating func addTears(of panel: FigurePanel, _ index: Int) {
    guard let first = panel.rows.first, panel.cut != FigurePanel.Cut() else { return }
    let corner = box(index, panel.cell(0, 0))
    let (width, height) = (corner.width * first.count, side * panel.rows.count)
    var edges: [Box] = []
    if panel.cut.top { edges.append(Box(x: corner.x, y: corner.y, width: width)) }
    if panel.cut.bottom { edges.append(Box(x: corner.x, y: corner.y + height, width: width)) }
    if panel.cut.left { edges.append(Box(x: corner.x, y: corner.y, height: height)) }
    if panel.cut.right { edges.append(Box(x: corner.x + width, y: corner.y, height: height)) }
    parts.append(Part(look: .cut, shape: .tears, boxes: edges, panel: index))
  }

  /// What is marked at each moment, below and above the numbers.
  mutating func addMoments(_ figure: Figure) {
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
