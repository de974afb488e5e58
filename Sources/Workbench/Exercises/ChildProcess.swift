import ExerciseKit
import Interchange
@preconcurrency internal import Platform

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
    /// It was stopped because it held more memory than it may.
    case tooMuchMemory
  }

  var end: End
  /// Standard output and standard error as they came, cut off after ``outputLimit`` bytes.
  var output: String
  /// What came on the descriptor for reports.
  var report: [UInt8]
}

/// The most bytes of output that are kept.
let outputLimit = 1 << 18

/// The most bytes of a report that are kept.
let reportLimit = 1 << 26

/// The descriptor on which a child writes its report.
let reportDescriptor: Int32 = 3

/// Runs a program to its end, or until `clockLimit` seconds are over or it holds more than `memoryLimit`
/// bytes: not every system refuses it the memory itself.
///
/// Its standard input is `input`; descriptor 3 is open for a report. It leads a session and a process
/// group of its own, and nothing of them is left when this returns.
///
/// - Throws: ``ExerciseError`` if it cannot be started, or if this process is asked to stop.
func runProcess(
  _ path: String, _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
  clockLimit: Double = .infinity, memoryLimit: Int = .max
) throws(ExerciseError) -> FinishedProcess {
  try StopSignals.heldBack { () throws(ExerciseError) in
    try run(
      path, arguments, input: input, environment: environment, clockLimit: clockLimit,
      memoryLimit: memoryLimit)
  }
}

private func run(
  _ path: String, _ arguments: [String], input: [UInt8], environment: [String: String],
  clockLimit: Double, memoryLimit: Int
) throws(ExerciseError) -> FinishedProcess {
  let output = try Pipe(limit: outputLimit)
  let report = try Pipe(limit: reportLimit)
  defer {
    output.close()
    report.close()
  }
  // Whatever it starts inherits the mark, also what leaves its session.
  let mark = "CONVBOOK_RUN=\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
  let end = try following { () throws(ExerciseError) in
    try spawn(path, arguments, environment, mark, input, output: output, report: report)
  } during: { child throws(ExerciseError) in
    output.closeWriting()
    report.closeWriting()
    return try wait(for: child, mark, clockLimit, memoryLimit, output, report)
  }
  output.readWhatIsThere()
  report.readWhatIsThere()
  return FinishedProcess(end: end, output: output.text, report: report.bytes)
}

/// Reads what a process writes until it has ended, or its time is over; then nothing of it is left.
private func wait(
  for child: pid_t, _ mark: String, _ clockLimit: Double, _ memoryLimit: Int, _ output: Pipe,
  _ report: Pipe
) throws(ExerciseError) -> FinishedProcess.End {
  let start = seconds() - suspendedSeconds
  while true {
    var waiting = [output, report].filter { !$0.isAtEnd }.map {
      pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0)
    }
    // Both may be at their end long before the process is: it can close them.
    _ = poll(&waiting, nfds_t(waiting.count), waiting.isEmpty ? 1 : 20)
    output.readWhatIsThere()
    report.readWhatIsThere()
    if hasEnded(child) {
      return endAll(child, mark)
    } else if StopSignals.pending != nil {
      endAll(child, mark, gently: true)
      throw .cannotRun("stopped")
    } else if seconds() - suspendedSeconds - start > clockLimit {
      endAll(child, mark, gently: true)
      return .timedOut
    } else if memoryLimit < .max, let held = memoryHeld(by: child), held > memoryLimit {
      endAll(child, mark)
      return .tooMuchMemory
    }
  }
}

/// Whether a process has ended. It is not waited for: until then nobody else can get its number.
private func hasEnded(_ child: pid_t) -> Bool {
  var facts = siginfo_t()
  return waitid(P_PID, id_t(child), &facts, WEXITED | WNOHANG | WNOWAIT) == 0
    && facts.si_signo == SIGCHLD
}

/// Ends what is left of a session and says how its leader ended.
///
/// - Parameter gently: whether it is interrupted first, and given a moment: a compiler starts others in
///   groups of their own, and ends those when it is interrupted.
@discardableResult
private func endAll(
  _ leader: pid_t, _ mark: String, gently: Bool = false
) -> FinishedProcess.End {
  if gently {
    kill(-leader, SIGINT)
    let start = seconds()
    while !hasEnded(leader), seconds() - start < 2 { usleep(5_000) }
  }
  kill(-leader, SIGKILL)
  killRest(ofSession: leader, mark)
  var status: Int32 = 0
  var used = rusage()
  while wait4(leader, &status, 0, &used) == -1, errno == EINTR {}
  let signal = status & 0x7F
  switch signal {
  case 0: return .exited((status >> 8) & 0xFF)
  case SIGXCPU: return .timedOut
  // One that ignores that signal is killed by the system a second later.
  case SIGKILL
  where Int(used.ru_utime.tv_sec) + Int(used.ru_stime.tv_sec) >= AttemptLimits.processorSeconds:
    return .timedOut
  default: return .signalled(signal)
  }
}

/// Ends the processes of a session that have groups of their own, as Foundation's `Process` makes them,
/// and those that left it but bear the mark in their environment. Where the system does not list its
/// processes as files, they are left.
private func killRest(ofSession leader: pid_t, _ mark: String) {
  // More than once, for one of them may just have started another.
  for _ in 0..<10 {
    let members = Files.names(in: "/proc").compactMap { pid_t($0) }.filter {
      $0 != leader && $0 != getpid()
        && (getsid($0) == leader
          || (try? Files.read("/proc/\($0)/environ"))?.contains(mark) == true)
    }
    if members.isEmpty { return }
    for process in members { kill(process, SIGKILL) }
  }
}

private func spawn(
  _ path: String, _ arguments: [String], _ environment: [String: String], _ mark: String,
  _ input: [UInt8], output: Pipe, report: Pipe
) throws(ExerciseError) -> pid_t {
  var actions = newSpawnActions()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  let given = input.isEmpty ? nil : try temporaryFile(holding: input)
  defer { if let given { _ = close(given) } }
  if let given {
    posix_spawn_file_actions_adddup2(&actions, given, 0)
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  }
  posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
  posix_spawn_file_actions_adddup2(&actions, output.writing, 2)
  posix_spawn_file_actions_adddup2(&actions, report.writing, reportDescriptor)

  // A thread of a pool blocks signals, and a child would inherit that.
  var attributes = newSpawnAttributes()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var (none, all) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | spawnInOwnSession)

  let merged = Environment.all.merging(environment) { $1 }
  var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
  var variables: [UnsafeMutablePointer<CChar>?] =
    merged.map { strdup("\($0.key)=\($0.value)") } + [strdup(mark), nil]
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

/// A file without a name that holds these bytes, open at its beginning. A pipe would have to be fed
/// while the process runs.
private func temporaryFile(holding bytes: [UInt8]) throws(ExerciseError) -> Int32 {
  var path = Array("\(Environment.temporaryFolder)/convbook-XXXXXX".utf8CString)
  let file = mkstemp(&path)
  guard file >= 0 else {
    throw .cannotWrite(
      "no file can be made in \(Environment.temporaryFolder): \(reasonOfFailure)")
  }
  unlink(path)
  _ = fcntl(file, F_SETFD, FD_CLOEXEC)
  guard SystemCalls.write(bytes, to: file), lseek(file, 0, SEEK_SET) == 0 else {
    let reason = reasonOfFailure
    _ = close(file)
    throw .cannotWrite("no file can be written in \(Environment.temporaryFolder): \(reason)")
  }
  return file
}

/// Seconds since some fixed moment.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A pipe from a child process: what comes out of it is collected, up to a limit.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32
  private(set) var isAtEnd = false
  private let limit: Int
  private(set) var bytes: [UInt8] = []

  init(limit: Int) throws(ExerciseError) {
    self.limit = limit
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .cannotRun("no pipe can be opened: \(reasonOfFailure)")
    }
    // Above the descriptors that the child uses, and not inherited under these numbers.
    reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
    writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    for end in ends { _ = Platform.close(end) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  /// What came, as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads all that waits in the pipe; what exceeds the limit is thrown away.
  func readWhatIsThere() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // A child that floods the pipe must not keep the caller here for ever.
    for _ in 0..<64 {
      let count = read(reading, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer.prefix(min(count, max(0, limit - bytes.count)))
      } else {
        isAtEnd = isAtEnd || count == 0 || (errno != EAGAIN && errno != EINTR)
        return
      }
    }
  }

  func closeWriting() {
    if writing >= 0 { _ = Platform.close(writing) }
    writing = -1
  }

  func close() {
    closeWriting()
    if reading >= 0 { _ = Platform.close(reading) }
    reading = -1
  }
}
