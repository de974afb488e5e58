#if canImport(Glibc)
  @preconcurrency internal import Glibc
#elseif canImport(Musl)
  @preconcurrency internal import Musl
#elseif canImport(Darwin)
  @preconcurrency internal import Darwin
#endif

/// What became of everything that was printed.
enum PrintedOutput {
  /// All of it arrived.
  case written
  /// The reader went away, as `head` does; that is no failure.
  case readerLeft
  /// It could not be written, for instance because the device is full.
  case failed(String)

  /// Sends what is still buffered on its way and says how it went.
  static func finish() -> PrintedOutput {
    errno = 0
    let flushed = fflush(stdout)
    let reason = errno
    guard flushed != 0 || ferror(stdout) != 0 else { return .written }
    return reason == EPIPE ? .readerLeft : .failed(String(cString: strerror(reason)))
  }
}

/// Prints one line to standard error.
public func printError(_ line: String) {
  fflush(stdout)
  fputs(line + "\n", stderr)
}
