/// Whole files as bytes, up to a size that the caller allows.
public enum FileBytes {
  /// The content of the file at `path`.
  ///
  /// Pipes and devices are read too, up to the same limit.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)`` if it can't be opened or read, and
  ///   ``InterchangeError`` if it holds more than `limit` bytes.
  public static func read(_ path: String, limit: Int = 1 << 32) throws -> [UInt8] {
    guard SystemCalls.kind(of: path) != .folder else {
      throw FileProblem.cannotOpen("\(path) is a folder; a file is expected")
    }
    let descriptor = SystemCalls.openForReading(path)
    guard descriptor >= 0 else {
      throw FileProblem.cannotOpen("\(path) cannot be opened: \(SystemCalls.reason)")
    }
    defer { _ = SystemCalls.closing(descriptor) }

    let stated = SystemCalls.size(of: descriptor)
    guard stated <= limit else { throw tooLarge(path, limit: limit) }
    var bytes = [UInt8](repeating: 0, count: max(stated, 0))
    var count = 0
    while true {
      if count == bytes.count {
        // One byte more than stated shows whether the file ends here.
        var more: [UInt8] = [0]
        if bytes.isEmpty { more = [UInt8](repeating: 0, count: 1 << 16) }
        let got = more.withUnsafeMutableBytes { SystemCalls.read(descriptor, into: $0) }
        guard got >= 0 else { throw unreadable(path) }
        if got == 0 { break }
        guard count + got <= limit else { throw tooLarge(path, limit: limit) }
        bytes.append(contentsOf: more[..<got])
        count += got
        let room = min(max(count, 1 << 16), limit - count)
        bytes.append(contentsOf: repeatElement(0, count: room))
      } else {
        let got = bytes.withUnsafeMutableBytes {
          SystemCalls.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
        }
        guard got >= 0 else { throw unreadable(path) }
        if got == 0 { break }
        count += got
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func unreadable(_ path: String) -> FileProblem {
    .cannotOpen("\(path) cannot be read: \(SystemCalls.reason)")
  }

  private static func tooLarge(_ path: String, limit: Int) -> InterchangeError {
    InterchangeError("\(path) is larger than the \(limit) bytes that are allowed")
  }
}
