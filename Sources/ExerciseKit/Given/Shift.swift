/// How far a picture has moved.
public struct Shift: Equatable, Sendable {
  /// Rows downwards.
  public var rows: Int
  /// Columns to the right.
  public var columns: Int

  /// A movement.
  public init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
  }
}

extension Shift: Answer {
  /// Both directions by name.
  public var layout: Layout {
    Layout(named: [("rows", rows.cell), ("columns", columns.cell)])
  }
  /// No movement.
  public var trivial: [Shift] { [Shift(rows: 0, columns: 0)] }
}
