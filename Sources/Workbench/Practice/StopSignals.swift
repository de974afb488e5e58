@preconcurrency internal import Platform
import Synchronization

/// Written by the handler alone.
nonisolated(unsafe) private var asked: sig_atomic_t = 0

/// The signals that ask the process to stop, held back while something has to be put right first: a
/// process group to end, a folder to remove, a terminal to restore.
enum StopSignals {
  /// The first that came while they were held back, or nil.
  static var pending: Int32? { asked == 0 ? nil : Int32(asked) }

  /// Does some work with the signals held back. One that came then ends the process, as it would have
  /// done at once, when no such work is left.
  static func heldBack<T>(
    during work: () throws(PracticeError) -> T
  ) throws(PracticeError) -> T {
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
