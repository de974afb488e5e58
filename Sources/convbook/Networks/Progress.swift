#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A line on standard error that says how far something is, if a person watches.
final class ProgressLine {
  private let isShown: Bool
  private var shown = -1

  init() {
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isShown = isatty(STDERR_FILENO) != 0 && !dumb
  }

  /// Shows `what` with a part from 0 to 1.
  func show(_ what: String, _ part: Double) {
    let percent = Int(part * 100)
    guard isShown, percent != shown else { return }
    shown = percent
    fputs("\r\u{1B}[K\(what) \(percent) %", stderr)
    fflush(stderr)
  }

  /// Wipes the line.
  func end() {
    guard isShown, shown >= 0 else { return }
    fputs("\r\u{1B}[K", stderr)
    fflush(stderr)
    shown = -1
  }
}
