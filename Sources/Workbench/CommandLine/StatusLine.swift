@preconcurrency internal import Platform

/// One line on standard error that is written over again and again; only where a person sees it.
struct StatusLine {
  /// Whether standard error is a terminal that can rewrite a line.
  let isShown: Bool

  init() {
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isShown = KeptOutput.current == nil && isatty(STDERR_FILENO) != 0 && !dumb
  }

  /// Shows a text in the place of the last.
  func show(_ text: some StringProtocol) {
    if isShown { put("\r\u{1B}[2K\(text.prefix(84))") }
  }

  /// Takes the line away, so that something else can be printed.
  func clear() {
    if isShown { put("\r\u{1B}[2K") }
  }

  private func put(_ text: String) {
    fflush(stdout)
    fputs(text, stderr)
    fflush(stderr)
  }
}

/// `about 12 s left`
func timeLeft(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "time left unknown" }
  let whole = Int(seconds.rounded(.up))
  switch whole {
  case ..<100: return "about \(whole) s left"
  case ..<6000: return "about \(whole / 60 + 1) min left"
  default: return "about \(whole / 3600 + 1) h left"
  }
}
