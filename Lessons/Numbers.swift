import Tensors

/// `1,234,567`
func grouped(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// The nearest whole number: `21,305`
func grouped(_ value: Double) -> String { grouped(Int(value.rounded())) }

/// A number with so many digits after the point, rounded: `0.969`.
func decimal(_ value: Double, _ places: Int) -> String {
  let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
  let scaled = (value.magnitude * scale).rounded()
  guard scaled < 1e15 else { return "\(value)" }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return places == 0 ? sign + padded : sign + padded.dropLast(places) + "." + padded.suffix(places)
}

/// A fraction with so many digits after the point, rounded.
func decimal(_ value: Fraction, _ places: Int) -> String {
  decimal(value.doubleValue, places)
}

/// `1, 2, 3`
func listed(_ numbers: [Int]) -> String {
  numbers.map(String.init).joined(separator: ", ")
}
