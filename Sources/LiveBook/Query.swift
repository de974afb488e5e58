import ConvolutionArithmetic
import LessonKit
import Tensors

/// What a page asks for: a name, and options by name, as a link holds them behind its `#`.
///
/// ```swift
/// Query("conv&input=5x5&kernel=3")["kernel"]   // 3
/// ```
struct Query {
  /// The operation, or whatever stands first.
  let name: String
  private let options: [(name: String, value: String)]

  init(_ text: some StringProtocol) {
    let parts = text.split(separator: "&").map { decoded($0) }
    name = parts.first ?? ""
    options = parts.dropFirst().map { part in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(pair[0]).trimmed, pair.count > 1 ? String(pair[1]).trimmed : "")
    }
  }

  /// The value of an option; nil if it isn't there, or empty. Of several the last counts.
  subscript(_ option: String) -> String? {
    options.last { $0.name == option }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// The whole number of an option.
  ///
  /// - Parameter usual: what it is where it isn't there; an empty one is an error.
  /// - Throws: `GeometryError` if it is none, or out of range.
  func number(
    _ option: String, in range: ClosedRange<Int>, unless usual: Int
  ) throws(GeometryError) -> Int {
    guard let text = options.last(where: { $0.name == option })?.value else { return usual }
    guard !text.isEmpty else {
      throw GeometryError("\(option) is missing: a whole number is expected")
    }
    guard let value = Int(text) else {
      throw GeometryError("\(option) is “\(text.visible)”; a whole number is expected")
    }
    guard range.contains(value) else {
      throw GeometryError(
        "\(option) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Whether an option is set, as `align-corners`, `align-corners=1` or `=true`.
  ///
  /// - Throws: `GeometryError` if it says neither that nor the opposite.
  func flag(_ option: String) throws(GeometryError) -> Bool {
    guard let last = options.last(where: { $0.name == option }) else { return false }
    switch last.value {
    case "", "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default:
      throw GeometryError("\(option) is “\(last.value.visible)”; it is 1 or 0")
    }
  }

  /// The size of a picture, `224` or `480x640`, height first; along one axis a length. Nil without one.
  ///
  /// - Throws: `GeometryError` if it is none, or out of range.
  func size(_ option: String, isLine: Bool) throws(GeometryError) -> Size? {
    guard let text = self[option] else { return nil }
    let number = Int(text)
    let told =
      isLine
      ? number.map { Size(height: 1, width: $0) } : number.map { Size($0) } ?? rampSize(text)
    guard let size = told else {
      throw GeometryError(
        "\(option) is “\(text.visible)”; "
          + (isLine
            ? "a length such as 16000 is expected" : "a size such as 224 or 480x640 is expected"))
    }
    guard (1...largestExtent).contains(size.height), (1...largestExtent).contains(size.width) else {
      throw GeometryError(
        "\(option) is \(size); it can have from 1 to \(largestExtent) rows and columns")
    }
    return size
  }

  /// The numbers of an option: `1,2/3,4` by rows, `1/4,¾;1,2` with fractions, or `5x5`, which counts
  /// 1, 2, 3, …
  ///
  /// - Throws: `GeometryError` if it is no such map, or has more than `most` rows or columns.
  func map(_ option: String, most: Int) throws(GeometryError) -> Tensor<Exact>? {
    guard let text = self[option] else { return nil }
    if let size = rampSize(text) {
      try check(size, option, most: most)
      return Tensor<Int>.ramp([1, 1, size.height, size.width]).map { Exact($0) }
    }
    let separator: Character = text.contains(";") ? ";" : "/"
    var rows: [[Exact]] = []
    for line in text.split(separator: separator) {
      var row: [Exact] = []
      for cell in line.split(separator: ",", omittingEmptySubsequences: false) {
        guard Self.isPlain(cell), let value = Prediction.number(saidIn: String(cell)) else {
          throw GeometryError(
            "\(option) has “\(String(cell).visible)”, which is no number; write 3, -0.25 or ¾, "
              + "commas between numbers and / between rows")
        }
        row.append(Exact(value))
      }
      rows.append(row)
      try check(Size(height: rows.count, width: row.count), option, most: most)
    }
    guard let width = rows.first?.count else {
      throw GeometryError("\(option) has no numbers; write them like 1,2,3/4,5,6")
    }
    guard let ragged = rows.firstIndex(where: { $0.count != width }) else { return Tensor(rows) }
    throw GeometryError(
      "\(option) has \(counted(width, "number")) in row 0 and \(rows[ragged].count) in row \(ragged); "
        + "all rows must be as long")
  }

  /// Whether it is a number as it stands, and nothing to be worked out: `-3`, `.25`, `1/4`, `¾`.
  private static func isPlain(_ cell: Substring) -> Bool {
    let number = cell.trimmed.drop { "-−".contains($0) }
    return cell.trimmed.count - number.count < 2
      && number.allSatisfy { $0.isNumber || "./⁄".contains($0) }
  }

  private func check(_ size: Size, _ option: String, most: Int) throws(GeometryError) {
    guard (1...most).contains(size.height), (1...most).contains(size.width) else {
      throw GeometryError(
        "\(option) is \(size); here it can have from 1 to \(most) rows and columns, and convbook trace "
          + "takes more")
    }
  }

  /// `5x5`
  private func rampSize(_ text: String) -> Size? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let height = Int(parts[0]), let width = Int(parts[1]) else {
      return nil
    }
    return Size(height: height, width: width)
  }
}

/// The text of a part of a link: `%2C` is a comma, `+` a blank.
private func decoded(_ text: some StringProtocol) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    switch byte {
    case 0x2B: bytes.append(0x20)
    case 0x25:
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    default: bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
