import LessonKit
import Networks
@preconcurrency import Platform
import Synchronization
import Tensors

/// What is known about where the output goes.
struct Terminal: Equatable, Sendable {
  /// Whether standard input is a terminal: somebody can answer.
  var inputIsTerminal: Bool
  /// Whether standard output is a terminal: somebody reads along.
  var outputIsTerminal: Bool
  /// Columns, from the terminal or `COLUMNS`; 80 where nobody says, as in a pipe.
  var width: Int
  /// Whether colours may be used: a terminal that is not `TERM=dumb`, and `NO_COLOR` is not set.
  var allowsColor: Bool
  /// Whether the characters ¼, · and → can be shown. A pipe always gets UTF-8, so that its text is
  /// the same everywhere.
  var showsUnicode: Bool
  /// Whether it can do no more than print line after line.
  var isDumb = false

  /// The facts of this process.
  static var current: Terminal {
    guard KeptOutput.current == nil else {
      return Terminal(
        inputIsTerminal: false, outputIsTerminal: false, width: 80, allowsColor: false,
        showsUnicode: true)
    }
    let output = isatty(STDOUT_FILENO) != 0
    let dumb = environment("TERM") == "dumb"
    let quiet = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? "UTF-8"
    let encoding = locale.lowercased()
    return Terminal(
      inputIsTerminal: isatty(STDIN_FILENO) != 0,
      outputIsTerminal: output,
      width: output ? columns() : 80,
      allowsColor: output && !dumb && !quiet,
      showsUnicode: !output || encoding.contains("utf-8") || encoding.contains("utf8"),
      isDumb: dumb)
  }

  private static func columns() -> Int {
    if let text = environment("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// What a run printed, where its two streams are kept instead of sent: how a test reads a command.
final class KeptOutput: Sendable {
  private let texts = Mutex((output: "", error: ""))

  var output: String { texts.withLock { $0.output } }
  var error: String { texts.withLock { $0.error } }

  func append(output text: String) { texts.withLock { $0.output += text } }
  func append(error text: String) { texts.withLock { $0.error += text } }

  /// Where this task's commands print to; nil for the process's own streams.
  @TaskLocal static var current: KeptOutput?
}

/// Prints to standard output, or to where the task keeps it. Commands print with it alone.
func printOut(_ text: String = "", terminator: String = "\n") {
  if let kept = KeptOutput.current {
    kept.append(output: text + terminator)
  } else {
    Swift.print(text, terminator: terminator)
  }
}

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
    guard KeptOutput.current == nil else { return .written }
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
func printError(_ line: String) {
  if let kept = KeptOutput.current { return kept.append(error: line.visible + "\n") }
  fflush(stdout)
  let parts =
    isatty(STDERR_FILENO) != 0
    ? brokenAtSpaces(line.visible, to: Terminal.current.width) : [line.visible]
  for part in parts { fputs(part + "\n", stderr) }
}

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

/// Prints a report as a table, as Markdown, or for programs.
func printReport(_ steps: [Step], _ json: @autoclosure () -> JSON, format: String) {
  switch format {
  case "json": printOut(json().text)
  case "markdown":
    for step in steps { printOut(MarkdownRenderer().text(of: step)) }
  default:
    for step in steps { printOut(Terminal.current.text(of: step)) }
  }
}

extension Terminal {
  /// A step of a report: on a terminal prose is as wide as that, a table always as wide as it is.
  func text(of step: Step) -> String {
    var width = TextRenderer.widths.upperBound
    if outputIsTerminal, case .prose = step { width = self.width }
    return TextRenderer(width: width, glyphs: showsUnicode ? .unicode : .ascii).text(of: step)
  }
}
