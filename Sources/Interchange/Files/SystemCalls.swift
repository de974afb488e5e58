internal import Platform

/// The few calls to the operating system behind reading and writing files.
package enum SystemCalls {
  /// What a path leads to, after following links.
  enum Kind { case missing, file, folder, pipe, device }

  static func kind(of path: String) -> Kind {
    var status = stat()
    return stat(path, &status) == 0 ? kind(status) : .missing
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  static func kind(of descriptor: Int32) -> Kind {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? kind(status) : .missing
  }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFIFO, S_IFSOCK: .pipe
    default: .device
    }
  }

  /// What tells a file or folder from every other, whatever path leads to it; nil if there is none.
  static func identity(of path: String) -> String? {
    var status = stat()
    return stat(path, &status) == 0 ? identity(status) : nil
  }

  static func identity(of descriptor: Int32) -> String? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? identity(status) : nil
  }

  private static func identity(_ status: stat) -> String { "\(status.st_dev):\(status.st_ino)" }

  /// The path behind links, or the path itself where nothing exists yet.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Opens for reading, at once: also a pipe to which nobody writes; see ``readFirst(_:into:)``.
  static func openForReading(_ path: String) -> Int32 {
    retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
  }

  /// Opens what is there for writing; -1 for a pipe from which nobody reads.
  static func openForWriting(_ path: String) -> Int32 {
    let descriptor = patiently(while: { $0 < 0 && errno == ENXIO }) {
      retrying { open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK) }
    }
    if descriptor >= 0 { letWait(descriptor) }
    return descriptor
  }

  /// The beginning of a pipe, as ``read(_:into:)``; 0 if it is empty and nobody writes to it.
  static func readFirst(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let got = patiently(while: { $0 == 0 }) { read(descriptor, into: buffer) }
    let isWaitedFor = got < 0 && errno == EAGAIN
    letWait(descriptor)
    return isWaitedFor ? read(descriptor, into: buffer) : got
  }

  /// Gives whoever shall be at the other end of a pipe half a second to come.
  private static func patiently<Result>(
    while isAlone: (Result) -> Bool, _ call: () -> Result
  ) -> Result {
    for _ in 0..<50 {
      let result = call()
      guard isAlone(result) else { return result }
      usleep(10_000)
    }
    return call()
  }

  /// From now on reading waits for what comes, and writing for room.
  private static func letWait(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  }

  /// Creates a file that doesn't exist yet, and locks it for as long as it is open.
  static func create(_ path: String) -> Int32 {
    let descriptor = retrying {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0, !lock(descriptor), errno == EWOULDBLOCK else { return descriptor }
    // Somebody who removes leftovers was quicker, and removes this file.
    close(descriptor)
    errno = EEXIST
    return -1
  }

  /// Creates a file without a name, which is gone with its process, and locks it; -1 where there is no
  /// such thing.
  static func createNameless(in folder: String) -> Int32 {
    let descriptor = retrying { openNameless(in: folder) }
    if descriptor >= 0 { _ = lock(descriptor) }
    return descriptor
  }

  /// Gives a nameless file a name that is not taken.
  static func name(_ descriptor: Int32, _ path: String) -> Bool {
    giveName(path, toNameless: descriptor)
  }

  /// Lets a file be read and written by those who may do so with another.
  static func copyPermissions(of path: String, to descriptor: Int32) {
    var status = stat()
    if stat(path, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  /// Opens a folder, for locking it or for having its entries stored.
  static func openFolder(_ path: String) -> Int32 {
    retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  /// Locks a file or folder until it is closed, or its process ends; false if another has done so.
  static func lock(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Whether what is written has reached the disk; true where the file system cannot say.
  static func store(_ descriptor: Int32) -> Bool {
    if retrying({ storeOnDisk(descriptor) }) == 0 { return true }
    return [EINVAL, ENOTSUP, EROFS].contains(errno)
  }

  /// Stores the names in a folder: a renamed file is there after a power cut only then.
  static func storeNames(in folder: String) {
    let descriptor = openFolder(folder)
    guard descriptor >= 0 else { return }
    _ = store(descriptor)
    close(descriptor)
  }

  /// The size that the file system states; 0 for pipes.
  static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Reads up to the whole buffer: the number of bytes, 0 at the end, -1 for an error.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    retrying { Platform.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Writes all bytes, or returns false.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  /// A file is written from one multiple of a large page to the next: Linux then keeps it in large pages, and
  /// whoever maps it has as few address look-ups as with memory of his own.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    // −1 for a pipe.
    var place = bytes.count < largePage ? -1 : Int(lseek(descriptor, 0, SEEK_CUR))
    while !rest.isEmpty {
      let most = place < 0 ? rest.count : largePage - place % largePage
      let written = retrying {
        Platform.write(descriptor, rest.baseAddress, min(most, rest.count))
      }
      guard written > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      if place >= 0 { place += written }
    }
    return true
  }

  /// The names of all that lies in a folder, or nil if it cannot be read.
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  /// Removes a folder and all that is in it; links are removed, and not followed.
  static func removeFolder(_ path: String) {
    for name in names(in: path) ?? [] where name != "." && name != ".." {
      let inner = "\(path)/\(name)"
      if unlink(inner) != 0 { removeFolder(inner) }
    }
    rmdir(path)
  }

  private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

/// `1.5 GB`, and what is less than a tenth of one as `12 MB`
public func gigabytes(_ bytes: Int) -> String {
  guard bytes >= 100_000_000 else { return "\(bytes / 1_000_000) MB" }
  let tenths = bytes / 100_000_000 + (bytes % 100_000_000 >= 50_000_000 ? 1 : 0)
  return "\(tenths / 10).\(tenths % 10) GB"
}

/// What this machine's memory is, as far as the system tells.
public enum SystemMemory {
  /// The bytes that this process can still get without swapping; nil if nobody says.
  public static var available: Int? { availableMemory }

  /// Refuses a need that the memory does not meet, before anything is taken: there is no way back from
  /// an allocation that fails.
  ///
  /// - Parameters:
  ///   - bytes: the need; nil where it is beyond all numbers.
  ///   - purpose: the sentence's subject: `fcn8s on a picture of 500×500`.
  /// - Throws: ``InterchangeError``
  public static func check(_ bytes: Int?, for purpose: @autoclosure () -> String)
    throws(InterchangeError)
  {
    // A little is always there, and asking the system costs more than taking it.
    if let bytes, bytes < 1 << 24 { return }
    guard let available, bytes.map({ $0 > available }) ?? true else { return }
    throw InterchangeError(
      "\(purpose()) needs \(bytes.map(gigabytes) ?? "more memory than can be counted")"
        + "\(bytes == nil ? "" : " of memory"); \(gigabytes(available)) are available")
  }

  /// The most memory that this process has held so far, in bytes.
  public static var peak: Int { peakMemory }
}
