internal import Platform

/// `1.5 GB`
public func gigabytes(_ bytes: Int) -> String {
  let tenths = bytes / 100_000_000 + (bytes % 100_000_000 >= 50_000_000 ? 1 : 0)
  return "\(tenths / 10).\(tenths % 10) GB"
}

/// What this machine's memory is, as far as the system tells.
public enum SystemMemory {
  /// The bytes that this process can still get without swapping; nil if nobody says.
  public static var available: Int? {
    #if os(Linux)
      return [machine, group, processLimit].compactMap { $0 }.min()
    #else
      return installedMemory
    #endif
  }

  /// Refuses a need that the memory does not meet, before anything is taken: there is no way back from
  /// an allocation that fails.
  ///
  /// - Parameters:
  ///   - bytes: the need; nil where it is beyond all numbers.
  ///   - purpose: the sentence's subject: `fcn8s on a picture of 500×500`.
  /// - Throws: ``InterchangeError``
  public static func check(_ bytes: Int?, for purpose: @autoclosure () -> String)
    throws(InterchangeError)
  {
    // A little is always there, and asking the system costs more than taking it.
    if let bytes, bytes < 1 << 24 { return }
    guard let available, bytes.map({ $0 > available }) ?? true else { return }
    throw InterchangeError(
      "\(purpose()) needs \(bytes.map(gigabytes) ?? "more memory than can be counted")"
        + "\(bytes == nil ? "" : " of memory"); \(gigabytes(available)) are available")
  }

  /// The most memory that this process has held so far, in bytes.
  public static var peak: Int {
    #if os(Linux)
      // What getrusage tells begins with the memory of the process that started this one.
      if let peak = line("VmHWM:", of: "/proc/self/status") { return peak * 1024 }
    #endif
    return mostMemoryHeld
  }

  #if os(Linux)
    private static var machine: Int? {
      line("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
    }

    /// The number in the line of a file that begins so.
    private static func line(_ start: String, of path: String) -> Int? {
      text(path)?.split(separator: "\n").first { $0.hasPrefix(start) }
        .flatMap { Int($0.filter(\.isNumber)) }
    }

    /// What the control groups that this process lives in leave: its own, and those around it.
    private static var group: Int? {
      var path =
        text("/proc/self/cgroup")?.split(separator: "\n")
        .first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) } ?? "/"
      var least: Int?
      while true {
        let folder = "/sys/fs/cgroup" + (path == "/" ? "" : path)
        if let limit = text(folder + "/memory.max").flatMap(number),
          let used = text(folder + "/memory.current").flatMap(number)
        {
          least = min(least ?? .max, max(0, limit - used))
        }
        guard path != "/" else { break }
        path = FilePlace.folder(of: path)
      }
      // The older form of control groups, as containers see it.
      if let limit = text("/sys/fs/cgroup/memory/memory.limit_in_bytes").flatMap(number),
        let used = text("/sys/fs/cgroup/memory/memory.usage_in_bytes").flatMap(number)
      {
        least = min(least ?? .max, max(0, limit - used))
      }
      return least
    }

    /// What `ulimit -v` and `ulimit -d` leave.
    private static var processLimit: Int? {
      func left(_ resource: Resource, _ used: String) -> Int? {
        guard let most = resource.limit, let used = line(used, of: "/proc/self/status") else {
          return nil
        }
        return max(0, most - used * 1024)
      }
      return [left(.addressSpace, "VmSize:"), left(.data, "VmData:")].compactMap { $0 }.min()
    }

    private static func number(_ text: String) -> Int? {
      Int(text.prefix { $0.isNumber })
    }

    private static func text(_ path: String) -> String? {
      guard let file = fopen(path, "r") else { return nil }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = fread(&bytes, 1, bytes.count, file)
      return String(decoding: bytes[..<count], as: UTF8.self)
    }
  #endif
}
