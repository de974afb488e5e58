public import Tensors

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
  /// A whole number.
  public var cell: Cell { .whole(self) }
  /// 0.
  public static var zeroValue: Int { 0 }
}

extension Fraction: CellValue {
  /// A fraction.
  public var cell: Cell { .fraction(self) }
  /// 0.
  public static var zeroValue: Fraction { 0 }
}

extension Double: CellValue {
  /// A number with rounding.
  public var cell: Cell { .real(self) }
  /// 0.
  public static var zeroValue: Double { 0 }
}
