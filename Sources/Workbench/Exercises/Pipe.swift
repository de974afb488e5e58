internal import Platform

/// A pipe from a child process: what comes out of it is collected, up to a limit.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32
  private(set) var isAtEnd = false
  private let limit: Int
  private(set) var bytes: [UInt8] = []

  init(limit: Int) throws(PracticeError) {
    self.limit = limit
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .cannotRun("no pipe can be opened: \(reasonOfFailure)")
    }
    // Above the descriptors that the child uses, and not inherited under these numbers.
    reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
    writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    for end in ends { _ = Platform.close(end) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  /// What came, as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads all that waits in the pipe; what exceeds the limit is thrown away.
  func readWhatIsThere() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // A child that floods the pipe must not keep the caller here for ever.
    for _ in 0..<64 {
      let count = read(reading, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer.prefix(min(count, max(0, limit - bytes.count)))
      } else {
        isAtEnd = isAtEnd || count == 0 || (errno != EAGAIN && errno != EINTR)
        return
      }
    }
  }

  func closeWriting() {
    if writing >= 0 { _ = Platform.close(writing) }
    writing = -1
  }

  func close() {
    closeWriting()
    if reading >= 0 { _ = Platform.close(reading) }
    reading = -1
  }
}
