public import Tensors

/// A value that a claim can show: a number, a size, or a list, set or tensor of such values.
public protocol Evidence {
  /// The value on one line, the first dozen of many.
  var evidence: String { get }
  /// The value as a member of a list.
  var listed: String { get }
}

extension Evidence {
  /// As it stands alone.
  public var listed: String { evidence }
}

extension Evidence where Self: CustomStringConvertible {
  /// As it describes itself.
  public var evidence: String { description }
}

extension Int: Evidence {}
extension Float: Evidence {}
extension Double: Evidence {}
extension Bool: Evidence {}
extension String: Evidence {}
extension Fraction: Evidence {}
extension Size: Evidence {}
extension Shape: Evidence {}

extension Array: Evidence where Element: Evidence {
  /// `1 2 3`
  public var evidence: String { firstDozen(map { $0.listed }) }
  /// `[1, 2, 3]`
  public var listed: String { "[" + map { $0.listed }.joined(separator: ", ") + "]" }
}

extension Set: Evidence where Element: Evidence {
  /// `1 2 3`: a set has no order of its own, and a page must come out the same every time.
  public var evidence: String {
    firstDozen(map { $0.listed }.sorted { ($0.count, $0) < ($1.count, $1) })
  }
}

extension Tensor: Evidence where Scalar: CustomStringConvertible {
  /// `1 2 / 3 4`
  public var evidence: String {
    guard shape.count > 16 else { return cellsText(self) }
    let first = elements.prefix(12).map { numberText($0) }.joined(separator: " ")
    return "\(first) … (\(shape.count) cells)"
  }
}

/// `1 2 3 4 5 6 7 8 9 10 11 12 … (16 numbers)`
private func firstDozen(_ members: [String]) -> String {
  let first = members.prefix(12).joined(separator: " ")
  return members.count > 12 ? "\(first) … (\(members.count) numbers)" : first
}
