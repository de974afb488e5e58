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
    // An earlier line may have failed, and its reason is gone by now; the pipe itself still knows.
    if reason == EPIPE || readerIsGone { return .readerLeft }
    return .failed(reason == 0 ? "an earlier line failed" : String(cString: strerror(reason)))
  }

  private static var readerIsGone: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&output, 1, 0) > 0 && Int32(output.revents) & (POLLERR | POLLHUP) != 0
  }
}

/// Prints one line to standard error. Whatever names it quotes, it stays one line and steers nothing;
/// a terminal narrower than it gets it broken at spaces.
public func printError(_ line: String) {
  fflush(stdout)
  let parts =
    isatty(STDERR_FILENO) != 0
    ? brokenAtSpaces(line.visible, to: Terminal.current.width) : [line.visible]
  for part in parts { fputs(part + "\n", stderr) }
}

extension String {
  /// The text with every control character written out, so that a name from outside can neither steer
  /// the terminal nor look like another: what is printed of file names and of what files hold goes
  /// through it.
  ///
  /// ```swift
  /// "a\u{1B}[2J\n".visible   // a\x1B[2J\n
  /// ```
  public var visible: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return unicodeScalars.map { $0.isControl ? $0.writtenOut : String($0) }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether it moves the cursor, begins a command to the terminal, or turns the direction of the
  /// text around it.
  var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  fileprivate var writtenOut: String {
    switch self {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(value, radix: 16, uppercase: true)
      return value > 0xFF ? "\\u{\(digits)}" : "\\x" + (digits.count < 2 ? "0" : "") + digits
    }
  }
}
