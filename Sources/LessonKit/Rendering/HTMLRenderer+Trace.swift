import Tensors

extension HTMLRenderer {
  /// A trace: its figure, or its maps where they are too large to be drawn, and the arithmetic.
  func text(of trace: Trace) -> String {
    let notes = trace.notes.map { "<p class=\"note\">\(escapedForXML($0))</p>" }.joined()
    let sums = trace.readings.map { $0.text }
    guard let figure = try? Figure(trace) else {
      let maps = [trace.given, trace.stamps, trace.outcome].filter { !$0.isEmpty }
      return "<div class=\"trace\">" + notes + maps.map { text(of: $0) }.joined()
        + Self.folded(sums) + "</div>"
    }
    // Of a scatter the figure tells the stamps, and the sums come after them.
    return notes + text(of: figure, link: trace.link)
      + (trace.form == .scatter ? Self.folded(sums) : "")
  }

  /// A figure with what is said of each of its moments.
  ///
  /// - Parameter link: what the live book is asked for the same.
  func text(of figure: Figure, link: String? = nil) -> String {
    let data = link.map { " data-case=\"\(escapedForXML($0))\"" } ?? ""
    return "<div class=\"trace\"\(data)><div class=\"live\" role=\"group\" aria-label=\"figure\" "
      + "tabindex=\"0\">\(figure.liveSVG())</div>"
      + Self.folded(figure.sentences, figure.form == .scatter ? "stamps" : "sums") + "</div>"
  }

  private static func folded(_ lines: [String], _ what: String = "sums") -> String {
    lines.isEmpty
      ? ""
      : "<details class=\"sums\"><summary>"
        + (lines.count == 1 ? "The sum" : "All \(lines.count) \(what)")
        + "</summary>\(preformatted(lines))</details>"
  }
}
