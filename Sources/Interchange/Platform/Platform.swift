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
