@preconcurrency internal import Platform

/// The terminal's modes before and while single keys are read; the handlers of signals need them.
nonisolated(unsafe) private var (before, raw) = (termios(), termios())

/// Single keys from the terminal, without Enter; where there is no terminal, only time passes.
///
/// The terminal is as it was before whenever this process does not run: when it is stopped with Ctrl-Z
/// (and single keys are read again after `fg`), and when a signal ends it.
final class Keys {
  enum Key { case hint, next, list, quit }

  let areRead: Bool

  init() {
    areRead =
      isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
      && tcgetattr(STDIN_FILENO, &before) == 0
    StopSignals.holdBack()
    guard areRead else { return }
    raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    signal(SIGTSTP, stop)
    signal(SIGCONT, goOn)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
  }

  /// Puts the terminal back as it was, and lets a signal that came end the process.
  func restore() {
    if areRead {
      signal(SIGTSTP, SIG_DFL)
      signal(SIGCONT, SIG_DFL)
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }
    StopSignals.letGo()
  }

  /// Waits for a key, at most this many seconds.
  func wait(_ limit: Double) -> Key? {
    guard areRead else {
      usleep(UInt32(limit * 1e6))
      return StopSignals.pending == nil ? nil : .quit
    }
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = poll(&waiting, 1, Int32(limit * 1000))
    if StopSignals.pending != nil { return .quit }
    guard ready > 0 else { return nil }
    var byte: UInt8 = 0
    let count = read(STDIN_FILENO, &byte, 1)
    guard count == 1 else { return count < 0 && errno == EINTR ? nil : .quit }
    switch Character(UnicodeScalar(byte)) {
    case "h": return .hint
    case "n": return .next
    case "l": return .list
    case "q", "\u{4}": return .quit
    default: return nil
    }
  }
}

/// Ctrl-Z: the terminal is put back, and then the process stops as it would have done.
private func stop(_ number: Int32) {
  tcsetattr(STDIN_FILENO, TCSANOW, &before)
  suspend(number)
}

/// `fg` or `bg`: only in the foreground is the terminal ours.
private func goOn(_ number: Int32) {
  if tcgetpgrp(STDIN_FILENO) == getpgrp() { tcsetattr(STDIN_FILENO, TCSANOW, &raw) }
}
