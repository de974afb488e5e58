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
