internal import Tensors

/// Reads little-endian numbers one after another, and never beyond the end.
package struct ByteCursor {
  package let bytes: UnsafeRawBufferPointer
  /// The next byte to be read.
  package private(set) var position: Int
  /// One past the last byte that may be read.
  package let end: Int
  /// What is being read, for messages: `the zip directory`.
  package let subject: String

  package init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.subject = subject
  }

  /// The number of bytes not yet read.
  package var rest: Int { end - position }

  /// The range of the next `count` bytes, which are passed over.
  package mutating func take(_ count: Int) throws(InterchangeError) -> Range<Int> {
    guard count >= 0, count <= rest else {
      throw InterchangeError(
        "\(subject) needs \(count) more bytes at byte \(position), has \(rest)")
    }
    defer { position += count }
    return position..<position + count
  }

  package mutating func integer<T: FixedWidthInteger>(_: T.Type) throws(InterchangeError) -> T {
    let range = try take(MemoryLayout<T>.size)
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
  }

  /// The next integer of a type whose values all fit an `Int`.
  package mutating func int<T: FixedWidthInteger>(_: T.Type) throws(InterchangeError) -> Int {
    Int(truncatingIfNeeded: try integer(T.self))
  }

  /// The bytes up to the next line feed, which is passed over too.
  package mutating func line() throws(InterchangeError) -> Range<Int> {
    guard let feed = bytes[position..<end].firstIndex(of: 0x0A) else {
      throw InterchangeError("\(subject) has a line at byte \(position) that does not end")
    }
    defer { position = feed + 1 }
    return position..<feed
  }

  /// The text of a range that was taken; `nil` if it is no UTF-8.
  package func text(_ range: Range<Int>) -> String? {
    String(validating: bytes[range], as: UTF8.self)
  }
}

extension FixedWidthInteger {
  /// The bytes, the least significant first.
  package var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

  /// The bytes, the most significant first.
  package var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

  /// The number that some bytes make, the most significant first.
  package init(bigEndian bytes: some Sequence<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | Self($1) }
  }
}

/// What `body` returns for floats as files have them: each with its least significant byte first.
package func withLittleEndianBytes<Result>(
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

extension Collection<String> {
  /// Three of these names, how many more there are, and how all of them begin or end:
  /// `all backbone.…: backbone.a, backbone.b, backbone.c and 67 more`
  public var summary: String {
    let shown = prefix(3).map(\.printable).joined(separator: ", ")
    guard count > 3 else { return shown }
    let shared = [
      Self.shared(map { Array($0.unicodeScalars) }).map { "\($0)…" },
      Self.shared(map { $0.unicodeScalars.reversed() }).map { "…\(String($0.reversed()))" },
    ].compactMap(\.self)
    let all = shared.isEmpty ? "" : "all \(shared.joined(separator: " and ").printable): "
    return "\(all)\(shown) and \(count - 3) more"
  }

  /// The beginning that all have, up to the last dot or underscore in it; nil if there is none.
  private static func shared(_ names: [[Unicode.Scalar]]) -> String? {
    var common = names[0][...]
    for name in names.dropFirst() {
      common = common.prefix(zip(common, name).prefix { $0 == $1 }.count)
    }
    let separators: [Unicode.Scalar] = [".", "_", "/"]
    guard let end = common.lastIndex(where: separators.contains) else { return nil }
    var text = ""
    text.unicodeScalars.append(contentsOf: common[...end])
    return text
  }
}
