internal import Platform
import Synchronization

/// Whether somebody wants the program to end: Ctrl-C, a polite `kill`, or a terminal that is closed.
enum EndSignal {
  private static let isWanted = Atomic<Bool>(false)

  /// Whether the signal has come.
  static var hasCome: Bool { isWanted.load(ordering: .relaxed) }

  /// From now on the first signal is noted; a second one ends the program at once, as usual.
  static func watch() {
    // Whoever started this program may have had them blocked.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGINT)
    sigaddset(&wanted, SIGTERM)
    sigaddset(&wanted, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number) { number in
        EndSignal.isWanted.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
      // Under nohup a closed terminal shall not matter.
      if number == SIGHUP,
        unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      {
        signal(number, SIG_IGN)
      }
    }
  }
}
