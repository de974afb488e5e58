#if canImport(Glibc)
  @preconcurrency internal import Glibc
#elseif canImport(Musl)
  @preconcurrency internal import Musl
#else
  @preconcurrency internal import Darwin
#endif

/// Set by a signal that asks the process to stop, so that the terminal can be put right first.
nonisolated(unsafe) private var stopAsked: sig_atomic_t = 0

/// Single keys from the terminal, without Enter; where there is no terminal, only time passes.
final class Keys {
  enum Key { case hint, next, list, quit }

  let areRead: Bool
  private var before = termios()

  init() {
    areRead = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
    guard areRead, tcgetattr(STDIN_FILENO, &before) == 0 else { return }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { _ in stopAsked = 1 } }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
  }

  /// Puts the terminal back as it was.
  func restore() {
    guard areRead else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, &before)
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }

  /// Waits for a key, at most this many seconds.
  func wait(_ limit: Double) -> Key? {
    guard areRead else {
      usleep(UInt32(limit * 1e6))
      return nil
    }
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = poll(&waiting, 1, Int32(limit * 1000))
    if stopAsked != 0 { return .quit }
    guard ready > 0 else { return nil }
    var byte: UInt8 = 0
    guard read(STDIN_FILENO, &byte, 1) == 1 else { return .quit }
    switch Character(UnicodeScalar(byte)) {
    case "h": return .hint
    case "n": return .next
    case "l": return .list
    case "q", "\u{4}": return .quit
    default: return nil
    }
  }
}
