// What differs between the systems. Whoever needs the C library imports this module in its place;
// `Platform.read` is its `read` where a method of that name hides it.

#if canImport(Glibc)
  @_exported @preconcurrency public import Glibc
#elseif canImport(Musl)
  @_exported @preconcurrency public import Musl
#else
  @_exported @preconcurrency public import Darwin
#endif

/// Why the last call failed, in the system's words.
public var reasonOfFailure: String { String(cString: strerror(errno)) }

// MARK: The process

/// The variables of the environment by name.
public var environmentVariables: [String: String] {
  #if os(Linux)
    let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
  #else
    let first = _NSGetEnviron().pointee
  #endif
  var variables: [String: String] = [:]
  guard var place = first else { return variables }
  while let line = place.pointee {
    let parts = String(cString: line).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    place += 1
  }
  return variables
}

/// The path of the program that runs; links are not followed.
public var programPath: String {
  #if os(Linux)
    let own = "/proc/self/exe"
    if access(own, F_OK) == 0 { return own }
  #else
    var size: UInt32 = 4096
    var path = [CChar](repeating: 0, count: Int(size))
    if _NSGetExecutablePath(&path, &size) == 0 {
      return String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  #endif
  return program(
    CommandLine.arguments.first ?? "", onPath: environmentVariables["PATH"] ?? ""
  ) { access($0, X_OK) == 0 }
}

/// The path of the program that was started by a name, as a shell finds it, where the system does not
/// tell its own: a root without /proc.
func program(
  _ name: String, onPath folders: String, isThere: (String) -> Bool
) -> String {
  guard !name.contains("/") else { return name }
  return folders.split(separator: ":").map { "\($0)/\(name)" }.first(where: isThere) ?? name
}

/// The folder of the built products, for a test: the one that holds its bundle, or else its program.
/// The program that runs may be one of the toolchain's, which has loaded the test.
///
/// - Parameter handle: `#dsohandle`.
public func productsFolder(of handle: UnsafeRawPointer) -> String {
  var path = programPath
  #if !os(Linux)
    var facts = Dl_info()
    if dladdr(handle, &facts) != 0, let name = facts.dli_fname { path = String(cString: name) }
  #endif
  if let real = realpath(path, nil) {
    path = String(cString: real)
    free(real)
  }
  return folder(ofProducts: path)
}

/// The folder in which the bundle lies that holds a test's program, or else the program's own folder.
func folder(ofProducts program: String) -> String {
  let parts = program.split(separator: "/", omittingEmptySubsequences: false)
  let bundle = parts.lastIndex { $0.hasSuffix(".xctest") } ?? parts.count - 1
  return parts[..<bundle].joined(separator: "/")
}

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
