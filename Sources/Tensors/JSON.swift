/// A JSON value to print; objects keep the order in which they are written.
///
/// ```swift
/// let answer: JSON = ["operation": "conv", "output": [3, 3], "exact": true]
/// answer.text   // {"operation": "conv", "output": [3, 3], "exact": true}, over several lines
/// ```
package enum JSON: Equatable, Sendable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A whole number that may need all 64 bits, such as a seed.
  case unsigned(UInt64)
  /// Any number; infinities and NaN, which JSON does not have, are written as null.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSON])
  /// Names and values, in order.
  case object([(String, JSON)])

  /// Whether two values are the same, the order of names included.
  package static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  /// The value over several lines, indented by two spaces; short lists stay on one line.
  package var text: String { text(indent: "") }

  private func text(indent: String) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .unsigned(let value): return String(value)
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let value): return Self.quoted(value)
    case .array(let values):
      let isFlat = values.allSatisfy { $0.isScalar }
      return Self.enclosed("[", values.map { $0.text(indent: indent + "  ") }, "]", indent, isFlat)
    case .object(let members):
      let lines = members.map { "\(Self.quoted($0)): \($1.text(indent: indent + "  "))" }
      return Self.enclosed("{", lines, "}", indent, false)
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object, .string: false
    default: true
    }
  }

  private static func enclosed(
    _ open: String, _ items: [String], _ close: String, _ indent: String, _ isFlat: Bool
  ) -> String {
    if items.isEmpty { return open + close }
    if isFlat { return open + items.joined(separator: ", ") + close }
    return open + "\n" + items.map { "\(indent)  \($0)" }.joined(separator: ",\n")
      + "\n\(indent)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.isControl:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByFloatLiteral
{
  /// Text.
  package init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// Any number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A list.
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// Names and values, in order.
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}
