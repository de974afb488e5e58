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

/// Runs an attempt in this process, which knows the cases and nothing else: standard input brings
/// them as a ``Message``, and on `descriptor` each ``CaseResult`` goes out as soon as it is there.
///
/// Exits with 0 once all are sent, and with 64 if the first argument names no candidate.
public func runAttempt(
  of candidates: [Candidate], arguments: [String], descriptor: Int32 = 3
) -> Never {
  guard arguments.count == 2, let candidate = candidates.first(where: { $0.name == arguments[1] })
  else {
    write(Array("usage: \(arguments.first ?? "") EXERCISE < CASES 3> RESULTS\n".utf8), to: 2)
    exit(64)
  }
  let cases = Message(bytes: everything(from: 0))
  // What the attempt starts cannot answer in its place, and its own readLine() finds an empty input.
  let answers = fcntl(descriptor, F_DUPFD_CLOEXEC, 64)
  shut(descriptor)
  shut(0)
  _ = open("/dev/null", O_RDONLY)
  limit()
  do {
    try candidate.run(cases) { result in
      var message = Message()
      result.write(to: &message)
      write(message.bytes, to: answers)
    }
  } catch {
    write(Array("the cases cannot be read\n".utf8), to: 2)
    exit(64)
  }
  fflush(nil)
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
  // Should the process that waits for this one be killed, nobody else would end it.
  dieWithParent()
  alarm(UInt32(AttemptLimits.clockSeconds) + 5)
}

/// Asks the system, where it can be asked, to kill this process when the one that started it ends.
private func dieWithParent() {
  #if os(Linux)
    // Its declaration in C takes any number of arguments, which Swift cannot call.
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let found = dlsym(nil, "prctl") else { return }
    let deathSignal: Int32 = 1
    _ = unsafeBitCast(found, to: Control.self)(deathSignal, UInt(SIGKILL), 0, 0, 0)
  #endif
}

private func set(_ resource: Int32, _ value: Int) {
  // One more for the hard limit: at the soft one the signal still says why.
  var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value + 1))
  _ = setrlimit(resource, &limit)
}

private func everything(from descriptor: Int32) -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return bytes }
    bytes += buffer.prefix(count)
  }
}

private func write(_ bytes: [UInt8], to descriptor: Int32) {
  var bytes = bytes[...]
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

private func shut(_ descriptor: Int32) {
  #if canImport(Glibc)
    _ = Glibc.close(descriptor)
  #elseif canImport(Musl)
    _ = Musl.close(descriptor)
  #else
    _ = Darwin.close(descriptor)
  #endif
}
