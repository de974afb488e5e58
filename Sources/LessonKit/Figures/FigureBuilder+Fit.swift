internal import ConvolutionArithmetic
internal import Tensors

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
