internal import Platform

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
  close(descriptor)
  close(0)
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
  Resource.processorSeconds.set(AttemptLimits.processorSeconds)
  Resource.addressSpace.set(AttemptLimits.memory)
  Resource.core.set(0)
  Resource.stack.set(AttemptLimits.stack)
  // Should the process that waits for this one be killed, nobody else would end it.
  if !dieWithParent() { alarm(UInt32(AttemptLimits.clockSeconds) + 5) }
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
    let written = bytes.withUnsafeBytes {
      Platform.write(descriptor, $0.baseAddress, $0.count)
    }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}
