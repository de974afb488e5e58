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
