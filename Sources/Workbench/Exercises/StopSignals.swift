@preconcurrency internal import Platform
import Synchronization

/// Written by the handler alone.
nonisolated(unsafe) private var asked: sig_atomic_t = 0

/// The session of a process that was started, 0 if there is none: it stops with this one.
nonisolated(unsafe) private var followed: sig_atomic_t = 0
/// Seconds for which this process was stopped with Ctrl-Z.
nonisolated(unsafe) private(set) var suspendedSeconds = 0.0

/// Starts a process whose session stops with this one at Ctrl-Z, and goes on with it, while some work is
/// done. A Ctrl-Z that comes earlier, while it is started, waits until then.
func following<T>(
  start: () throws(ExerciseError) -> pid_t,
  during work: (_ leader: pid_t) throws(ExerciseError) -> T
) throws(ExerciseError) -> T {
  var (stops, mask) = (sigset_t(), sigset_t())
  sigemptyset(&stops)
  sigaddset(&stops, SIGTSTP)
  pthread_sigmask(SIG_BLOCK, &stops, &mask)
  let leader: pid_t
  do {
    leader = try start()
  } catch {
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    throw error
  }
  followed = sig_atomic_t(leader)
  let before = signal(SIGTSTP) { suspend($0) }
  // Somebody else may have a terminal to put back first, and calls suspend() too.
  if unsafeBitCast(before, to: Int.self) != 0 { signal(SIGTSTP, before) }
  defer {
    followed = 0
    if unsafeBitCast(before, to: Int.self) == 0 { signal(SIGTSTP, SIG_DFL) }
  }
  pthread_sigmask(SIG_SETMASK, &mask, nil)
  return try work(leader)
}

/// What Ctrl-Z does: what runs for this process is stopped, and then the process as it would have been.
/// Both go on together. It is called by a handler of SIGTSTP, which is put back.
func suspend(_ number: Int32) {
  let leader = pid_t(followed)
  let start = seconds()
  if leader > 0 { kill(-leader, SIGSTOP) }
  let handler = signal(SIGTSTP, SIG_DFL)
  var mask = sigset_t()
  sigemptyset(&mask)
  sigaddset(&mask, SIGTSTP)
  raise(SIGTSTP)
  // It is held back while it is handled; here the process stops.
  pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  signal(SIGTSTP, handler)
  suspendedSeconds += seconds() - start
  if leader > 0 { kill(-leader, SIGCONT) }
}

/// The signals that ask the process to stop, held back while something has to be put right first: a
/// process group to end, a folder to remove, a terminal to restore.
enum StopSignals {
  /// The first that came while they were held back, or nil.
  static var pending: Int32? { asked == 0 ? nil : Int32(asked) }

  /// Does some work with the signals held back. One that came then ends the process, as it would have
  /// done at once, when no such work is left.
  static func heldBack<T>(
    during work: () throws(ExerciseError) -> T
  ) throws(ExerciseError) -> T {
    holdBack()
    defer { letGo() }
    return try work()
  }

  /// Holds the signals back until ``letGo()`` was called as often.
  static func holdBack() {
    holders.withLock { holders in
      holders.count += 1
      guard holders.count == 1 else { return }
      for number in [SIGINT, SIGTERM, SIGHUP] {
        let before = signal(number) { if asked == 0 { asked = sig_atomic_t($0) } }
        if unsafeBitCast(before, to: Int.self) == ignored {
          // As under nohup: it stays ignored.
          signal(number, before)
        } else {
          holders.before.append((number, before))
        }
      }
    }
  }

  /// Lets the signals through again, the one that came among them.
  static func letGo() {
    holders.withLock { holders in
      holders.count -= 1
      guard holders.count == 0 else { return }
      for (number, before) in holders.before { signal(number, before) }
      holders.before = []
      let number = asked
      asked = 0
      if number != 0 { raise(number) }
    }
  }

  /// The handler `SIG_IGN`, as a number.
  private static let ignored = 1

  private struct Holders: @unchecked Sendable {
    var count = 0
    var before: [(number: Int32, handler: sig_t?)] = []
  }

  private static let holders = Mutex(Holders())
}
