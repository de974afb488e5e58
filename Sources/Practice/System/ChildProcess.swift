#if canImport(Glibc)
  @preconcurrency internal import Glibc
#elseif canImport(Musl)
  @preconcurrency internal import Musl
#else
  @preconcurrency internal import Darwin
#endif

/// A process that was run to its end, with what it wrote.
struct FinishedProcess {
  /// How a process ends.
  enum End: Equatable {
    /// By itself, with a code.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)
    /// It was stopped because its time was over.
    case timedOut
  }

  var end: End
  /// Standard output and standard error as they came, cut off after ``outputLimit`` bytes.
  var output: String
  /// What came on the descriptor for reports.
  var report: String
}

/// The most bytes of output that are kept.
let outputLimit = 1 << 18

/// The descriptor on which a child writes its report.
let reportDescriptor: Int32 = 3

/// Runs a program to its end, or until `clockLimit` seconds are over.
///
/// Its standard input is empty. Descriptor 3 is open for a report.
///
/// - Throws: ``PracticeError`` if it cannot be started.
func runProcess(
  _ path: String, _ arguments: [String], environment: [String: String] = [:],
  clockLimit: Double = .infinity
) throws(PracticeError) -> FinishedProcess {
  let output = try Pipe()
  let report = try Pipe()
  defer {
    output.close()
    report.close()
  }
  let child = try spawn(path, arguments, environment, output: output, report: report)
  output.closeWriting()
  report.closeWriting()

  let start = seconds()
  var status: Int32 = 0
  var ended = false
  while !(output.isAtEnd && report.isAtEnd) {
    var waiting = [output, report].filter { !$0.isAtEnd }.map {
      pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0)
    }
    _ = poll(&waiting, nfds_t(waiting.count), 20)
    output.readWhatIsThere()
    report.readWhatIsThere()
    // A process that the child started may hold the pipes open after the child has ended.
    if ended { break }
    if waitpid(child, &status, WNOHANG) == child { ended = true }
    if !ended, seconds() - start > clockLimit {
      kill(child, SIGKILL)
      _ = waitpid(child, &status, 0)
      return FinishedProcess(end: .timedOut, output: output.text, report: report.text)
    }
  }
  while !ended {
    if waitpid(child, &status, WNOHANG) == child { break }
    if seconds() - start > clockLimit {
      kill(child, SIGKILL)
      _ = waitpid(child, &status, 0)
      return FinishedProcess(end: .timedOut, output: output.text, report: report.text)
    }
    usleep(1000)
  }
  let signal = status & 0x7F
  let end: FinishedProcess.End
  switch signal {
  case 0: end = .exited((status >> 8) & 0xFF)
  case SIGXCPU: end = .timedOut
  default: end = .signalled(signal)
  }
  return FinishedProcess(end: end, output: output.text, report: report.text)
}

private func spawn(
  _ path: String, _ arguments: [String], _ environment: [String: String], output: Pipe,
  report: Pipe
) throws(PracticeError) -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t? = nil
  #else
    var actions = posix_spawn_file_actions_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
  posix_spawn_file_actions_adddup2(&actions, output.writing, 2)
  posix_spawn_file_actions_adddup2(&actions, report.writing, reportDescriptor)

  // A thread of a pool blocks signals, and a child would inherit that.
  #if canImport(Darwin)
    var attributes: posix_spawnattr_t? = nil
  #else
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var (none, all) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

  let merged = Environment.all.merging(environment) { $1 }
  var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
  var variables: [UnsafeMutablePointer<CChar>?] =
    merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer {
    for pointer in words + variables { free(pointer) }
  }
  var child: pid_t = 0
  let code = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
  guard code == 0 else {
    throw .cannotRun("\(path) cannot be started: \(String(cString: strerror(code)))")
  }
  return child
}

/// Seconds since some fixed moment.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
