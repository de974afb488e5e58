internal import Platform

/// Whole files as bytes, up to a size that the caller allows.
public enum FileBytes {
  /// What a pipe may give: more than the weights of any network here, and little enough to be held.
  static let mostOfPipe = 1 << 30

  /// The content of the file at `path`.
  ///
  /// A pipe is read to its end, up to the same limit, and refused if it is empty. A device has no end,
  /// and is refused.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)`` if it can't be opened or read, and
  ///   ``InterchangeError`` if it holds more than `limit` bytes.
  public static func read(_ path: String, limit: Int = 1 << 32) throws -> [UInt8] {
    let input = try open(path)
    defer { close(input.descriptor) }
    let limit = input.isFile ? limit : min(limit, mostOfPipe)
    guard input.size <= limit else { throw tooLarge(path, limit: limit, input) }
    let (start, count) = try readToEnd(input, path, limit: limit)
    defer { start.deallocate() }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A file or a pipe that was opened.
  struct Input {
    let descriptor: Int32
    /// Whether it has a size and can be mapped.
    let isFile: Bool
    let size: Int
  }

  /// Opens a file or a pipe for reading.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``, also for folders and devices.
  static func open(_ path: String) throws(FileProblem) -> Input {
    // Looked at before it is opened: opening a device may do something.
    switch SystemCalls.kind(of: path) {
    case .folder: throw .cannotOpen("\(path) is a folder; a file is expected")
    case .device: throw .cannotOpen("\(path) is a device; a file or a pipe is expected")
    case .missing, .file, .pipe: break
    }
    let descriptor = SystemCalls.openForReading(path)
    guard descriptor >= 0 else {
      throw .cannotOpen(
        "\(path) cannot be opened: "
          + (path.hasUnreadableBytes && errno == ENOENT
            ? "its name is no UTF-8; rename it" : reasonOfFailure))
    }
    return Input(
      descriptor: descriptor, isFile: SystemCalls.kind(of: descriptor) == .file,
      size: SystemCalls.size(of: descriptor))
  }

  /// Everything up to the end; the memory is the caller's to deallocate.
  static func readToEnd(
    _ input: Input, _ path: String, limit: Int
  ) throws -> (start: UnsafeMutableRawPointer, count: Int) {
    var isDone = false
    // One byte more than stated shows whether the file ends there.
    var room = min(max(input.size, 1 << 16), limit) + 1
    guard var start = realloc(nil, room) else { throw noMemory(path, room) }
    defer { if !isDone { start.deallocate() } }
    var count = 0
    while true {
      if count == room {
        guard count <= limit else { throw tooLarge(path, limit: limit, input) }
        room = min(2 * room, limit + 1)
        guard let larger = realloc(start, room) else { throw noMemory(path, room) }
        start = larger
      }
      let rest = UnsafeMutableRawBufferPointer(start: start + count, count: room - count)
      let isFirstOfPipe = !input.isFile && count == 0
      let got =
        isFirstOfPipe
        ? SystemCalls.readFirst(input.descriptor, into: rest)
        : SystemCalls.read(input.descriptor, into: rest)
      guard got != 0 || !isFirstOfPipe else {
        throw FileProblem.cannotOpen(
          "\(path) is a pipe to which nobody writes; save what it should give to a file first, or "
            + "start what writes to it")
      }
      guard got >= 0 else {
        throw FileProblem.cannotOpen("\(path) cannot be read: \(reasonOfFailure)")
      }
      if got == 0 { break }
      count += got
    }
    guard count <= limit else { throw tooLarge(path, limit: limit, input) }
    isDone = true
    return (start, count)
  }

  private static func noMemory(_ path: String, _ count: Int) -> FileProblem {
    .cannotOpen("\(path) cannot be read: there is no memory for \(count) bytes")
  }

  private static func tooLarge(_ path: String, limit: Int, _ input: Input) -> InterchangeError {
    InterchangeError(
      input.isFile
        ? "\(path) is larger than the \(limit) bytes that are allowed"
        : "\(path) gave more than \(limit) bytes and no end; save them to a file first")
  }
}

/// The bytes of a file, mapped into memory: nothing is read before it is looked at.
///
/// The file must not shrink while it is mapped; replacing it by renaming another over it is safe.
/// A pipe (`/dev/stdin`) is read to its end instead, up to a gigabyte.
public final class FileContents: @unchecked Sendable {
  /// The file's path as it was given, for messages.
  public let path: String

  /// The file as it was when it was opened; nil for a pipe, and for bytes that are in memory.
  public let stamp: FileStamp?

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
    stamp = FileStamp(input.descriptor, path: path)
    isMapped = input.isFile && input.size > 0
    if !input.isFile {
      let (start, count) = try FileBytes.readToEnd(input, path, limit: FileBytes.mostOfPipe)
      bytes = UnsafeRawBufferPointer(start: start, count: count)
    } else if input.size > 0 {
      let start = mmap(nil, input.size, PROT_READ, MAP_PRIVATE, input.descriptor, 0)
      guard let start, start != MAP_FAILED else {
        throw FileProblem.cannotOpen("\(path) cannot be opened: \(reasonOfFailure)")
      }
      if input.size >= 2 * largePage { askForLargePages(start, input.size) }
      bytes = UnsafeRawBufferPointer(start: start, count: input.size)
    } else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    }
  }

  /// Bytes that are in memory already, under a name for messages.
  public init(_ content: [UInt8], name: String) {
    path = name
    stamp = nil
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
  package func release(_ range: Range<Int>) {
    guard isMapped else { return }
    giveBack(pages(of: UnsafeRawBufferPointer(rebasing: bytes[range])))
  }

  private static func copy(of content: [UInt8]) -> UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    copy.copyBytes(from: content)
    return UnsafeRawBufferPointer(copy)
  }
}

/// What shows, without reading it, that a file is still what it was: which file it is, how long, and when
/// it was last changed.
///
/// The system sets the time of a change whenever bytes, name or times of a file are changed, and nobody can
/// set it otherwise; but its clock ticks, and two changes within a tick look like one. So a stamp can be
/// trusted if the file had been left alone for a while when it was taken: ``isSettled``. Who writes by way of
/// mapped memory changes the time only once, until the pages are on the disk: ``settled()`` sees to that.
public struct FileStamp: Hashable, Sendable {
  /// The path that led to the file.
  public let path: String
  /// The stamp in words.
  public let text: String
  /// Whether the file had not been changed for a while when the stamp was taken.
  public let isSettled: Bool

  /// The stamp of an open file; nil for pipes and devices.
  init?(_ descriptor: Int32, path: String) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status, path)
  }

  /// The stamp of the file at `path`; nil if there is none.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status, path)
  }

  /// Whether the path still leads to this file, and nobody has changed it.
  public var isCurrent: Bool { FileStamp(path: path)?.text == text }

  /// The stamp after all that was written is on the disk, so that it changes with whatever is written from
  /// now on; nil if that cannot be had, or if it is another already.
  public func settled() -> FileStamp? {
    let descriptor = SystemCalls.openForReading(path)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0, let stamp = FileStamp(descriptor, path: path), stamp.isSettled
    else { return nil }
    return stamp.text == text ? stamp : nil
  }

  private init(_ status: stat, _ path: String) {
    self.path = path
    let (modified, changed) = (status.modified, status.changed)
    text = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), modified.tv_sec,
      modified.tv_nsec, changed.tv_sec, changed.tv_nsec,
    ].map(String.init).joined(separator: " ")
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = Double(now.tv_sec - changed.tv_sec) + 1e-9 * Double(now.tv_nsec - changed.tv_nsec)
    // Where times are whole seconds, a tick may be two.
    isSettled = age > (changed.tv_nsec == 0 ? 3 : Self.tick)
  }

  /// More seconds than a tick of the clock of any file system that keeps fractions of seconds.
  public static let tick = 0.1
}

/// How files of a kind begin, or what they have at a fixed place.
package struct FileMark: Sendable {
  package let bytes: [UInt8]
  package let place: Int
  /// What the file is: `a GIF`
  package let name: String
  /// What somebody can do who has one.
  package let wayOut: String

  package init(_ bytes: [UInt8], at place: Int = 0, _ name: String, _ wayOut: String = "") {
    (self.bytes, self.place, self.name, self.wayOut) = (bytes, place, name, wayOut)
  }

  package init(_ text: String, at place: Int = 0, _ name: String, _ wayOut: String = "") {
    self.init(Array(text.utf8), at: place, name, wayOut)
  }

  package func describes(_ file: some Collection<UInt8>) -> Bool {
    file.dropFirst(place).starts(with: bytes)
  }
}
