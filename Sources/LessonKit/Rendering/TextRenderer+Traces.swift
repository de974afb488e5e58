internal import Tensors

extension TextRenderer {
  /// What is given, the stamps, the equations, the result.
  func lines(of trace: Trace) -> [Line] {
    var result = trace.notes.flatMap { paragraph($0, ink: .faint) }
    let between = trace.form == .matrix ? "×" : "∗"
    let amongRows = (trace.given + trace.outcome).areRows
    func block(_ lines: [Line]) {
      guard !lines.isEmpty else { return }
      if !result.isEmpty { result.append(Line()) }
      result += lines
    }
    block(
      lines(
        of: trace.given, operators: trace.given.count == 2 ? [between] : [], amongRows: amongRows))
    block(lines(of: trace.stamps, amongRows: amongRows))
    let padding = Set(trace.equations.map { glyphs.spell($0.cell).count }).max() ?? 0
    block(trace.equations.flatMap { lines(of: $0, cellWidth: padding) })
    block(lines(of: trace.outcome, amongRows: amongRows))
    return result
  }

  private func lines(of equation: Equation, cellWidth: Int) -> [Line] {
    let cell = glyphs.spell(equation.cell)
    let padded =
      equation.padded > 0
      ? " (\(counted(equation.padded, "kernel cell")) on padding)" : ""
    let text =
      equation.isEmpty
      ? "= \(equation.value)" + (padded.isEmpty ? " (no tap reaches it)" : padded)
      : "= \(equation.expression) = \(equation.value)" + padded
    // Long sums go on below the first term.
    let indent = cellWidth + 1
    let wrapped = wrap(glyphs.spell(text), width: width - indent - 2, hanging: 2)
    return wrapped.enumerated().map { index, rest in
      var line = index == 0 ? Line(cell, .output) : Line()
      line.pad(to: indent)
      line.append(rest)
      return line.indented(by: 2)
    }
  }
}
