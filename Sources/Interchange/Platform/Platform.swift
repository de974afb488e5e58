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

/// The variables of the environment by name.
public var environmentVariables: [String: String] {
  #if os(Linux)
    var place = environ
  #else
    var place = _NSGetEnviron().pointee
  #endif
  var variables: [String: String] = [:]
  while let line = place.pointee {
    let parts = String(cString: line).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    place += 1
  }
  return variables
}

/// The path of the program that runs.
public var programPath: String {
  #if os(Linux)
    return "/proc/self/exe"
  #else
    var size: UInt32 = 4096
    var path = [CChar](repeating: 0, count: Int(size))
    guard _NSGetExecutablePath(&path, &size) == 0 else { return CommandLine.arguments[0] }
    return String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  #endif
}

extension stat {
  /// When the content was last changed.
  public var modified: timespec {
    #if os(Linux)
      return st_mtim
    #else
      return st_mtimespec
    #endif
  }
}

/// Asks for all that was written to be on the disk; -1 where that cannot be had.
public func storeOnDisk(_ descriptor: Int32) -> Int32 {
  #if !os(Linux)
    // fsync leaves the bytes in the drive's own memory.
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
  #endif
  return fsync(descriptor)
}

// MARK: Memory and limits

/// The bytes of memory that the machine has, where one call tells.
public var installedMemory: Int? {
  #if os(Linux)
    return nil
  #else
    var (bytes, size) = (UInt64(0), MemoryLayout<UInt64>.size)
    return sysctlbyname("hw.memsize", &bytes, &size, nil, 0) == 0 ? Int(bytes) : nil
  #endif
}

/// The most bytes that this process, or the one that started it, has held.
public var mostMemoryHeld: Int {
  var usage = rusage()
  // 0 is RUSAGE_SELF, which is not a number of the same type everywhere.
  getrusage(0, &usage)
  #if os(Linux)
    return usage.ru_maxrss * 1024
  #else
    return usage.ru_maxrss
  #endif
}

/// What the system can limit.
public enum Resource {
  case processorSeconds, addressSpace, data, stack, core

  private var number: Int32 {
    #if canImport(Glibc)
      let number =
        switch self {
        case .processorSeconds: RLIMIT_CPU
        case .addressSpace: RLIMIT_AS
        case .data: RLIMIT_DATA
        case .stack: RLIMIT_STACK
        case .core: RLIMIT_CORE
        }
      return Int32(number.rawValue)
    #else
      return switch self {
      case .processorSeconds: RLIMIT_CPU
      case .addressSpace: RLIMIT_AS
      case .data: RLIMIT_DATA
      case .stack: RLIMIT_STACK
      case .core: RLIMIT_CORE
      }
    #endif
  }

  /// The soft limit of this process; nil if there is none.
  public var limit: Int? {
    var limits = rlimit()
    guard getrlimit(number, &limits) == 0 else { return nil }
    return Int(exactly: limits.rlim_cur).flatMap { $0 < Int.max ? $0 : nil }
  }

  /// Sets the soft limit of this process, and the hard one to 1 more: at the soft one the signal still
  /// says why.
  public func set(_ value: Int) {
    var limits = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value + 1))
    _ = setrlimit(number, &limits)
  }
}

// MARK: Starting programs

#if os(Linux)
  public typealias SpawnActions = posix_spawn_file_actions_t
  public typealias SpawnAttributes = posix_spawnattr_t

  public func newSpawnActions() -> SpawnActions { posix_spawn_file_actions_t() }
  public func newSpawnAttributes() -> SpawnAttributes { posix_spawnattr_t() }

  /// POSIX_SPAWN_SETSID, which the headers show to GNU's dialect of C alone.
  public let spawnInOwnSession: Int16 = 0x80
#else
  public typealias SpawnActions = posix_spawn_file_actions_t?
  public typealias SpawnAttributes = posix_spawnattr_t?

  public func newSpawnActions() -> SpawnActions { nil }
  public func newSpawnAttributes() -> SpawnAttributes { nil }

  public let spawnInOwnSession = Int16(POSIX_SPAWN_SETSID)
#endif
