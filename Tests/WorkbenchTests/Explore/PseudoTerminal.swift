import Foundation
import Platform

/// A program that runs in a terminal of our own, and the screen that one would see.
final class PseudoTerminal {
  private let master: Int32
  private let process: pid_t
  /// The shell that leads the session.
  var leader: pid_t { process }
  private(set) var screen = EmulatedScreen()

  /// Starts `/bin/sh -c` with this line in a terminal of so many columns and rows.
  init(
    _ line: String, width: Int = 80, height: Int = 24, environment: [String: String] = [:]
  ) throws {
    let name: String
    (master, name) = try Self.open()
    var actions = newSpawnActions()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = newSpawnAttributes()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, spawnInOwnSession)
    var variables = environmentVariables
    for name in ["COLUMNS", "LINES", "NO_COLOR"] { variables[name] = nil }
    variables["TERM"] = "xterm"
    variables["LC_ALL"] = "C.UTF-8"
    variables.merge(environment) { $1 }
    typealias CStrings = [UnsafeMutablePointer<CChar>?]
    let words: [String] = ["/bin/sh", "-c", line]
    let strings: CStrings = words.map { strdup($0) } + [nil]
    let settings: CStrings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (strings + settings).forEach { free($0) } }
    var child: pid_t = 0
    Self.resize(master, to: width, height)
    screen.resize(width, height)
    let failure = posix_spawn(&child, "/bin/sh", &actions, &attributes, strings, settings)
    process = child
    guard failure == 0 else { throw Failure() }
  }

  deinit {
    kill(-process, SIGKILL)
    waitpid(process, nil, 0)
    close(master)
  }

  struct Failure: Error {}

  private static func open() throws -> (Int32, String) {
    #if os(Linux)
      let master = Platform.open("/dev/ptmx", O_RDWR | O_NOCTTY)
      // TIOCSPTLCK and TIOCGPTN, which the headers show to GNU's dialect of C alone.
      var (lock, number): (Int32, Int32) = (0, 0)
      guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
        ioctl(master, 0x8004_5430, &number) == 0
      else { throw Failure() }
      return (master, "/dev/pts/\(number)")
    #else
      let master = posix_openpt(O_RDWR | O_NOCTTY)
      guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master)
      else { throw Failure() }
      return (master, String(cString: name))
    #endif
  }

  /// Gives the window another size.
  func resize(to width: Int, _ height: Int) {
    Self.resize(master, to: width, height)
    screen.resize(width, height)
  }

  private static func resize(_ master: Int32, to width: Int, _ height: Int) {
    var size = winsize()
    (size.ws_col, size.ws_row) = (UInt16(width), UInt16(height))
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    var bytes = Array(text.utf8)
    _ = Platform.write(master, &bytes, bytes.count)
  }

  /// Reads what is shown until this holds, at most some seconds; whether it does.
  func waits(upTo limit: Double = 20, until isShown: (EmulatedScreen) -> Bool) -> Bool {
    let end = Date().addingTimeInterval(limit)
    while !isShown(screen) {
      guard Date() < end, read(for: 50) else { return isShown(screen) }
    }
    return true
  }

  /// Shows what comes within some milliseconds; false at the end.
  private func read(for milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return true }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = Platform.read(master, &bytes, bytes.count)
    guard count > 0 else {
      usleep(10_000)
      return true
    }
    screen.show(bytes[..<count])
    return true
  }
}

/// The few commands of a terminal that are used, and what it then shows.
struct EmulatedScreen {
  private(set) var rows: [[Character]] = []
  /// The other screen, while the alternate one is shown.
  private var kept: (rows: [[Character]], row: Int, column: Int)?
  private var (row, column) = (0, 0)
  private var (width, height) = (80, 24)
  private(set) var hidesCursor = false
  private(set) var isColored = false
  /// The lines that were written, not cleared ones; how often all was cleared.
  private(set) var (linesWritten, clears) = (0, 0)
  private var rest: [UInt8] = []

  var isAlternate: Bool { kept != nil }
  var lines: [String] {
    rows.map { String(String($0).reversed().drop { $0 == " " }.reversed()) }
  }
  var text: String { lines.joined(separator: "\n") }

  mutating func resize(_ width: Int, _ height: Int) {
    (self.width, self.height) = (width, height)
    rows = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  mutating func show(_ bytes: ArraySlice<UInt8>) {
    rest += bytes
    // A character or a command that is cut waits for its other half.
    var text = Array(rest)[...]
    while let length = Self.lengthOfFirst(text) {
      take(String(decoding: text.prefix(length), as: UTF8.self))
      text = text.dropFirst(length)
    }
    rest = Array(text)
  }

  private static func lengthOfFirst(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first else { return nil }
    if first == 0x1B {
      return bytes.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }.map {
        $0 - bytes.startIndex + 1
      }
    }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return length <= bytes.count ? length : nil
  }

  private mutating func take(_ token: String) {
    switch token {
    case "\r": column = 0
    case "\n", "\r\n": row = min(row + 1, height - 1)
    case "\u{1B}[?1049h":
      (kept, row, column) = ((rows, row, column), 0, 0)
      resize(width, height)
    case "\u{1B}[?1049l":
      if let kept { (rows, row, column) = kept }
      kept = nil
    case "\u{1B}[?25l": hidesCursor = true
    case "\u{1B}[?25h": hidesCursor = false
    case "\u{1B}[2J":
      clears += 1
      resize(width, height)
    case "\u{1B}[K":
      linesWritten += 1
      for place in min(column, width)..<width { rows[row][place] = " " }
    case let move where move.hasPrefix("\u{1B}[") && move.hasSuffix("H"):
      let parts = move.dropFirst(2).dropLast().split(separator: ";").compactMap { Int($0) }
      (row, column) = (min(parts[0], height) - 1, min(parts[1], width) - 1)
    case let ink where ink.hasPrefix("\u{1B}[") && ink.hasSuffix("m"):
      if ink != "\u{1B}[0m" { isColored = true }
    case let other where other.hasPrefix("\u{1B}"): break
    default:
      guard column < width, row < rows.count else { return }
      rows[row][column] = Character(token)
      column += 1
    }
  }
}
