@preconcurrency internal import Platform

/// The terminal's modes before and while single keys are read; the handlers of signals need them.
nonisolated(unsafe) private var (before, raw) = (termios(), termios())
/// What the terminal is sent when it is taken over, and when it is given back.
nonisolated(unsafe) private var (takeOver, giveBack): (StaticString, StaticString) = ("", "")
/// Whether the terminal is taken over. Written by the handlers.
nonisolated(unsafe) private var isTaken: sig_atomic_t = 0
/// Whether the window has another size, or was somebody else's meanwhile. Written by the handlers.
nonisolated(unsafe) private var windowChanged: sig_atomic_t = 0

/// A terminal of which single keys are read, without Enter.
///
/// The terminal is as it was before whenever this process does not run: when it is stopped with Ctrl-Z
/// (and it is taken over again after `fg`), and when a signal ends it.
final class RawTerminal {
  enum Event: Equatable {
    case bytes([UInt8])
    /// Nothing was typed in the time.
    case nothing
    /// The input is at its end, or a signal asks the process to stop.
    case end
  }

  /// Whether there is a terminal: keys are read, and somebody sees what is written.
  let isThere: Bool

  /// - Parameters:
  ///   - taking: what the terminal is sent when it is taken over.
  ///   - giving: what it is sent when it is given back.
  init(taking: StaticString = "", giving: StaticString = "") {
    isThere =
      isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
      && tcgetattr(STDIN_FILENO, &before) == 0
    StopSignals.holdBack()
    guard isThere else { return }
    fflush(stdout)
    (takeOver, giveBack, windowChanged) = (taking, giving, 0)
    raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    signal(SIGTSTP, stop)
    signal(SIGCONT, goOn)
    signal(SIGWINCH) { _ in windowChanged = 1 }
    // Ctrl-\ leaves as Ctrl-C does.
    signal(SIGQUIT) { _ in raise(SIGINT) }
    take()
  }

  /// Puts the terminal back as it was, and lets a signal that came end the process.
  func restore() {
    if isThere {
      for number in [SIGTSTP, SIGCONT, SIGWINCH, SIGQUIT] { signal(number, SIG_DFL) }
      give()
    }
    StopSignals.letGo()
  }

  /// Whether all has to be drawn anew.
  var hasChanged: Bool {
    get { windowChanged != 0 }
    set { windowChanged = newValue ? 1 : 0 }
  }

  /// Whether the terminal is ours: after `bg` it is the shell's.
  var isOurs: Bool { isThere && tcgetpgrp(STDIN_FILENO) == getpgrp() }

  /// Waits for something to be typed, at most this many seconds.
  func wait(_ limit: Double) -> Event {
    guard isThere else {
      usleep(UInt32(limit * 1e6))
      return StopSignals.pending == nil ? .nothing : .end
    }
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = poll(&waiting, 1, Int32(limit * 1000))
    if StopSignals.pending != nil { return .end }
    guard ready > 0 else { return .nothing }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else { return count < 0 && errno == EINTR ? .nothing : .end }
    return .bytes(Array(bytes.prefix(count)))
  }

  /// Writes text at once, whole; whether it arrived.
  func write(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, 100)
      } else if errno != EINTR {
        return false
      }
      if StopSignals.pending != nil { return false }
    }
    return true
  }

  /// The columns and rows of the window; nil where it does not say.
  static var size: (width: Int, height: Int)? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

/// Writes a few bytes from where nothing may be allocated.
private func send(_ text: StaticString) {
  guard text.utf8CodeUnitCount > 0 else { return }
  _ = Platform.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
}

private func take() {
  guard isTaken == 0 else { return }
  isTaken = 1
  tcsetattr(STDIN_FILENO, TCSANOW, &raw)
  send(takeOver)
  windowChanged = 1
}

private func give() {
  guard isTaken != 0 else { return }
  isTaken = 0
  send(giveBack)
  tcsetattr(STDIN_FILENO, TCSANOW, &before)
}

/// Ctrl-Z: the terminal is put back, and then the process stops as it would have done.
private func stop(_ number: Int32) {
  give()
  suspend(number)
  // Where nobody could go on with it, it did not stop.
  goOn(number)
}

/// `fg` or `bg`: only in the foreground is the terminal ours.
private func goOn(_ number: Int32) {
  if tcgetpgrp(STDIN_FILENO) == getpgrp() { take() }
}
