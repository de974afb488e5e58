internal import Platform

/// The bytes of a file, mapped into memory: nothing is read before it is looked at.
///
/// The file must not shrink while it is mapped; replacing it by renaming another over it is safe.
/// A pipe (`/dev/stdin`) is read to its end instead, up to a gigabyte.
public final class FileContents: @unchecked Sendable {
  /// The file's path as it was given, for messages.
  public let path: String

  /// All bytes; they live as long as this object.
  private let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// The bytes of the file at `path`.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``, also for folders and devices, and
  ///   ``InterchangeError`` if a pipe does not end.
  public init(mapping path: String) throws {
    let input = try FileBytes.open(path)
    defer { close(input.descriptor) }
    self.path = path
    isMapped = input.isFile && input.size > 0
    if !input.isFile {
      let (start, count) = try FileBytes.readToEnd(input, path, limit: FileBytes.mostOfPipe)
      bytes = UnsafeRawBufferPointer(start: start, count: count)
    } else if input.size > 0 {
      let start = mmap(nil, input.size, PROT_READ, MAP_PRIVATE, input.descriptor, 0)
      guard let start, start != MAP_FAILED else {
        throw FileProblem.cannotOpen("\(path) cannot be opened: \(SystemCalls.reason)")
      }
      bytes = UnsafeRawBufferPointer(start: start, count: input.size)
    } else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    }
  }

  /// Bytes that are in memory already, under a name for messages.
  public init(_ content: [UInt8], name: String) {
    path = name
    isMapped = false
    bytes = Self.copy(of: content)
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  /// The number of bytes.
  public var count: Int { bytes.count }

  /// What `body` returns for all bytes; they must not be used after it returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Tells the system that these bytes are not needed in memory now; they are read again from the
  /// file when somebody looks at them.
  func release(_ range: Range<Int>) {
    guard isMapped, let base = bytes.baseAddress else { return }
    let page = Int(getpagesize())
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard start < end else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  private static func copy(of content: [UInt8]) -> UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    copy.copyBytes(from: content)
    return UnsafeRawBufferPointer(copy)
  }
}
