/// The content of one segment, read from front to back.
struct JPEGSegment {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var count: Int { bytes.count }
  var rest: Int { bytes.count - position }

  mutating func byte() throws(InterchangeError) -> Int {
    guard position < bytes.count else { throw Self.truncated }
    position += 1
    return Int(bytes[position - 1])
  }

  /// A number of two bytes, the higher first.
  mutating func word() throws(InterchangeError) -> Int {
    try byte() << 8 | byte()
  }

  func starts(with text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[$0] == text.utf8Start[$0] }
  }

  /// The bytes from `start`, for content with an inner structure.
  func bytes(from start: Int) -> [UInt8] {
    Array(bytes.dropFirst(start))
  }

  static let truncated = InterchangeError("the JPEG has a segment that is too short")
}
