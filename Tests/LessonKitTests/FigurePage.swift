import Tensors

/// What can be read on a figure.
struct Page {
  let elements: [SVGText.Element]

  init(_ text: String) throws { elements = try SVGText(text).elements }
  init(_ elements: [SVGText.Element]) { self.elements = elements }

  private func all(_ look: String, _ role: String) -> [SVGText.Element] {
    elements.filter { $0.has(look) && $0.attributes["data-role"] == role }
  }

  /// The cells with a mark.
  func cells(_ look: String, _ role: String) -> Set<[Int]> {
    Set(all(look, role).flatMap(\.cells))
  }

  /// The texts by their cells.
  func texts(_ look: String, _ role: String) -> [[Int]: String] {
    var result: [[Int]: String] = [:]
    for element in all(look, role) where element.name == "text" {
      if element.cells.count == 1 { result[element.cells[0]] = element.text }
    }
    let spans = all(look, role).filter { $0.name == "tspan" }
    var index = 0
    while index < spans.count {
      let cells = spans[index].cells
      for (cell, span) in zip(cells, spans[index...]) { result[cell] = span.text }
      index += max(1, cells.count)
    }
    return result
  }

  func numbers(_ role: String) -> [[Int]: String] { texts("number", role) }

  var sentence: String {
    elements.filter { $0.has("sentence") }
      .flatMap { $0.text.split(separator: " ") }.joined(separator: " ")
  }

  /// Whether what is marked lies where its cell lies.
  var marksLieOnTheirCells: Bool {
    var places: [String: String] = [:]
    for element in elements where element.name == "rect" && element.attributes["data-row"] != nil {
      places[key(element, element.cells[0])] = "M\(element.number("x")) \(element.number("y"))h"
    }
    return elements.allSatisfy { element in
      guard element.name == "path", let path = element.attributes["d"] else { return true }
      let parts = path.split(separator: "z")
      return element.cells.isEmpty || element.has("unread")
        || parts.count == element.cells.count
          && zip(parts, element.cells).allSatisfy { part, cell in
            places[key(element, cell)].map { part.hasPrefix($0) } ?? false
          }
    }
  }

  private func key(_ element: SVGText.Element, _ cell: [Int]) -> String {
    "\(element.attributes["data-role"] ?? "") \(element.attributes["data-map"] ?? "") \(cell)"
  }
}

extension Tensor where Scalar: CustomStringConvertible {
  /// The numbers of one map by their cells.
  var texts: [[Int]: String] {
    var result: [[Int]: String] = [:]
    for (row, line) in cellTexts().enumerated() {
      for (column, text) in line.enumerated() { result[[row, column]] = text }
    }
    return result
  }
}
