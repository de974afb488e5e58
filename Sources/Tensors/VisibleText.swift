extension String {
  /// The text with every control character written out, so that a name from outside can neither steer
  /// the terminal nor look like another: what is printed of file names and of what files hold goes
  /// through it.
  ///
  /// ```swift
  /// "a\u{1B}[2J\n".visible   // a\x1B[2J\n
  /// ```
  package var visible: String {
    guard unicodeScalars.contains(where: { $0.isControl }) else { return self }
    return unicodeScalars.map { $0.isControl ? $0.writtenOut : String($0) }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether it moves the cursor, begins a command to the terminal, or turns the direction of the
  /// text around it.
  package var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  fileprivate var writtenOut: String {
    switch self {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(value, radix: 16, uppercase: true)
      return value > 0xFF ? "\\u{\(digits)}" : "\\x" + (digits.count < 2 ? "0" : "") + digits
    }
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  package var trimmed: String {
    var rest = self[...].drop(while: { $0.isWhitespace })
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }
}

/// The text within an element or an attribute of XML or HTML; names come from files that anybody may have
/// written, and in a drawing they are text and nothing else.
package func escapedForXML(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\"": result += "&quot;"
    default: result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
  }
  return result
}
