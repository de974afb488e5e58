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
      let blockWidth = block.map(\.width).max() ?? 0
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
    let columns = rows.map(\.count).max() ?? 0
    let labels = grid.rowLabels.map { glyphs.spell($0) }
    let labelWidth = min((labels.map(\.count).max() ?? -2) + 2, width / 2)
    let cellWidth = rows.joined().map(\.text.count).max() ?? 0
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
                rows[index][column], width: cellWidth, gap: gap, first: column == part.lowerBound))
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
  private func drawn(_ cell: Grid.Cell, width: Int, gap: Int, first: Bool) -> Line {
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
  var ink: Ink? {
    switch self {
    case .input: .input
    case .kernel: .kernel
    case .output: .output
    case .matrix: .heading
    }
  }
}
