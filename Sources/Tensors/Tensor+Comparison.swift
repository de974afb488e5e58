/// The first cell in which two tensors differ, or that their shapes do.
public enum TensorDifference: Equatable, Sendable, CustomStringConvertible {
  /// The shapes differ; cells were not compared.
  case shape(got: Shape, expected: Shape)
  /// The first differing cell in row-major order, and how many differ in all.
  case cell(coordinates: [Int], got: String, expected: String, count: Int)

  /// One sentence: where, what came, what was expected.
  public var description: String {
    switch self {
    case .shape(let got, let expected):
      "the shape is \(got), expected \(expected)"
    case .cell(let coordinates, let got, let expected, let count):
      "cell (\(coordinates.map(String.init).joined(separator: ", "))) is \(got), "
        + "expected \(expected)" + (count > 1 ? "; \(count) cells differ" : "")
    }
  }
}

extension Tensor where Scalar: CustomStringConvertible {
  /// The first difference from `expected`, or nil if there is none.
  ///
  /// - `agree`: whether two cells count as the same.
  public func difference(
    from expected: Tensor, agree: (Scalar, Scalar) -> Bool
  ) -> TensorDifference? {
    guard shape == expected.shape else { return .shape(got: shape, expected: expected.shape) }
    let wrong = elements.indices.filter { !agree(elements[$0], expected.elements[$0]) }
    guard let first = wrong.first else { return nil }
    return .cell(
      coordinates: coordinates(of: first), got: "\(elements[first])",
      expected: "\(expected.elements[first])", count: wrong.count)
  }
}

extension Tensor where Scalar: Equatable & CustomStringConvertible {
  /// The first cell that is not exactly equal, or nil if all are.
  public func difference(from expected: Tensor) -> TensorDifference? {
    difference(from: expected, agree: ==)
  }
}

extension Tensor where Scalar: BinaryFloatingPoint & CustomStringConvertible {
  /// The first cell with |got − expected| > absolute + relative · |expected|, or nil.
  ///
  /// Two NaNs agree, and an infinity agrees with itself alone.
  public func difference(
    from expected: Tensor, relative: Scalar, absolute: Scalar
  ) -> TensorDifference? {
    difference(from: expected) { got, want in
      got == want || (got.isNaN && want.isNaN)
        || (want.isFinite && abs(got - want) <= absolute + relative * abs(want))
    }
  }
}

extension Tensor<Float> {
  /// Whether no cell is infinite or not a number.
  package var isFinite: Bool { elements.allSatisfy { $0.isFinite } }
}
