/// The keys of `watch`; where there is no terminal, only time passes.
final class Keys {
  enum Key { case hint, next, list, quit }

  private let terminal = RawTerminal()
  private var typed: ArraySlice<UInt8> = []

  var areRead: Bool { terminal.isThere }

  /// Puts the terminal back as it was, and lets a signal that came end the process.
  func restore() { terminal.restore() }

  /// Waits for a key, at most this many seconds.
  func wait(_ limit: Double) -> Key? {
    if typed.isEmpty {
      switch terminal.wait(limit) {
      case .end: return .quit
      case .nothing: return nil
      case .bytes(let bytes): typed = bytes[...]
      }
    }
    guard let byte = typed.popFirst() else { return nil }
    switch Character(UnicodeScalar(byte)) {
    case "h": return .hint
    case "n": return .next
    case "l": return .list
    case "q", "\u{4}": return .quit
    default: return nil
    }
  }
}
