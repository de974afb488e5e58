public import Tensors

/// What an exercise's function returns, laid out so that it can be compared cell by cell and shown.
public protocol Answer: Sendable {
  /// The extents and the numbers in row-major order.
  var layout: AnswerLayout { get }
  /// Answers that mean nothing was computed: an empty one, one of zeros. A check must refuse them.
  var trivial: [Self] { get }
}

extension Int: Answer {
  public var layout: AnswerLayout { AnswerLayout(shape: [], cells: [cell]) }
  public var trivial: [Int] { [0] }
}

extension Double: Answer {
  public var layout: AnswerLayout { AnswerLayout(shape: [], cells: [cell]) }
  public var trivial: [Double] { [0] }
}

extension Fraction: Answer {
  public var layout: AnswerLayout { AnswerLayout(shape: [], cells: [cell]) }
  public var trivial: [Fraction] { [0] }
}

extension Optional: Answer where Wrapped: CellValue {
  public var layout: AnswerLayout { AnswerLayout(shape: [], cells: [self?.cell ?? .nothing]) }
  public var trivial: [Wrapped?] { [nil, .some(.zeroValue)] }
}

extension Array: Answer where Element: CellValue {
  public var layout: AnswerLayout { AnswerLayout(shape: [count], cells: map(\.cell)) }
  public var trivial: [[Element]] { [[], map { _ in .zeroValue }] }
}

extension Tensor: Answer where Scalar: CellValue {
  public var layout: AnswerLayout {
    AnswerLayout(shape: shape.dimensions, cells: elements.map(\.cell))
  }
  public var trivial: [Tensor] {
    [
      Tensor(shape: Shape(shape.dimensions.map { _ in 0 }), elements: []),
      Tensor(shape: shape, elements: elements.map { _ in .zeroValue }),
    ]
  }
}

/// One number of an answer, exact where it can be.
public enum Cell: Equatable, Sendable {
  /// A whole number.
  case whole(Int)
  /// A fraction in lowest terms.
  case fraction(Fraction)
  /// A number with rounding.
  case real(Double)
  /// nil: there is no such number.
  case nothing

  /// The number as a person writes it.
  public var text: String {
    switch self {
    case .whole(let value): "\(value)"
    case .fraction(let value): "\(value)"
    case .real(let value): numberText(value)
    case .nothing: "nil"
    }
  }

  /// Whether the cell counts as `expected`: exactly, or for numbers with rounding within
  /// `tolerance` · max(1, |expected|).
  func agrees(with expected: Cell, tolerance: Double) -> Bool {
    guard case .real(let got) = self, case .real(let want) = expected else {
      return self == expected
    }
    // Every number would be near enough to an infinite one.
    return got == want || want.isFinite && abs(got - want) <= tolerance * max(1, abs(want))
  }

  /// Whether both came about in the same way, as far as their last digits tell.
  func isTwin(of other: Cell) -> Bool {
    if case .real(let mine) = self, case .real(let theirs) = other, mine.isNaN {
      return theirs.isNaN
    }
    return agrees(with: other, tolerance: 1e-9)
  }
}

/// A kind of number that answers are made of.
public protocol CellValue: Sendable {
  /// The number as a cell.
  var cell: Cell { get }
  /// 0 of this kind.
  static var zeroValue: Self { get }
}

extension Int: CellValue {
  public var cell: Cell { .whole(self) }
  public static var zeroValue: Int { 0 }
}

extension Fraction: CellValue {
  public var cell: Cell { .fraction(self) }
  public static var zeroValue: Fraction { 0 }
}

extension Double: CellValue {
  public var cell: Cell { .real(self) }
  public static var zeroValue: Double { 0 }
}
