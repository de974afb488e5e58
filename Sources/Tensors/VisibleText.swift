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
    // What no XML may hold.
    case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Returns the name nearest to what was typed, or nil if none is near enough to be meant.
///
/// ```swift
/// nearest(to: "kernl", among: ["kernel", "stride"])   // "kernel"
/// ```
///
/// Near enough is an edit distance of at most a third of the letters typed and never more than 3, or
/// a name that begins with what was typed.
package func nearest(to typed: String, among names: [String]) -> String? {
  guard typed.count >= 2 else { return nil }
  let limit = min(3, max(1, (typed.count + 1) / 3))
  let measured = names.map { (name: $0, distance: editDistance(typed, $0)) }
  if let best = measured.min(by: { $0.distance < $1.distance }), best.distance <= limit {
    return best.name
  }
  return names.first { $0.hasPrefix(typed) || (typed.count >= 4 && typed.hasPrefix($0)) }
}

/// The least number of letters to insert, delete, replace or swap with a neighbour.
package func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  var before: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
      var best = min(replaced, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, before[j - 1] + 1)
      }
      current.append(best)
    }
    (before, previous) = (previous, current)
  }
  return previous[b.count]
}

/// A map as lines of text with aligned columns.
///
/// ```swift
/// gridLines([["1", "10"], ["-2", "¾"]])   // [" 1  10", "-2   ¾"]
/// ```
///
/// Cells are right-aligned, each column as wide as its widest cell, two spaces between columns.
public func gridLines(_ rows: [[String]]) -> [String] {
  let columns = rows.map { $0.count }.max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    row.enumerated().map { column, cell in
      String(repeating: " ", count: widths[column] - cell.count) + cell
    }.joined(separator: "  ")
  }
}

extension Tensor where Scalar: CustomStringConvertible {
  /// The text of each cell of one map (rank 4), row by row.
  public func cellTexts(batch: Int = 0, channel: Int = 0) -> [[String]] {
    (0..<height).map { row in
      (0..<width).map { column in numberText(self[batch, channel, row, column]) }
    }
  }

  /// One map as aligned lines of text.
  public func gridLines(batch: Int = 0, channel: Int = 0) -> [String] {
    Tensors.gridLines(cellTexts(batch: batch, channel: channel))
  }
}

/// A number as a person writes it: `3` for 3.0, `¾` for a fraction, the shortest decimal that reads
/// back as the same number otherwise.
public func numberText<Scalar: CustomStringConvertible>(_ value: Scalar) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A number with so many digits after the point, rounded; as ``numberText(_:)`` writes it, if it has more
/// than 15 digits or is not finite.
///
/// ```swift
/// decimal(0.96875, 3)   // "0.969"
/// decimal(-0.001, 2)    // "0.00"
/// ```
package func decimal(_ value: Double, _ places: Int) -> String {
  let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
  let scaled = (value.magnitude * scale).rounded()
  guard scaled < 1e15 else { return numberText(value) }
  let digits = String(Int64(scaled))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return places == 0 ? sign + padded : sign + padded.dropLast(places) + "." + padded.suffix(places)
}

/// The digits of a whole number in threes: 1234567 as `1,234,567`.
package func grouped(_ number: some CustomStringConvertible) -> String {
  let text = number.description
  let digits = Array(text.drop { $0 == "-" })
  let groups = digits.indices.map { index in
    (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digits[index])
  }
  return text.prefix { $0 == "-" } + groups.joined()
}

/// Terms as a sum; what begins with a minus is taken away.
///
/// ```swift
/// sumText(["3·1", "-2·4", "1"])   // "3·1 - 2·4 + 1"
/// ```
public func sumText(_ terms: [String]) -> String {
  var text = terms.first ?? "0"
  for term in terms.dropFirst() {
    text += term.hasPrefix("-") ? " - \(term.dropFirst())" : " + \(term)"
  }
  return text
}

/// So many of a thing: `1 cell`, `2 cells`; with `many` where an s does not make the plural.
///
/// ```swift
/// counted(1, "cell is left", "cells are left")   // "1 cell is left"
/// ```
public func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
