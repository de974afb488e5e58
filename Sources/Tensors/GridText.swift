/// A map as lines of text with aligned columns.
///
/// ```swift
/// gridLines([["1", "10"], ["-2", "¾"]])   // [" 1  10", "-2   ¾"]
/// ```
///
/// Cells are right-aligned, each column as wide as its widest cell, two spaces between columns.
public func gridLines(_ rows: [[String]]) -> [String] {
  let columns = rows.map { $0.count }.max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    row.enumerated().map { column, cell in
      String(repeating: " ", count: widths[column] - cell.count) + cell
    }.joined(separator: "  ")
  }
}

extension Tensor where Scalar: CustomStringConvertible {
  /// The text of each cell of one map (rank 4), row by row.
  public func cellTexts(batch: Int = 0, channel: Int = 0) -> [[String]] {
    (0..<height).map { row in
      (0..<width).map { column in numberText(self[batch, channel, row, column]) }
    }
  }

  /// One map as aligned lines of text.
  public func gridLines(batch: Int = 0, channel: Int = 0) -> [String] {
    Tensors.gridLines(cellTexts(batch: batch, channel: channel))
  }
}

/// A number as a person writes it: `3` for 3.0, `¾` for a fraction, the shortest decimal that reads
/// back as the same number otherwise.
public func numberText<Scalar: CustomStringConvertible>(_ value: Scalar) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Terms as a sum; what begins with a minus is taken away.
///
/// ```swift
/// sumText(["3·1", "-2·4", "1"])   // "3·1 - 2·4 + 1"
/// ```
public func sumText(_ terms: [String]) -> String {
  var text = terms.first ?? "0"
  for term in terms.dropFirst() {
    text += term.hasPrefix("-") ? " - \(term.dropFirst())" : " + \(term)"
  }
  return text
}

/// So many of a thing: `1 cell`, `2 cells`; with `many` where an s does not make the plural.
///
/// ```swift
/// counted(1, "cell is left", "cells are left")   // "1 cell is left"
/// ```
public func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
