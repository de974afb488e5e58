/// Rows of text under a head: the first column begins at the left, the others end at the right.
struct TextTable {
  let head: [String]
  let rows: [[String]]

  /// The head and the rows, with two spaces between columns.
  var lines: [String] {
    let all = [head] + rows
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      row.indices.map { column in
        column == 0
          ? padded(row[0], to: widths[0]) : aligned(row[column], to: widths[column] + 2)
      }.joined()
    }
  }
}
