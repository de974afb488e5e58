internal import ConvolutionArithmetic
internal import Tensors

/// Makes the panels of a figure from the grids of a trace, and its moments from the equations.
struct FigureBuilder {
  let trace: Trace
  /// Those that have a moment.
  var equations: [Equation]
  var panels: [FigurePanel] = []
  var groups: [FigureGroup] = []
  var moments: [Figure.Moment] = []
  var values: [Figure.Value] = []
  /// Whether a number has fewer digits here than in its sum.
  private(set) var isRounded = false
  /// Where the panels of each kind begin among all, map by map.
  private(set) var first: [FigurePanel.Kind: Int] = [:]
  /// Whether one number names a cell.
  let isRow: Bool

  init(_ trace: Trace) {
    self.trace = trace
    equations = trace.readings
    isRow = (trace.given + trace.outcome).areRows
  }

  /// How far apart the cells are between which zeros were inserted.
  var steps: (down: Int, right: Int) {
    let (small, large) = (panels[panel(.input, 0)], panels[panel(.stretched, 0)])
    func step(_ few: Int, _ many: Int) -> Int { few > 1 ? (many - 1) / (few - 1) : 1 }
    return (step(small.height, large.height), step(small.width, large.width))
  }

  /// The panel of a map.
  func panel(_ kind: FigurePanel.Kind, _ map: Int) -> Int { first[kind]! + map }

  private mutating func add(_ kind: FigurePanel.Kind, _ grids: [Grid]) {
    first[kind] = panels.count
    for (index, grid) in grids.enumerated() {
      panels.append(
        FigurePanel(
          form: trace.form, kind: kind, map: index, title: grid.label(amongRows: isRow),
          rows: grid.rows.map { $0.map { Grid.Cell(shortened($0.text), $0.mark) } },
          top: grid.padding.top, left: grid.padding.left,
          height: grid.size.height, width: grid.size.width))
    }
  }

  /// A number as there is room for it in a cell.
  mutating func shortened(_ text: String) -> String {
    let short = shortNumber(text)
    if short != text { isRounded = true }
    return short
  }

  /// A map of one row, or of several, as a column of numbers.
  private func column(_ grids: [Grid], title: String) -> Grid {
    let cells = grids.flatMap { $0.rows.flatMap { $0 } }
    return Grid(grids[0].role, title: title, rows: cells.map { [Grid.Cell($0.text)] })
  }

  /// Makes the panels and puts them side by side.
  mutating func arrange() {
    let inputs = trace.given.filter { $0.role == .input }
    let kernels = trace.given.filter { $0.role == .kernel }
    switch trace.form {
    case .matrix:
      add(.matrix, trace.given.filter { $0.role == .matrix })
      add(.input, inputs)
      add(.output, [column(trace.outcome, title: trace.result)])
      groups = [
        FigureGroup(
          sign: "",
          members: [(panel(.input, 0), row: 0, column: 0), (panel(.matrix, 0), row: 1, column: 0)]),
        stack("=", .output, 1),
      ]
      return
    case .zeroInsertion:
      let half = inputs.count / 2
      add(.input, Array(inputs[..<half]))
      add(.stretched, Array(inputs[half...]))
      groups = [stack("", .input, half), stack("→", .stretched, inputs.count - half)]
    case .window, .scatter:
      add(.input, inputs)
      groups = [stack("", .input, inputs.count)]
    }
    if !kernels.isEmpty {
      add(.kernel, kernels)
      groups.append(pairs(kernels.count))
    }
    add(.output, trace.outcome)
    groups.append(
      stack(kernels.isEmpty || trace.form == .scatter ? "→" : "=", .output, trace.outcome.count))
    if trace.form != .scatter { widenPanels() }
    markCells()
  }

  /// Whether the kernels are the weights of a fully connected layer.
  private var isWeights: Bool {
    trace.given.contains { $0.role == .kernel && $0.title.hasPrefix("weights") }
  }

  private func stack(_ sign: String, _ kind: FigurePanel.Kind, _ count: Int) -> FigureGroup {
    FigureGroup(sign: sign, members: (0..<count).map { (panel(kind, $0), row: $0, column: 0) })
  }

  /// The kernels, each in the row of the map that it reads and the column of the one that it makes.
  private func pairs(_ count: Int) -> FigureGroup {
    var rows = Array(repeating: 0, count: count)
    var columns = Array(repeating: 0, count: count)
    for equation in equations where count > 1 {
      for tap in equation.taps {
        guard let kernel = tap.kernel else { continue }
        rows[kernel.map] = tap.position.map
        columns[kernel.map] = equation.place.map
      }
    }
    return FigureGroup(
      sign: trace.form == .scatter || isWeights ? "·" : "∗",
      members: (0..<count).map { (panel(.kernel, $0), row: rows[$0], column: columns[$0]) })
  }

  /// The kind of panel that the taps read.
  var read: FigurePanel.Kind { trace.form == .zeroInsertion ? .stretched : .input }

  /// Makes room for padding that windows reach and the grids don't draw.
  private mutating func widenPanels() {
    for index in panels.indices where panels[index].kind == read {
      var panel = panels[index]
      let bottomDrawn = panel.rows.count - panel.top - panel.height
      let rightDrawn = (panel.rows.first?.count ?? 0) - panel.left - panel.width
      var (top, left, bottom, right) = (panel.top, panel.left, bottomDrawn, rightDrawn)
      for equation in equations {
        let padding = equation.taps.filter { $0.given == nil }.map { $0.position } + equation.passed
        for place in padding where place.map == panel.map {
          (top, left) = (max(top, -place.row), max(left, -place.column))
          bottom = max(bottom, place.row - panel.height + 1)
          right = max(right, place.column - panel.width + 1)
        }
      }
      let empty = Grid.Cell(Grid.dot, .empty)
      let before = Array(repeating: empty, count: left - panel.left)
      let after = Array(repeating: empty, count: right - rightDrawn)
      panel.rows = panel.rows.map { before + $0 + after }
      let line = Array(repeating: empty, count: panel.rows.first?.count ?? 0)
      panel.rows =
        Array(repeating: line, count: top - panel.top) + panel.rows
        + Array(repeating: line, count: bottom - bottomDrawn)
      (panel.top, panel.left) = (top, left)
      if max(top, left, bottom, right) > 0 {
        let reached = Size(
          height: panel.height + top + bottom, width: panel.width + left + right)
        // A pooling's padding is drawn as far as windows reach, which may be less or more than it is.
        let isOver =
          equations.contains { $0.rule != .sum }
          || top + left == 0 && equations.contains { !$0.passed.isEmpty }
        panel.remark =
          (isOver ? "its windows reach " : "with padding ")
          + (isRow ? "\(reached.width)" : reached.description)
      }
      panels[index] = panel
    }
  }

  /// Finds the zeros that were inserted, and the cells that no output reads.
  private mutating func markCells() {
    var holes: Set<Equation.Place> = []
    var seen: Set<Equation.Place> = []
    for equation in equations {
      for tap in equation.taps {
        guard let given = tap.given else { continue }
        seen.insert(given)
        if tap.isHole { holes.insert(given) }
      }
    }
    let isWhole = equations.count == trace.outcome.reduce(0) { $0 + $1.size.area }
    let (down, right) = read == .stretched ? steps : (1, 1)
    for index in panels.indices where panels[index].kind == read {
      let panel = panels[index]
      for row in panel.rows.indices {
        for column in panel.rows[row].indices {
          let cell = panel.cell(row, column)
          let place = Equation.Place(map: panel.map, row: cell.row, column: cell.column)
          if panel.isPadding(cell) { continue }
          // Of a part some zeros are beyond every window that is drawn.
          let isGap = cell.row % down != 0 || cell.column % right != 0
          if holes.contains(place) || !isWhole && isGap {
            panels[index].holes.append(cell)
          } else if isWhole, !seen.contains(place) {
            panels[index].unread.append(cell)
          }
        }
      }
    }
  }
}

extension FigureBuilder {
  /// How wide and high all groups of panels are, in cells.
  private var extent: (width: Int, height: Int) {
    var (width, height) = (0, 0)
    for group in groups {
      var columns: [Int: Int] = [:]
      var rows: [Int: Int] = [:]
      for member in group.members {
        let panel = panels[member.panel]
        columns[member.column] = max(columns[member.column] ?? 0, panel.rows.first?.count ?? 0)
        rows[member.row] = max(rows[member.row] ?? 0, panel.rows.count)
      }
      let (wide, high) = (columns.values.reduce(0, +), rows.values.reduce(0, +))
      // Rows stand below each other.
      (width, height) =
        isRow ? (max(width, wide), height + high) : (width + wide, max(height, high))
    }
    return (width, height)
  }

  /// Refuses what can't be drawn. Of large maps with a cell that part alone is drawn which is around it, and
  /// of a part that alone.
  mutating func fit(
    around cell: (row: Int, column: Int)?, _ part: FigurePart?
  ) throws(GeometryError) {
    let most = Figure.mostColumns
    let hasParts = trace.form == .window || trace.form == .zeroInsertion
    if let part {
      equations = equations.filter { part.has($0.place) }
      guard !equations.isEmpty else {
        throw GeometryError(
          "there is nothing to be drawn in \(part.description); the output is "
            + "\(trace.outcome[0].size), counted from 0")
      }
      crop(to: part)
    }
    if max(extent.width, extent.height) > most, let cell, hasParts {
      equations = equations.filter { $0.place.row == cell.row && $0.place.column == cell.column }
      crop()
    }
    let (width, height) = extent
    var offer = ""
    if part != nil {
      offer = "; fewer rows or columns may fit"
    } else if hasParts, cell == nil {
      offer =
        ", --cell draws the part around one cell, and "
        + (isRow ? "--columns 0..9 draws" : "--rows 0..9 and --columns 0..9 draw") + " a part"
    }
    if !hasParts { offer = Figure.offerOfParts }
    try Figure.checkRoom(width: width, height: height, offer)
    guard equations.count <= Figure.mostMoments else {
      throw GeometryError(
        "\(part == nil ? "the output has" : "this part of the output has") \(equations.count) cells, "
          + "and a figure has room for \(Figure.mostMoments)"
          + (hasParts ? "; --cell draws one of them, --rows and --columns a part" : ""))
    }
  }

  /// Keeps of each map what the equations of a part read or make; without a part, of each large map that
  /// and a few cells around.
  private mutating func crop(to part: FigurePart? = nil) {
    for index in panels.indices where panels[index].kind != .kernel {
      let panel = panels[index]
      // The input before zeros were inserted is cut in proportion.
      let isSmall = panel.kind == .input && trace.form == .zeroInsertion
      let (down, right) = isSmall ? steps : (1, 1)
      let read = equations.flatMap { equation in
        panel.kind == .output
          ? [equation.place] : equation.taps.map { $0.position } + equation.passed
      }
      let places = read.filter { $0.map == panel.map }
      let (height, width) = (panel.rows.count, panel.rows.first?.count ?? 0)
      panels[index].keep(
        rows: (part.map { $0.rows != nil } ?? (height > 15)) ? places.map { $0.row / down } : nil,
        columns: (part.map { $0.columns != nil } ?? (width > 15))
          ? places.map { $0.column / right } : nil,
        around: part == nil ? 3 : 0, isRow: isRow)
    }
  }
}
