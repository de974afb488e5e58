internal import Tensors

extension TextRenderer {
  /// Maps side by side while they fit, with an operator before each but the first.
  func lines(of grids: [Grid], operators: [String] = [], amongRows: Bool? = nil) -> [Line] {
    let amongRows = amongRows ?? grids.areRows
    var blocks: [[Line]] = []
    for (index, grid) in grids.enumerated() {
      var parts = self.blocks(of: grid, amongRows: amongRows)
      if index > 0, index - 1 < operators.count, !operators[index - 1].isEmpty {
        // The operator stays with the map that follows it.
        let mark = Line(glyphs.spell(operators[index - 1]))
        parts[0] = parts[0].enumerated().map { row, line in
          var result = row == 1 ? mark : Line()
          result.pad(to: mark.width + 3)
          result.append(line)
          return result
        }
      }
      blocks += parts
    }
    return beside(blocks)
  }

  /// Blocks of lines side by side, three blanks between them, in as many rows as the width needs.
  func beside(_ blocks: [[Line]]) -> [Line] {
    var result: [Line] = []
    var row: [Line] = []
    var used = 0
    for block in blocks {
      let blockWidth = block.map { $0.width }.max() ?? 0
      if used > 0, used + 3 + blockWidth > width {
        result += row + [Line()]
        (row, used) = ([], 0)
      }
      let start = used > 0 ? used + 3 : 2
      while row.count < block.count { row.append(Line()) }
      for (index, line) in block.enumerated() {
        row[index].pad(to: start)
        row[index].append(line)
      }
      used = start + blockWidth
    }
    return result + row
  }

  /// A map with its label; several blocks, run after run of columns, if it is wider than the page.
  private func blocks(of grid: Grid, amongRows: Bool) -> [[Line]] {
    let rows = grid.rows.map { $0.map { spelled($0) } }
    let columns = rows.map { $0.count }.max() ?? 0
    let labels = grid.rowLabels.map { glyphs.spell($0) }
    let labelWidth = min((labels.map { $0.count }.max() ?? -2) + 2, width / 2)
    let cellWidth = rows.joined().map { $0.text.count }.max() ?? 0
    let isMarked = grid.rows.joined().contains { $0.mark == .window }
    let gap = isMarked || cellWidth > 1 || columns * 3 + labelWidth + 2 <= width ? 2 : 1
    let perBlock = max(1, (width - 8 - labelWidth) / (cellWidth + gap))
    return stride(from: 0, to: max(1, columns), by: perBlock).map { first in
      let part = first..<min(first + perBlock, columns)
      var label = glyphs.spell(grid.label(amongRows: amongRows))
      if columns > perBlock { label += ", columns \(part.lowerBound) to \(part.upperBound - 1)" }
      return wrap(label, width: width - 8, ink: grid.role.ink)
        + rows.indices.map { index in
          var line = Line()
          if index < labels.count {
            line.append(String(labels[index].prefix(labelWidth - 2)), .faint)
          }
          line.pad(to: labelWidth)
          for column in part where column < rows[index].count {
            line.append(
              drawn(
                rows[index][column], width: cellWidth, gap: gap))
          }
          return line
        }
    }
  }

  private func spelled(_ cell: Grid.Cell) -> Grid.Cell {
    Grid.Cell(
      cell.text == Grid.dot ? (glyphs == .ascii ? "." : Grid.dot) : glyphs.spell(cell.text),
      cell.mark)
  }

  /// A cell, right-aligned; with a gap of two, the brackets of a window stand in the gap.
  private func drawn(_ cell: Grid.Cell, width: Int, gap: Int) -> Line {
    var line = Line(String(repeating: " ", count: max(0, width - cell.text.count)))
    if gap == 1 {
      line.append(cell.text, cell.mark == .empty ? .faint : nil)
      line.append(" ")
    } else if cell.mark == .window {
      line.append("[\(cell.text)]", .window)
    } else {
      line.append(" ")
      line.append(cell.text, cell.mark == .empty ? .faint : nil)
      line.append(" ")
    }
    return line
  }
}

extension Grid.Role {
  package var ink: Ink? {
    switch self {
    case .input: .input
    case .kernel: .kernel
    case .output: .output
    case .matrix: .heading
    }
  }
}

extension TextRenderer {
  /// Pictures side by side while they fit; a cell is two characters wide where there is room.
  func lines(of pictures: [MapPicture]) -> [Line] {
    beside(
      pictures.map { picture in
        let columns = picture.rows.map { $0.count }.max() ?? 0
        let cell = columns * 2 + 2 <= width / max(1, pictures.count) ? 2 : 1
        // A picture wider than the page shows every second, third … row and column.
        let step = max(1, (columns + width - 3) / (width - 2))
        let rows = stride(from: 0, to: picture.rows.count, by: step).map { row in
          drawn(picture, row: row, step: step, cell: cell)
        }
        let label = glyphs.spell(picture.label) + (step > 1 ? ", every \(step)th cell" : "")
        return wrap(label, width: width - 2, ink: .heading) + rows
      })
  }

  private func drawn(_ picture: MapPicture, row: Int, step: Int, cell: Int) -> Line {
    let ramp = Array(glyphs == .ascii ? " .:-=+*#%@" : " ░▒▓█")
    let levels = picture.levels(ramp.count)[row]
    var line = Line()
    for column in stride(from: 0, to: levels.count, by: step) {
      switch picture.style {
      case .shades:
        line.append(String(repeating: ramp[levels[column]], count: cell))
      case .labels:
        let letter = TextRenderer.letter(of: levels[column])
        line.append(
          letter + String(repeating: " ", count: cell - 1),
          TextRenderer.labelInks[levels[column] % TextRenderer.labelInks.count])
      }
    }
    return line
  }

  /// `.` for class 0, then `a`, `b` …, then capitals; `?` beyond, and for no class.
  private static func letter(of label: Int) -> String {
    let letters = Array(".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return label >= 0 && label < letters.count ? String(letters[label]) : "?"
  }

  private static let labelInks: [Ink] = [.faint, .bad, .good, .question, .window, .kernel, .code]
}

extension TextRenderer {
  /// Columns as wide as they need; the widest are narrowed until the table fits, and their cells
  /// wrapped.
  func lines(of table: Table) -> [Line] {
    let heads = table.columns.map { glyphs.spell($0) }
    let rows = table.rows.map { $0.map { glyphs.spell($0) } }
    var widths = heads.indices.map { column in
      max(1, max(heads[column].count, rows.map { $0[column].count }.max() ?? 0))
    }
    let room = width - 2 - 2 * (widths.count - 1)
    while widths.reduce(0, +) > room,
      let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > 1
    {
      widths[widest] -= 1
    }
    let rightAligned = heads.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { isNumber($0[column]) }
    }
    let rule = Line(
      widths.map { String(repeating: glyphs == .ascii ? "-" : "─", count: $0) }
        .joined(separator: "  "), .faint)
    return
      (row(heads, widths, rightAligned, ink: .heading) + [rule]
      + rows.flatMap { row($0, widths, rightAligned, ink: nil) }).map { $0.indented(by: 2) }
  }

  private func isNumber(_ text: String) -> Bool {
    text.isEmpty || text.allSatisfy { $0.isNumber || "-−+.,/ %×x".contains($0) }
  }

  private func row(_ cells: [String], _ widths: [Int], _ right: [Bool], ink: Ink?) -> [Line] {
    let wrapped = cells.indices.map { wrap(cells[$0], width: widths[$0], ink: ink) }
    return (0..<(wrapped.map { $0.count }.max() ?? 0)).map { index in
      var line = Line()
      var start = 0
      for column in cells.indices {
        let cell = index < wrapped[column].count ? wrapped[column][index] : Line()
        line.pad(to: start + (right[column] ? widths[column] - cell.width : 0))
        line.append(cell)
        start += widths[column] + 2
      }
      return line
    }
  }
}

extension TextRenderer {
  /// What is given, the stamps, the equations, the result.
  func lines(of trace: Trace) -> [Line] {
    var result = trace.notes.flatMap { paragraph($0, ink: .faint) }
    let between = trace.form == .matrix ? "×" : "∗"
    let amongRows = (trace.given + trace.outcome).areRows
    func block(_ lines: [Line]) {
      guard !lines.isEmpty else { return }
      if !result.isEmpty { result.append(Line()) }
      result += lines
    }
    block(
      lines(
        of: trace.given, operators: trace.given.count == 2 ? [between] : [], amongRows: amongRows))
    block(lines(of: trace.stamps, amongRows: amongRows))
    let padding = Set(trace.equations.map { glyphs.spell($0.cell).count }).max() ?? 0
    block(trace.equations.flatMap { lines(of: $0, cellWidth: padding) })
    block(lines(of: trace.outcome, amongRows: amongRows))
    return result
  }

  private func lines(of equation: Equation, cellWidth: Int) -> [Line] {
    let cell = glyphs.spell(equation.cell)
    let padded =
      equation.padded > 0
      ? " (\(counted(equation.padded, "kernel cell")) on padding)" : ""
    let text =
      equation.isEmpty
      ? "= \(equation.value)" + (padded.isEmpty ? " (no tap reaches it)" : padded)
      : "= \(equation.expression) = \(equation.value)" + padded
    // Long sums go on below the first term.
    let indent = cellWidth + 1
    let wrapped = wrap(glyphs.spell(text), width: width - indent - 2, hanging: 2)
    return wrapped.enumerated().map { index, rest in
      var line = index == 0 ? Line(cell, .output) : Line()
      line.pad(to: indent)
      line.append(rest)
      return line.indented(by: 2)
    }
  }
}
