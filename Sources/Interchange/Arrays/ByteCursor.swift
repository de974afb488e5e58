internal import Tensors

/// Reads little-endian numbers one after another, and never beyond the end.
struct ByteCursor {
  let bytes: UnsafeRawBufferPointer
  /// The next byte to be read.
  private(set) var position: Int
  /// One past the last byte that may be read.
  let end: Int
  /// What is being read, for messages: `the zip directory`.
  let subject: String

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.subject = subject
  }

  /// The number of bytes not yet read.
  var rest: Int { end - position }

  /// The range of the next `count` bytes, which are passed over.
  mutating func take(_ count: Int) throws(InterchangeError) -> Range<Int> {
    guard count >= 0, count <= rest else {
      throw InterchangeError(
        "\(subject) needs \(count) more bytes at byte \(position), has \(rest)")
    }
    defer { position += count }
    return position..<position + count
  }

  mutating func integer<T: FixedWidthInteger>(_: T.Type) throws(InterchangeError) -> T {
    let range = try take(MemoryLayout<T>.size)
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
  }

  /// The next integer of a type whose values all fit an `Int`.
  mutating func int<T: FixedWidthInteger>(_: T.Type) throws(InterchangeError) -> Int {
    Int(truncatingIfNeeded: try integer(T.self))
  }

  /// The bytes up to the next line feed, which is passed over too.
  mutating func line() throws(InterchangeError) -> Range<Int> {
    guard let feed = bytes[position..<end].firstIndex(of: 0x0A) else {
      throw InterchangeError("\(subject) has a line at byte \(position) that does not end")
    }
    defer { position = feed + 1 }
    return position..<feed
  }

  /// The text of a range that was taken; `nil` if it is no UTF-8.
  func text(_ range: Range<Int>) -> String? {
    String(validating: bytes[range], as: UTF8.self)
  }
}

extension FixedWidthInteger {
  /// The bytes, the least significant first.
  package var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

  /// The bytes, the most significant first.
  var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

  /// The number that some bytes make, the most significant first.
  init(bigEndian bytes: some Sequence<UInt8>) { self = bytes.reduce(0) { $0 << 8 | Self($1) } }
}

/// What `body` returns for floats as files have them: each with its least significant byte first.
func withLittleEndianBytes<Result>(
  of floats: UnsafeBufferPointer<Float>, _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
  #if _endian(little)
    try body(UnsafeRawBufferPointer(floats))
  #else
    try floats.flatMap(\.bitPattern.littleEndianBytes).withUnsafeBytes(body)
  #endif
}

extension String {
  /// The text as it may be shown in a message: short, and without control characters, which a
  /// terminal would obey.
  package var printable: String {
    let scalars = unicodeScalars
    return scalars.count > 120 ? String(scalars.prefix(120)).visible + "…" : visible
  }
}
