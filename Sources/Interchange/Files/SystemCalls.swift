#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The few calls to the operating system behind reading and writing files.
enum SystemCalls {
  /// What a path leads to, after following links.
  enum Kind { case missing, file, folder, device }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .device
    }
  }

  /// The path behind links, or the path itself where nothing exists yet.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  static func mayWrite(_ path: String) -> Bool {
    access(path, W_OK) == 0
  }

  static func openForReading(_ path: String) -> Int32 {
    retrying { open(path, O_RDONLY | O_CLOEXEC) }
  }

  static func openForWriting(_ path: String) -> Int32 {
    retrying { open(path, O_WRONLY | O_CLOEXEC) }
  }

  /// Creates a file that doesn't exist yet.
  static func create(_ path: String) -> Int32 {
    retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
  }

  /// The size that the file system states; 0 for pipes.
  static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Reads up to the whole buffer: the number of bytes, 0 at the end, -1 for an error.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    #elseif canImport(Musl)
      retrying { Musl.read(descriptor, buffer.baseAddress, buffer.count) }
    #else
      retrying { Darwin.read(descriptor, buffer.baseAddress, buffer.count) }
    #endif
  }

  /// Writes all bytes, or returns false.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Glibc)
        let written = retrying { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      #elseif canImport(Musl)
        let written = retrying { Musl.write(descriptor, rest.baseAddress, rest.count) }
      #else
        let written = retrying { Darwin.write(descriptor, rest.baseAddress, rest.count) }
      #endif
      guard written > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    return true
  }

  static func closing(_ descriptor: Int32) -> Bool {
    close(descriptor) == 0
  }

  static func move(_ path: String, to target: String) -> Bool {
    rename(path, target) == 0
  }

  static func remove(_ path: String) {
    unlink(path)
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

  static func makeFolder(_ path: String) -> Bool {
    mkdir(path, 0o777) == 0
  }

  /// Removes a folder that is empty.
  static func removeFolder(_ path: String) {
    rmdir(path)
  }

  static var processIdentifier: Int32 { getpid() }

  /// Why the last call failed, in the system's words.
  static var reason: String {
    String(cString: strerror(errno))
  }

  private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}
