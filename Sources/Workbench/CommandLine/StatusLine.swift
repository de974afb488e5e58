import Networks
@preconcurrency internal import Platform
import Tensors

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

/// A part from 0 to 1 on standard error, if a person watches.
final class ProgressLine {
  private let line = StatusLine()
  private var shown = -1

  /// Shows `what` with a part from 0 to 1.
  func show(_ what: String, _ part: Double) {
    let percent = Int(part * 100)
    guard percent != shown else { return }
    shown = percent
    line.show("\(what) \(percent) %")
  }

  /// Wipes the line.
  func end() {
    if shown >= 0 { line.clear() }
    shown = -1
  }
}

/// How far a run through many pictures is, and how long the rest will take.
struct PictureProgress {
  private let total: Int
  private let line = StatusLine()
  private let start = ContinuousClock.now

  /// Progress through `total` things; nothing is shown for a single one.
  init(total: Int) {
    self.total = total
  }

  /// Shows that `done` are done and the one called `name` is next.
  func show(done: Int, name: String) {
    guard total > 1 else { return }
    let filled = 20 * done / total
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: 20 - filled)
    var text = "[\(bar)] \(done) of \(total)"
    if done > 0 {
      let spent = (ContinuousClock.now - start).inSeconds
      text += ", \(timeLeft(spent / Double(done) * Double(total - done)))"
    }
    line.show("\(text): \(name.visible)")
  }

  /// Takes the line away, so that something else can be printed.
  func clear() {
    if total > 1 { line.clear() }
  }
}
