#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// One line on standard error that says how far a long run is; only where a person sees it.
struct PictureProgress {
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now

  /// Progress through `total` things; nothing is shown for a single one, nor into a file.
  init(total: Int) {
    self.total = total
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isShown = total > 1 && !dumb && isatty(STDERR_FILENO) != 0
  }

  /// Shows that `done` are done and the one called `name` is next.
  func show(done: Int, name: String) {
    guard isShown else { return }
    let filled = 20 * done / total
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: 20 - filled)
    var line = "[\(bar)] \(done) of \(total)"
    if done > 0 {
      let spent = Double((ContinuousClock.now - start).components.seconds)
      let left = Int((spent / Double(done) * Double(total - done)).rounded(.up))
      line += left < 100 ? ", about \(left) s left" : ", about \(left / 60 + 1) min left"
    }
    put("\r\u{1B}[2K\(line): \(name.visible)".prefix(84))
  }

  /// Takes the line away, so that something else can be printed.
  func clear() {
    if isShown { put("\r\u{1B}[2K") }
  }

  private func put(_ text: some StringProtocol) {
    fflush(stdout)
    fputs(String(text), stderr)
    fflush(stderr)
  }
}
