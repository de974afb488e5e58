public import Tensors

extension Int: Answer {
  /// One number.
  public var layout: Layout { Layout(shape: [], cells: [cell]) }
  /// 0.
  public var trivial: [Int] { [0] }
}

extension Double: Answer {
  /// One number.
  public var layout: Layout { Layout(shape: [], cells: [cell]) }
  /// 0.
  public var trivial: [Double] { [0] }
}

extension Fraction: Answer {
  /// One number.
  public var layout: Layout { Layout(shape: [], cells: [cell]) }
  /// 0.
  public var trivial: [Fraction] { [0] }
}

extension Optional: Answer where Wrapped: CellValue {
  /// One number or nil.
  public var layout: Layout { Layout(shape: [], cells: [self?.cell ?? .nothing]) }
  /// nil and 0.
  public var trivial: [Wrapped?] { [nil, .some(.zeroValue)] }
}

extension Array: Answer where Element: CellValue {
  /// A list of numbers.
  public var layout: Layout { Layout(shape: [count], cells: map(\.cell)) }
  /// No numbers, and as many zeros.
  public var trivial: [[Element]] { [[], map { _ in .zeroValue }] }
}

extension Tensor: Answer where Scalar: CellValue {
  /// The tensor's own shape and cells.
  public var layout: Layout {
    Layout(shape: shape.dimensions, cells: elements.map(\.cell))
  }
  /// No cells, and the same shape in zeros.
  public var trivial: [Tensor] {
    [
      Tensor(shape: Shape(shape.dimensions.map { _ in 0 }), elements: []),
      Tensor(shape: shape, elements: elements.map { _ in .zeroValue }),
    ]
  }
}
