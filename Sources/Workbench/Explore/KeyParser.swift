/// A key of the keyboard, as `explore` understands it.
enum Key: Hashable, Sendable {
  case up, down, left, right, home, end
  case tab, enter, escape, backspace
  /// Ctrl-L: draw all of it anew.
  case redraw
  /// Ctrl-D: the end of what is typed.
  case endOfInput
  case character(Character)
}

/// Makes keys of the bytes that a terminal sends, however they are cut into pieces.
///
/// What is pasted is no key: terminals that can do so put it between two marks, and it is dropped.
struct KeyParser {
  private var pending: [UInt8] = []
  private var isPasting = false

  /// Whether something has begun of which the rest has not come yet.
  var isWaiting: Bool { !pending.isEmpty }

  /// The keys that are complete with these bytes.
  mutating func keys(_ bytes: [UInt8]) -> [Key] {
    pending += bytes
    var keys: [Key] = []
    var rest = pending[...]
    while !rest.isEmpty {
      if isPasting {
        guard skipPaste(&rest) else { break }
        continue
      }
      guard let (length, key) = Self.first(of: rest) else { break }
      if rest.prefix(length).elementsEqual(Self.pasteBegins) { isPasting = true }
      rest = rest.dropFirst(length)
      if let key { keys.append(key) }
    }
    pending = Array(rest)
    return keys
  }

  /// The keys of what has waited in vain for more: an Esc that was pressed alone.
  mutating func flush() -> [Key] {
    guard !isPasting else { return [] }
    defer { pending = [] }
    return pending == [0x1B] ? [.escape] : []
  }

  private static let pasteBegins = Array("\u{1B}[200~".utf8)
  private static let pasteEnds = Array("\u{1B}[201~".utf8)

  /// Drops what is pasted; false where its end has not come yet.
  private mutating func skipPaste(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let end = rest.firstRange(of: Self.pasteEnds) else {
      rest = rest.suffix(Self.pasteEnds.count - 1)
      return false
    }
    rest = rest[end.upperBound...]
    isPasting = false
    return true
  }

  /// How many bytes the first key has, and which it is; no key where it is none that is known, and nil
  /// where more bytes belong to it.
  private static func first(of bytes: ArraySlice<UInt8>) -> (length: Int, key: Key?)? {
    let byte = bytes.first!
    switch byte {
    case 0x1B: return escaped(bytes)
    case 0x04: return (1, .endOfInput)
    case 0x08, 0x7F: return (1, .backspace)
    case 0x09: return (1, .tab)
    case 0x0A, 0x0D: return (1, .enter)
    case 0x0C: return (1, .redraw)
    case 0x20...0x7E: return (1, .character(Character(UnicodeScalar(byte))))
    case 0xC2...0xF4:
      let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let tail = bytes.dropFirst().prefix { $0 & 0xC0 == 0x80 }.prefix(length - 1)
      return tail.count == length - 1 || tail.count + 1 < bytes.count ? (tail.count + 1, nil) : nil
    default: return (1, nil)
    }
  }

  /// What begins with Esc: `Esc [ … A`, `Esc O A`, or another key with Alt.
  private static func escaped(_ bytes: ArraySlice<UInt8>) -> (length: Int, key: Key?)? {
    guard let second = bytes.dropFirst().first else { return nil }
    switch second {
    case 0x1B: return (1, .escape)
    case UInt8(ascii: "O"): return bytes.dropFirst(2).first.map { (3, named($0, "")) }
    case UInt8(ascii: "["):
      let parameters = bytes.dropFirst(2).prefix { (0x20...0x3F).contains($0) }
      // Longer ones are not sent by any keyboard.
      guard parameters.count < 32 else { return (2 + parameters.count, nil) }
      guard let last = bytes.dropFirst(2 + parameters.count).first else { return nil }
      guard (0x40...0x7E).contains(last) else { return (2 + parameters.count, nil) }
      return (3 + parameters.count, named(last, String(decoding: parameters, as: UTF8.self)))
    default: return (2, nil)
    }
  }

  private static func named(_ last: UInt8, _ parameters: String) -> Key? {
    switch Character(UnicodeScalar(last)) {
    case "A": return .up
    case "B": return .down
    case "C": return .right
    case "D": return .left
    case "H": return .home
    case "F": return .end
    case "Z": return .tab
    case "~":
      return switch parameters {
      case "1", "7": .home
      case "4", "8": .end
      default: nil
      }
    default: return nil
    }
  }
}
