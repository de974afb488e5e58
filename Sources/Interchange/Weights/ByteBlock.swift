internal import Interchange
internal import Synchronization

/// The bytes that hold a tensor's numbers, wherever and however a file keeps them.
final class ByteBlock: Sendable {
  enum Content: Sendable {
    /// As they are in a file.
    case stored(FileContents, Range<Int>)
    /// Compressed by deflate, `size` bytes when inflated.
    case deflated(FileContents, Range<Int>, size: Int)
    /// In pieces, each of some elements at equal distances.
    case runs(FileContents, [ByteRun])
    /// As integers of variable length, each of which becomes one of `width` bytes.
    case varints(FileContents, [Range<Int>], width: Int)
    /// As they are in a file beside that of the tensor, which may not be there.
    case beside(ONNXCompanion, Range<Int>)
    /// Made of numbers that are not there.
    case missing(FileProblem)
    /// In memory.
    case memory([Float])
  }

  private let content: Content
  /// The CRC-32 that the bytes must have, if the file says.
  private let checksum: UInt32?
  private let isVerified = Atomic(false)

  init(_ content: Content, checksum: UInt32? = nil) {
    self.content = content
    self.checksum = checksum
  }

  /// What `body` returns for the bytes, whose checksum was verified.
  ///
  /// - Parameter isTransient: whether the bytes are only looked at once, so that the system may
  ///   forget them again.
  func withBytes<Result>(
    isTransient: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    switch content {
    case .stored(let file, let range):
      return try file.withBytes { (all) throws in
        let bytes = UnsafeRawBufferPointer(rebasing: all[range])
        try verify(bytes) { if isTransient { file.release($0 + range.lowerBound) } }
        return try body(bytes)
      }
    case .deflated(let file, let range, let size):
      try SystemMemory.check(size, for: "it is compressed, and")
      let inflated = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
      defer { inflated.deallocate() }
      let written = try file.withBytes { (all) throws in
        try Inflate.raw(all[range].asBytes, into: inflated)
      }
      guard written == size else {
        throw InterchangeError("it holds \(written) bytes compressed, expected \(size)")
      }
      let bytes = UnsafeRawBufferPointer(inflated)
      try verify(bytes) { _ in }
      return try body(bytes)
    case .runs(let file, let runs):
      try SystemMemory.check(
        runs.reduce(0) { $0 + $1.elements * $1.width }, for: "it is in pieces, and")
      let bytes = file.withBytes { all in runs.flatMap { $0.bytes(of: all) } }
      return try bytes.withUnsafeBytes(body)
    case .varints(let file, let ranges, let width):
      try SystemMemory.check(
        width * ranges.reduce(0) { $0 + $1.count }, for: "it is packed, and")
      let bytes = file.withBytes { PackedVarints.decoded(ranges, width: width, from: $0) }
      return try bytes.withUnsafeBytes(body)
    case .beside(let companion, let range):
      return try companion.withBytes(range, body)
    case .missing(let problem): throw problem
    case .memory(let values):
      return try values.withUnsafeBytes(body)
    }
  }

  /// Tells the system that bytes which lie in a file are not needed in memory now.
  func release(_ range: Range<Int>? = nil) {
    switch content {
    case .stored(let file, let whole):
      file.release(range.map { $0 + whole.lowerBound } ?? whole)
    case .beside(let companion, let whole):
      companion.release(range.map { $0 + whole.lowerBound } ?? whole)
    default: break
    }
  }

  /// The stamp of the file that holds the bytes; nil if none does, or if it cannot be opened.
  var stamp: FileStamp? {
    switch content {
    case .stored(let file, _), .deflated(let file, _, _), .runs(let file, _),
      .varints(let file, _, _):
      file.stamp
    case .beside(let companion, _): companion.stamp
    case .missing, .memory: nil
    }
  }

  /// Where in their file the bytes lie.
  var place: String {
    switch content {
    case .stored(_, let range), .beside(_, let range): "\(range)"
    case .deflated(_, let range, let size): "\(range) \(size)"
    case .runs(_, let runs):
      runs.map { "\($0.start) \($0.elements) \($0.width) \($0.distance)" }.joined(separator: ",")
    case .varints(_, let ranges, let width): "\(ranges) \(width)"
    case .missing, .memory: ""
    }
  }

  private func verify(
    _ bytes: UnsafeRawBufferPointer, passed: @Sendable (Range<Int>) -> Void
  ) throws {
    guard let checksum, !isVerified.load(ordering: .relaxed) else { return }
    let computed = CRC32.parallel(bytes[...].asBytes, piece: Self.piece, passed: passed)
    guard computed == checksum else {
      throw InterchangeError(
        "its data is damaged: the CRC-32 is \(computed), but the file states \(checksum)")
    }
    isVerified.store(true, ordering: .relaxed)
  }

  /// How many bytes are worked on at a time where all of them are passed over: 4 MB.
  static let piece = 1 << 22
}

/// Elements at equal distances in a file: a piece of a tensor.
struct ByteRun: Sendable {
  let start: Int
  let elements: Int
  let width: Int
  let distance: Int

  func bytes(of file: UnsafeRawBufferPointer) -> [UInt8] {
    (0..<elements).flatMap { file[(start + $0 * distance)...].prefix(width) }
  }
}

extension Slice<UnsafeRawBufferPointer> {
  /// The same memory as plain bytes.
  var asBytes: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(rebasing: self).assumingMemoryBound(to: UInt8.self)
  }
}

private func + (range: Range<Int>, offset: Int) -> Range<Int> {
  range.lowerBound + offset..<range.upperBound + offset
}
