#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What an attempt may use. Far more than any case needs, far less than would hurt the machine.
public enum AttemptLimits {
  /// Seconds of computing.
  public static let processorSeconds = 2
  /// Seconds by the clock, for an attempt that waits for ever; plenty on a busy machine, too.
  public static let clockSeconds = 10.0
  /// Bytes of address space: 2 GiB.
  public static let memory = 2 << 30
  /// Bytes for calls within calls: less than the system's, so that an endless recursion ends at once.
  public static let stack = 2 << 20
}

/// Runs the check of one attempt in this process and reports it, as the arguments say:
/// `NAME DESCRIPTOR NONCE`.
///
/// Exits with 0 once the verdict is reported, whatever it is, and with 64 if the arguments are wrong.
public func runAttempt(of candidates: [Candidate], arguments: [String]) -> Never {
  guard arguments.count == 4, let descriptor = Int32(arguments[2]),
    let candidate = candidates.first(where: { $0.name == arguments[1] })
  else {
    write("usage: \(arguments.first ?? "") EXERCISE DESCRIPTOR NONCE\n", to: 2)
    exit(64)
  }
  limit()
  let nonce = arguments[3]
  let verdict = candidate.judge { notice in
    write(Report.started(notice).line(nonce: nonce) + "\n", to: descriptor)
  }
  fflush(nil)
  write(Report.verdict(verdict).line(nonce: nonce) + "\n", to: descriptor)
  _exit(0)
}

private func limit() {
  #if canImport(Glibc) || canImport(Musl)
    set(Int32(RLIMIT_CPU.rawValue), AttemptLimits.processorSeconds)
    set(Int32(RLIMIT_AS.rawValue), AttemptLimits.memory)
    set(Int32(RLIMIT_CORE.rawValue), 0)
    set(Int32(RLIMIT_STACK.rawValue), AttemptLimits.stack)
  #else
    set(RLIMIT_CPU, AttemptLimits.processorSeconds)
    set(RLIMIT_AS, AttemptLimits.memory)
    set(RLIMIT_CORE, 0)
  #endif
}

private func set(_ resource: Int32, _ value: Int) {
  // One more for the hard limit: at the soft one the signal still says why.
  var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value + 1))
  _ = setrlimit(resource, &limit)
}

private func write(_ text: String, to descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    #if canImport(Glibc)
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    #elseif canImport(Musl)
      let written = bytes.withUnsafeBytes { Musl.write(descriptor, $0.baseAddress, $0.count) }
    #else
      let written = bytes.withUnsafeBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
    #endif
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}
