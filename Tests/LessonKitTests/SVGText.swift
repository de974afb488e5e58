/// The elements of an SVG of ours, each with its attributes and those of the groups around it.
///
/// It reads well-formed XML alone: tags must close in order, attributes must be quoted.
struct SVGText {
  struct Element {
    let name: String
    var attributes: [String: String]
    var text = ""

    func has(_ look: String) -> Bool {
      attributes["class"]?.split(separator: " ").contains(look[...]) ?? false
    }

    func number(_ name: String) -> Int { attributes[name].flatMap { Int($0) } ?? .min }

    /// The cells of `data-cells`, or the one of `data-row` and `data-column`.
    var cells: [[Int]] {
      if let list = attributes["data-cells"] {
        return list.split(separator: " ").map { $0.split(separator: ",").map { Int($0)! } }
      }
      return attributes["data-row"] == nil ? [] : [[number("data-row"), number("data-column")]]
    }
  }

  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var elements: [Element] = []

  init(_ text: String) throws(Malformed) {
    let bytes = Array(text.utf8)
    var open: [(name: String, element: Int)] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] != UInt8(ascii: "<") {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        if let last = open.last {
          elements[last.element].text += Self.plain(
            String(decoding: bytes[index..<end], as: UTF8.self))
        }
        index = end
        continue
      }
      guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else {
        throw Malformed(description: "a tag is not closed")
      }
      if bytes[index + 1] == UInt8(ascii: "/") {
        let name = String(decoding: bytes[index + 2..<end], as: UTF8.self)
        guard open.popLast()?.name == name else {
          throw Malformed(description: "</\(name)> closes nothing")
        }
      } else {
        let isEmpty = bytes[end - 1] == UInt8(ascii: "/")
        var element = try Self.element(bytes[index + 1..<(isEmpty ? end - 1 : end)])
        if let last = open.last, ["g", "text"].contains(last.name) {
          element.attributes.merge(elements[last.element].attributes) { own, outer in
            own == outer ? own : own + " " + outer
          }
        }
        elements.append(element)
        if !isEmpty { open.append((element.name, elements.count - 1)) }
      }
      index = end + 1
    }
    guard open.isEmpty else { throw Malformed(description: "\(open) stay open") }
  }

  /// A tag's name and attributes.
  private static func element(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> Element {
    let parts = bytes.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { throw Malformed(description: "a quote is not closed") }
    func text(_ part: ArraySlice<UInt8>) -> String { String(decoding: part, as: UTF8.self) }
    let head = text(parts[0]).split(separator: " ")
    var element = Element(name: String(head[0]), attributes: [:])
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
      guard let name = text(parts[index]).split(separator: " ").last, name.hasSuffix("=") else {
        throw Malformed(description: "an attribute has no name in <\(text(bytes))>")
      }
      element.attributes[String(name.dropLast())] = plain(text(parts[index + 1]))
    }
    return element
  }

  private static func plain(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = text
    for (code, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
      result = result.split(separator: code, omittingEmptySubsequences: false)
        .joined(separator: character)
    }
    return result
  }
}
