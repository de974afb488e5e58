public import Tensors

/// Values as numbers in a row: what goes to the process that runs an attempt (the arguments of its
/// cases) and what comes back (its answers). The right answers stay with the process that judges.
///
/// What comes back may be anything, for an attempt can write where its answers do; so reading checks
/// each value, and throws ``Unreadable``.
public struct Message: Sendable {
  /// Something else than the value that was expected.
  public struct Unreadable: Error {}

  private var words: [Int] = []
  private var position = 0

  /// A message to be written.
  public init() {}

  /// A message that came; bytes that do not fill a number at its end make it unreadable there.
  public init(bytes: [UInt8]) {
    words = Array(repeating: 0, count: bytes.count / 8)
    words.withUnsafeMutableBytes { $0.copyBytes(from: bytes.prefix($0.count)) }
    if bytes.count % 8 != 0 { words.append(.min) }
  }

  /// The message as it is sent.
  public var bytes: [UInt8] { words.withUnsafeBytes { Array($0) } }

  /// Whether everything was read.
  public var isAtEnd: Bool { position == words.count }

  mutating func write(_ word: Int) { words.append(word) }

  mutating func write(_ values: [some Transferable]) {
    write(values.count)
    for value in values { value.write(to: &self) }
  }

  mutating func word() throws -> Int {
    guard position < words.count else { throw Unreadable() }
    defer { position += 1 }
    return words[position]
  }

  mutating func values<T: Transferable>() throws -> [T] {
    let count = try word()
    // Each value takes one word at least, so that no count can make us allocate without limit.
    guard (0...words.count - position).contains(count) else { throw Unreadable() }
    return try (0..<count).map { _ in try T(from: &self) }
  }
}

/// A value that can be sent in a ``Message``.
public protocol Transferable: Sendable {
  /// The type that a parameter has that takes it, as it is written in Swift.
  static var parameterType: String { get }
  /// Adds the value.
  func write(to message: inout Message)
  /// Reads the value that comes next.
  init(from message: inout Message) throws
}

extension Transferable {
  /// The type's own name.
  public static var parameterType: String { "\(Self.self)" }
}

extension Int: Transferable {
  public func write(to message: inout Message) { message.write(self) }
  public init(from message: inout Message) throws { self = try message.word() }
}

extension Bool: Transferable {
  public func write(to message: inout Message) { message.write(self ? 1 : 0) }
  public init(from message: inout Message) throws { self = try message.word() != 0 }
}

extension Double: Transferable {
  public func write(to message: inout Message) {
    message.write(Int(bitPattern: UInt(bitPattern)))
  }
  public init(from message: inout Message) throws {
    self.init(bitPattern: UInt64(UInt(bitPattern: try message.word())))
  }
}

extension String: Transferable {
  public func write(to message: inout Message) { message.write(utf8.map { Int($0) }) }
  public init(from message: inout Message) throws {
    let bytes: [Int] = try message.values()
    self.init(decoding: bytes.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
  }
}

extension Fraction: Transferable {
  public func write(to message: inout Message) {
    message.write(numerator)
    message.write(denominator)
  }
  public init(from message: inout Message) throws {
    let (top, bottom) = (try message.word(), try message.word())
    guard top != .min, bottom > 0 else { throw Message.Unreadable() }
    self.init(top, bottom)
  }
}

extension Size: Transferable {
  public func write(to message: inout Message) {
    message.write(height)
    message.write(width)
  }
  public init(from message: inout Message) throws {
    self.init(height: try message.word(), width: try message.word())
  }
}

extension Array: Transferable where Element: Transferable {
  public func write(to message: inout Message) { message.write(self) }
  public init(from message: inout Message) throws { self = try message.values() }
}

extension Tensor: Transferable where Scalar: Transferable {
  public func write(to message: inout Message) {
    message.write(shape.dimensions)
    message.write(elements)
  }
  public init(from message: inout Message) throws {
    let shape = try Shape(validating: try message.values())
    let elements: [Scalar] = try message.values()
    guard elements.count == shape.count else { throw Message.Unreadable() }
    self.init(shape: shape, elements: elements)
  }
}
