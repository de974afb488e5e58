import Tensors

/// The nearest whole number: `21,305`
func grouped(_ value: Double) -> String { grouped(Int(value.rounded())) }

/// A fraction with so many digits after the point, rounded.
func decimal(_ value: Fraction, _ places: Int) -> String {
  decimal(value.doubleValue, places)
}

/// `1, 2, 3`
func listed(_ numbers: [Int]) -> String {
  numbers.map(String.init).joined(separator: ", ")
}
