extension TextRenderer {
  /// Pictures side by side while they fit; a cell is two characters wide where there is room.
  func lines(of pictures: [Picture]) -> [Line] {
    beside(
      pictures.map { picture in
        let columns = picture.rows.map(\.count).max() ?? 0
        let cell = columns * 2 + 2 <= width / max(1, pictures.count) ? 2 : 1
        // A picture wider than the page shows every second, third … row and column.
        let step = max(1, (columns + width - 3) / (width - 2))
        let rows = stride(from: 0, to: picture.rows.count, by: step).map { row in
          drawn(picture, row: row, step: step, cell: cell)
        }
        let label = glyphs.spell(picture.label) + (step > 1 ? ", every \(step)th cell" : "")
        return wrap(label, width: width - 2, ink: .heading) + rows
      })
  }

  private func drawn(_ picture: Picture, row: Int, step: Int, cell: Int) -> Line {
    let ramp = Array(glyphs == .ascii ? " .:-=+*#%@" : " ░▒▓█")
    let levels = picture.levels(ramp.count)[row]
    var line = Line()
    for column in stride(from: 0, to: levels.count, by: step) {
      switch picture.style {
      case .shades:
        line.append(String(repeating: ramp[levels[column]], count: cell))
      case .labels:
        let letter = TextRenderer.letter(of: levels[column])
        line.append(
          letter + String(repeating: " ", count: cell - 1),
          TextRenderer.labelInks[levels[column] % TextRenderer.labelInks.count])
      }
    }
    return line
  }

  /// `.` for class 0, then `a`, `b` …, then capitals; `?` beyond, and for no class.
  private static func letter(of label: Int) -> String {
    let letters = Array(".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return label >= 0 && label < letters.count ? String(letters[label]) : "?"
  }

  private static let labelInks: [Ink] = [.faint, .bad, .good, .question, .window, .kernel, .code]
}
