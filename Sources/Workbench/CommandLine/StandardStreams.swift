@preconcurrency import Platform
import Synchronization
import Tensors

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
