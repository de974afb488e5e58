/// The zeros before and after a row: a padding along one axis.
public struct Ends: Equatable, Sendable {
  /// Zeros before the first cell.
  public var before: Int
  /// Zeros after the last cell.
  public var after: Int

  /// A padding of `before` and `after` zeros.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
  }
}

extension Ends: Answer {
  /// Both ends by name.
  public var layout: Layout {
    Layout(named: [("before", before.cell), ("after", after.cell)])
  }
  /// No padding at all.
  public var trivial: [Ends] { [Ends(before: 0, after: 0)] }
}
