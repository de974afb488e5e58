// Starting programs, and what they may use.

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
  ///
  /// A Mac refuses an address space smaller than what its libraries take, some hundred gigabytes;
  /// there whoever started the process looks after its memory.
  public func set(_ value: Int) {
    var limits = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value + 1))
    _ = setrlimit(number, &limits)
  }
}

/// Asks the system to kill this process when the one that started it ends; whether it could be asked.
public func dieWithParent() -> Bool {
  #if os(Linux)
    // Its declaration in C takes any number of arguments, which Swift cannot call.
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    guard let found = dlsym(nil, "prctl") else { return false }
    let deathSignal: Int32 = 1
    return unsafeBitCast(found, to: Control.self)(deathSignal, UInt(SIGKILL), 0, 0, 0) == 0
  #else
    return false
  #endif
}

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

// Files that one system has and another has not.

extension stat {
  /// When the content was last changed.
  public var modified: timespec {
    #if os(Linux)
      return st_mtim
    #else
      return st_mtimespec
    #endif
  }

  /// When anything of the file was last changed: its content, its name, its times.
  public var changed: timespec {
    #if os(Linux)
      return st_ctim
    #else
      return st_ctimespec
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

/// Opens a file without a name, which is gone with its process; -1 where there is no such thing.
public func openNameless(in folder: String) -> Int32 {
  #if os(Linux)
    // O_TMPFILE, which is too complex a macro to be imported.
    let nameless = 0o20_000_000 | O_DIRECTORY
    guard access("/proc/self/fd", X_OK) == 0 else { return -1 }
    return open(folder, O_WRONLY | O_CLOEXEC | nameless, 0o666)
  #else
    return -1
  #endif
}

/// Gives a nameless file a name that is not taken.
public func giveName(_ path: String, toNameless descriptor: Int32) -> Bool {
  #if os(Linux)
    return linkat(
      AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  #else
    return false
  #endif
}
