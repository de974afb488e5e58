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
    return (0..<(wrapped.map(\.count).max() ?? 0)).map { index in
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
