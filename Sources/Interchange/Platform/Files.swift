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
