// What the processor is, and how many of its cores this process may use.

/// The processors that this process may use, at least 1: `taskset` and containers may leave fewer than
/// the machine has.
public var usableProcessors: Int {
  let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  let allowed = beginning(of: "/proc/self/status").flatMap(allowedProcessors(inStatus:))
  return min(online, allowed ?? online)
}

/// How many processors the line `Cpus_allowed:	0000,0000000f` of a process's status names, if it is there.
func allowedProcessors(inStatus text: String) -> Int? {
  let start = "Cpus_allowed:"
  guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else {
    return nil
  }
  let count = line.dropFirst(start.count).compactMap(\.hexDigitValue).reduce(0) {
    $0 + $1.nonzeroBitCount
  }
  return count > 0 ? count : nil
}

/// The features of the processor whose registers the operating system also saves, in Linux's words.
public var processorFeatures: Set<String> {
  #if arch(x86_64) && os(Linux)
    return features(inProcessorFile: beginning(of: "/proc/cpuinfo", bytes: 8192) ?? "")
  #elseif arch(x86_64)
    return features { name in
      var (value, size) = (Int32(0), MemoryLayout<Int32>.size)
      return sysctlbyname("hw.optional." + name, &value, &size, nil, 0) == 0 && value != 0
    }
  #else
    return []
  #endif
}

/// The features that /proc/cpuinfo lists: only those whose registers the kernel has enabled. One
/// processor's entry will do.
func features(inProcessorFile text: String) -> Set<String> {
  let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
  return Set(line?.split(separator: " ").map(String.init) ?? [])
}

/// The features of a Mac, asked for by the names that follow `hw.optional.`.
func features(ofMac has: (String) -> Bool) -> Set<String> {
  let names = ["fma", "bmi1", "bmi2", "f16c"].map { ($0, $0) } + [("avx2", "avx2_0")]
  let wide = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"].map { ($0, $0) }
  return Set((names + wide).filter { has($0.1) }.map(\.0))
}

/// Numbers below the normal range count as zero while `body` runs: a multiply-add with one of them
/// takes some hundred times as long, and they are far below the rounding error of any sum here.
public func withoutDenormals(_ body: () -> Void) {
  #if arch(x86_64)
    var saved = fenv_t()
    fegetenv(&saved)
    var changed = saved
    changed.__mxcsr |= 0x8040
    fesetenv(&changed)
    body()
    fesetenv(&saved)
  #elseif arch(arm64) && !os(Linux)
    var saved = fenv_t()
    fegetenv(&saved)
    var changed = saved
    changed.__fpcr |= 1 << 24
    fesetenv(&changed)
    body()
    fesetenv(&saved)
  #else
    body()
  #endif
}
