package import Tensors

extension JSON {
  /// Reads a value, and nothing after it.
  ///
  /// - Parameter subject: what is read, for messages: `log.json`.
  /// - Throws: ``InterchangeError`` that names the byte, or a value within more than 64 others.
  package init(parsing bytes: [UInt8], of subject: String) throws {
    self = try bytes.withUnsafeBytes { bytes in
      var scanner = TextScanner(bytes, in: 0..<bytes.count, of: subject)
      let value = try scanner.value(depth: 0)
      guard scanner.next() == nil else { throw scanner.problem("nothing more") }
      return value
    }
  }

  /// The member of an object with this name; nil where there is none.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  /// The items of a list; nil for anything else.
  package var items: [JSON]? {
    if case .array(let items) = self { items } else { nil }
  }

  /// A text; nil for anything else.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number; nil for anything else.
  package var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A number, whole or not; nil for anything else.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

extension TextScanner {
  fileprivate mutating func value(depth: Int) throws(InterchangeError) -> JSON {
    guard depth <= 64 else { throw problem("no more than 64 values within each other") }
    switch next() {
    case 0x22: return .string(try string())
    case 0x5B:
      var items: [JSON] = []
      try list("[", "]") { (scanner) throws(InterchangeError) in
        items.append(try scanner.value(depth: depth + 1))
      }
      return .array(items)
    case 0x7B:
      var members: [(String, JSON)] = []
      try list("{", "}") { (scanner) throws(InterchangeError) in
        let name = try scanner.string()
        try scanner.expect(":")
        members.append((name, try scanner.value(depth: depth + 1)))
      }
      return .object(members)
    default:
      switch word(of: ["true", "false", "null"]) {
      case 0: return .bool(true)
      case 1: return .bool(false)
      case 2: return .null
      default: return try number()
      }
    }
  }

  private mutating func number() throws(InterchangeError) -> JSON {
    let text = characters { "0123456789.eE+-".utf8.contains($0) }
    if let value = Int(text) { return .integer(value) }
    if let value = UInt64(text) { return .unsigned(value) }
    guard let value = Double(text), value.isFinite else { throw problem("a value") }
    return .number(value)
  }
}
