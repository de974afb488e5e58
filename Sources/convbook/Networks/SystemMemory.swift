#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this machine's memory is, as far as the system tells.
enum SystemMemory {
  /// The bytes that a program can still get without swapping; nil if nobody says.
  static var available: Int? {
    #if os(Linux)
      let limits = [machine, group].compactMap { $0 }
      return limits.min()
    #elseif canImport(Darwin)
      var (bytes, size) = (UInt64(0), MemoryLayout<UInt64>.size)
      return sysctlbyname("hw.memsize", &bytes, &size, nil, 0) == 0 ? Int(bytes) : nil
    #else
      return nil
    #endif
  }

  /// The most memory that this process has held so far, in bytes.
  static var peak: Int {
    #if os(Linux)
      // What getrusage tells begins with the memory of the process that started this one.
      if let peak = line("VmHWM:", of: "/proc/self/status") { return peak * 1024 }
    #endif
    var usage = rusage()
    // 0 is RUSAGE_SELF, which is not a number of the same type everywhere.
    getrusage(0, &usage)
    #if canImport(Darwin)
      return usage.ru_maxrss
    #else
      return Int(usage.ru_maxrss) * 1024
    #endif
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

    /// What the control group that a container lives in leaves.
    private static var group: Int? {
      guard let limit = text("/sys/fs/cgroup/memory.max").flatMap(number),
        let used = text("/sys/fs/cgroup/memory.current").flatMap(number)
      else { return nil }
      return max(0, limit - used)
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
