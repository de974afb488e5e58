// How much memory there is, and who holds it.

/// The bytes that this process can still get without swapping; nil if nobody says.
public var availableMemory: Int? {
  #if os(Linux)
    return [machineMemory, groupMemory, processMemory].compactMap { $0 }.min()
  #else
    var (facts, page) = (vm_statistics64(), vm_size_t())
    let words = MemoryLayout<vm_statistics64>.size / MemoryLayout<integer_t>.size
    var count = mach_msg_type_number_t(words)
    let host = mach_host_self()
    let status = withUnsafeMutablePointer(to: &facts) {
      $0.withMemoryRebound(to: integer_t.self, capacity: words) {
        host_statistics64(host, HOST_VM_INFO64, $0, &count)
      }
    }
    guard status == KERN_SUCCESS, host_page_size(host, &page) == KERN_SUCCESS else { return nil }
    // What is free, and what the system takes back without writing it anywhere.
    let pages =
      Int(facts.free_count) + Int(facts.inactive_count) + Int(facts.purgeable_count)
    return pages * Int(page)
  #endif
}

/// The most memory that this process has held so far, in bytes.
public var peakMemory: Int {
  #if os(Linux)
    // What getrusage tells begins with the memory of the process that started this one.
    if let peak = number(inLine: "VmHWM:", of: "/proc/self/status") { return peak * 1024 }
  #endif
  var usage = rusage()
  // 0 is RUSAGE_SELF, which is not a number of the same type everywhere.
  getrusage(0, &usage)
  #if os(Linux)
    return usage.ru_maxrss * 1024
  #else
    return usage.ru_maxrss
  #endif
}

/// The bytes of memory that a process holds now; nil if it is gone or nobody says.
public func memoryHeld(by process: pid_t) -> Int? {
  #if os(Linux)
    return number(inLine: "VmRSS:", of: "/proc/\(process)/status").map { $0 * 1024 }
  #else
    var facts = rusage_info_v2()
    let status = withUnsafeMutablePointer(to: &facts) {
      $0.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
        proc_pid_rusage(process, RUSAGE_INFO_V2, $0)
      }
    }
    return status == 0 ? Int(clamping: facts.ri_phys_footprint) : nil
  #endif
}

/// The whole pages of some memory.
public func pages(of memory: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  let page = UInt(getpagesize())
  let start = UInt(bitPattern: memory.baseAddress)
  let first = (start + page - 1) / page * page
  let end = (start + UInt(memory.count)) / page * page
  return UnsafeRawBufferPointer(
    start: UnsafeRawPointer(bitPattern: first), count: Int(end > first ? end - first : 0))
}

/// Tells the system that what whole pages hold is not needed in memory now: that of a file can be read
/// again, everything else is lost.
public func giveBack(_ pages: UnsafeRawBufferPointer) {
  guard pages.count > 0, let start = pages.baseAddress else { return }
  madvise(UnsafeMutableRawPointer(mutating: start), pages.count, MADV_DONTNEED)
}

/// The bytes of a large page, where there are some.
public let largePage = 1 << 21

/// Asks for large pages for memory that begins at one, where a program may ask.
public func askForLargePages(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
  #if os(Linux)
    madvise(memory, bytes, 14)  // MADV_HUGEPAGE
  #endif
}

#if os(Linux)
  private var machineMemory: Int? {
    number(inLine: "MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
  }

  /// What the control groups that this process lives in leave: its own, and those around it.
  private var groupMemory: Int? {
    var path =
      beginning(of: "/proc/self/cgroup")?.split(separator: "\n")
      .first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) } ?? "/"
    var least: Int?
    func consider(_ limit: String, _ used: String) {
      guard let limit = beginning(of: limit).flatMap(leadingNumber),
        let used = beginning(of: used).flatMap(leadingNumber)
      else { return }
      least = min(least ?? .max, max(0, limit - used))
    }
    while true {
      let folder = "/sys/fs/cgroup" + (path == "/" ? "" : path)
      consider(folder + "/memory.max", folder + "/memory.current")
      guard path != "/" else { break }
      path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      if path.isEmpty { path = "/" }
    }
    // The older form of control groups, as containers see it.
    let old = "/sys/fs/cgroup/memory/memory."
    consider(old + "limit_in_bytes", old + "usage_in_bytes")
    return least
  }

  /// What `ulimit -v` and `ulimit -d` leave.
  private var processMemory: Int? {
    func left(_ resource: Resource, _ used: String) -> Int? {
      guard let most = resource.limit, let used = number(inLine: used, of: "/proc/self/status")
      else { return nil }
      return max(0, most - used * 1024)
    }
    return [left(.addressSpace, "VmSize:"), left(.data, "VmData:")].compactMap { $0 }.min()
  }

  private func leadingNumber(_ text: String) -> Int? {
    Int(text.prefix { $0.isNumber })
  }

  /// The number in the line of a file that begins so.
  private func number(inLine start: String, of path: String) -> Int? {
    beginning(of: path)?.split(separator: "\n").first { $0.hasPrefix(start) }
      .flatMap { Int($0.filter(\.isNumber)) }
  }
#endif

/// The first bytes of a file that the system writes as it is read, as text; nil if it is not there.
func beginning(of path: String, bytes limit: Int = 4096) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}
