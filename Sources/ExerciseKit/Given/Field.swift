public import Tensors

/// What a stack of layers does to positions along one axis.
public struct Field: Equatable, Sendable {
  /// Input cells that one output cell sees.
  public var size: Int
  /// Input cells from one output cell to the next.
  public var jump: Int
  /// The centre of the first output cell in input cells; the first input cell's centre is 0.
  public var start: Fraction

  /// A receptive field.
  public init(size: Int, jump: Int, start: Fraction) {
    (self.size, self.jump, self.start) = (size, jump, start)
  }
}

extension Field: Answer {
  /// The three parts by name.
  public var layout: Layout {
    Layout(named: [("size", size.cell), ("jump", jump.cell), ("start", start.cell)])
  }
  /// The field of no layer at all, and zeros.
  public var trivial: [Field] {
    [.init(size: 1, jump: 1, start: 0), .init(size: 0, jump: 0, start: 0)]
  }
}
