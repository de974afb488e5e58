import LessonKit
import Tensors

/// A size of a number, or nothing where it would not fit: a dry run in this arithmetic tells whether
/// the real one, in exact numbers, can be carried out.
struct SizeBound: Numeric, Comparable, Sendable {
  /// How large the number may be, whatever the order in which terms are added; nil if it may not fit.
  let bound: Int?

  init(_ bound: Int?) { self.bound = bound }
  init(integerLiteral value: Int) { bound = value }
  init?<T: BinaryInteger>(exactly source: T) { bound = Int(exactly: source) }

  var magnitude: SizeBound { self }

  static func < (a: SizeBound, b: SizeBound) -> Bool {
    guard let a = a.bound else { return false }
    return b.bound.map { a < $0 } ?? true
  }

  static func + (a: SizeBound, b: SizeBound) -> SizeBound {
    combined(a, b) { $0.addingReportingOverflow($1) }
  }

  static func * (a: SizeBound, b: SizeBound) -> SizeBound {
    combined(a, b) { $0.multipliedReportingOverflow(by: $1) }
  }

  /// The bound of a difference is that of the sum.
  static func - (a: SizeBound, b: SizeBound) -> SizeBound { a + b }
  static func *= (a: inout SizeBound, b: SizeBound) { a = a * b }

  private static func combined(
    _ a: SizeBound, _ b: SizeBound, _ operate: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> SizeBound {
    guard let a = a.bound, let b = b.bound else { return SizeBound(nil) }
    let (value, overflow) = operate(a, b)
    return SizeBound(overflow ? nil : value)
  }
}

/// Numbers over a common denominator: their sizes in units of one over it.
struct CommonDenominator {
  let denominator: SizeBound
  let sizes: [SizeBound]

  init(_ numbers: [Fraction]) {
    var least = SizeBound(1)
    for number in numbers {
      guard let known = least.bound else { break }
      let rest = number.denominator / greatestCommonDivisor(known, number.denominator)
      least = least * SizeBound(rest)
    }
    let common = least
    denominator = common
    sizes = numbers.map { number in
      guard let known = common.bound else { return SizeBound(nil) }
      return SizeBound(number.numerator.magnitude <= UInt(Int.max) ? abs(number.numerator) : nil)
        * SizeBound(known / number.denominator)
    }
  }

  /// The largest of the sizes.
  var largest: SizeBound {
    sizes.contains { $0.bound == nil }
      ? SizeBound(nil) : SizeBound(sizes.compactMap(\.bound).max() ?? 0)
  }
}

extension TraceCase where Scalar == Fraction {
  /// Checks that no sum of this case, in whatever order, leaves the exact numbers.
  ///
  /// - Throws: `ExitStatus` 65.
  func checkExactRange() throws {
    let (x, w) = (CommonDenominator(input.elements), CommonDenominator(weight.elements))
    let b = CommonDenominator(bias ?? [])
    let scale = x.denominator * w.denominator * b.denominator
    // The terms and the bias in units of one over the product of the denominators.
    let xs = Tensor(shape: input.shape, elements: x.sizes.map { $0 * b.denominator })
    let ws = Tensor(shape: weight.shape, elements: w.sizes)
    let bs = bias.map { _ in b.sizes.map { $0 * x.denominator * w.denominator } }
    let dry = TraceCase<SizeBound>(xs, ws, bias: bs, by: convolution)
    let sums = try dry.output()
    guard scale.bound != nil, sums.elements.allSatisfy({ $0.bound != nil }) else {
      throw notExact()
    }
  }
}

/// The error that numbers are too large, or their denominators too different, to be exact.
func notExact() -> ExitStatus {
  .data(
    "the sums of these numbers do not fit: a trace is exact, with numerators and denominators up to "
      + "\(Int.max); use smaller numbers, or fractions with like denominators")
}
