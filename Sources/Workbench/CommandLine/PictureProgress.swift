import Networks
import Tensors

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
