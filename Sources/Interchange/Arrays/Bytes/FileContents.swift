#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The bytes of a file, mapped into memory: nothing is read before it is looked at.
///
/// The file must not shrink while it is mapped; replacing it by renaming another over it is safe.
/// Anything that is not a regular file (a pipe, `/dev/stdin`) is read to its end instead.
public final class FileContents: @unchecked Sendable {
  /// The file's path as it was given, for messages.
  public let path: String

  /// All bytes; they live as long as this object.
  private let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// The bytes of the file at `path`.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``
  public init(mapping path: String) throws(FileProblem) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen("\(path) cannot be opened: \(SystemCalls.reason)")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen("\(path) cannot be opened: \(SystemCalls.reason)")
    }
    self.path = path
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else {
      throw .cannotOpen("\(path) is a folder; a file is expected")
    }
    if kind == S_IFREG {
      let size = Int(status.st_size)
      isMapped = size > 0
      guard size > 0 else {
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        return
      }
      let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard let start, start != MAP_FAILED else {
        throw .cannotOpen("\(path) cannot be opened: \(SystemCalls.reason)")
      }
      bytes = UnsafeRawBufferPointer(start: start, count: size)
    } else {
      isMapped = false
      bytes = Self.copy(of: try Self.readToEnd(descriptor, path: path))
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

  private static func readToEnd(_ descriptor: Int32, path: String) throws(FileProblem)
    -> [UInt8]
  {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { SystemCalls.read(descriptor, into: $0) }
      guard count >= 0 else { throw .cannotOpen("\(path) cannot be read: \(SystemCalls.reason)") }
      guard count > 0 else { return content }
      content += chunk[..<count]
    }
  }
}
