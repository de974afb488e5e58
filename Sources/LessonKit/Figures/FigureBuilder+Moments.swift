internal import Tensors

extension FigureBuilder {
  /// A moment for each output cell, with the window that makes it.
  mutating func addWindows() {
    for (index, equation) in equations.enumerated() {
      var marks: [Figure.Mark] = []
      let holes = equation.taps.filter { $0.isHole }
      let real = equation.taps.filter { $0.given != nil && !$0.isHole }
      let outside = equation.taps.filter { $0.given == nil }
      for (look, taps) in [
        (FigureLook.covered, real), (.coveredHole, holes), (.coveredPad, outside),
      ] {
        marks += noted(look, read, taps) { $0.position }
      }
      marks += marked(.coveredPad, read, equation.passed)
      marks += marked(.covered, .kernel, equation.terms.filter { $0.kernel != nil }) { $0.kernel! }
      if read == .stretched { marks += origins(of: real) }
      if equation.rule == .largest,
        let winner = equation.terms.first(where: { $0.input == equation.value })
      {
        marks += marked(.winner, read, [winner.position])
      }
      marks.append(result(panel(.output, equation.place.map), FigureCell(equation.place)))
      moments.append(
        Figure.Moment(place: equation.place, sentence: sentence(equation), marks: marks))
      values.append(
        Figure.Value(
          panel: panel(.output, equation.place.map), cell: FigureCell(equation.place),
          text: shortened(equation.value), during: index..<equations.count))
    }
    addRest()
  }

  /// A moment for each row of the matrix.
  mutating func addRows() {
    for (index, equation) in equations.enumerated() {
      let matrix = panel(.matrix, 0)
      let columns = panels[matrix].rows[index].indices.filter {
        panels[matrix].rows[index][$0].mark != .empty
      }
      let marks = [
        Figure.Mark(
          look: .covered, panel: matrix, cells: columns.map { FigureCell(index, $0) }),
        Figure.Mark(
          look: .covered, panel: panel(.input, 0), cells: columns.map { FigureCell(0, $0) },
          notes: equation.terms.map { note($0) }),
        result(panel(.output, 0), FigureCell(index, 0)),
      ]
      moments.append(
        Figure.Moment(place: equation.place, sentence: sentence(equation), marks: marks))
      values.append(
        Figure.Value(
          panel: panel(.output, 0), cell: FigureCell(index, 0), text: equation.value,
          during: index..<equations.count))
    }
  }

  /// A moment for each input cell, with the stamp that it leaves on the output.
  mutating func addStamps() {
    let places = inputPlaces
    var order: [Equation.Place: Int] = [:]
    for (index, place) in places.enumerated() { order[place] = index }
    var hits: [[(equation: Int, tap: Equation.Tap)]] = Array(repeating: [], count: places.count)
    for (index, equation) in equations.enumerated() {
      let terms = equation.terms
      for (number, tap) in terms.enumerated() {
        let moment = order[tap.given!]!
        hits[moment].append((index, tap))
        let isLast = number == terms.count - 1
        let until = isLast ? places.count : order[terms[number + 1].given!]!
        values.append(
          Figure.Value(
            panel: panel(.output, equation.place.map), cell: FigureCell(equation.place),
            text: shortened(isLast ? equation.value : tap.total ?? ""), during: moment..<until,
            stamps: number + 1))
      }
      if terms.isEmpty {
        values.append(
          Figure.Value(
            panel: panel(.output, equation.place.map), cell: FigureCell(equation.place),
            text: shortened(equation.value), during: 0..<places.count))
      }
    }
    for equation in equations {
      guard let bias = equation.bias else { continue }
      panels[panel(.output, equation.place.map)].remark = "with bias \(bias)"
    }
    for (index, place) in places.enumerated() {
      let name = panels[panel(.input, place.map)].title.prefix { $0 != "(" }
      let cell =
        isRow
        ? "\(place.column)" : "(\(place.row), \(place.column))"
      let number = hits[index].first?.tap.input ?? inputText(place)
      var marks = marked(.covered, .input, [place])
      marks += marked(.covered, .kernel, hits[index]) { $0.tap.kernel! }
      for map in trace.outcome.indices {
        let stamped = hits[index].filter { equations[$0.equation].place.map == map }
        guard !stamped.isEmpty else { continue }
        marks.append(
          Figure.Mark(
            look: .stamp, panel: panel(.output, map),
            cells: stamped.map { FigureCell(equations[$0.equation].place) },
            notes: stamped.map { added(shortNumber($0.tap.product ?? "")) }))
      }
      let products = hits[index].map {
        "\($0.tap.text) at \(equations[$0.equation].cell.dropFirst(trace.result.count + 1))"
      }
      moments.append(
        Figure.Moment(
          place: place,
          sentence: "\(name)\(cell) = \(number) "
            + (products.isEmpty
              ? "goes nowhere: no \(trace.result) reads it"
              : "adds " + products.joined(separator: ", ") + " of the \(trace.result)"),
          brief: "\(name)\(cell) = \(number) goes to \(counted(products.count, "cell"))",
          marks: marks))
    }
  }

  private func inputText(_ place: Equation.Place) -> String {
    let panel = panels[panel(.input, place.map)]
    return panel.rows[place.row + panel.top][place.column + panel.left].text
  }

  /// The cells of all input maps, in order.
  private var inputPlaces: [Equation.Place] {
    panels.filter { $0.kind == .input }.flatMap { panel in
      (0..<panel.height).flatMap { row in
        (0..<panel.width).map { Equation.Place(map: panel.map, row: row, column: $0) }
      }
    }
  }

  /// The numbers of outputs that have no moment of their own, as where one cell alone is traced.
  private mutating func addRest() {
    let made = Set(moments.map { $0.place })
    for (map, grid) in trace.outcome.enumerated() {
      for row in 0..<grid.size.height {
        for column in 0..<grid.size.width
        where !made.contains(Equation.Place(map: map, row: row, column: column))
          && panels[panel(.output, map)].isDrawn(FigureCell(row, column))
        {
          values.append(
            Figure.Value(
              panel: panel(.output, map), cell: FigureCell(row, column),
              text: shortened(grid.rows[row][column].text), during: 0..<moments.count))
        }
      }
    }
  }

  private func result(_ panel: Int, _ cell: FigureCell) -> Figure.Mark {
    Figure.Mark(look: .result, panel: panel, cells: [cell])
  }

  /// The cells of the input between which zeros were inserted.
  private func origins(of taps: [Equation.Tap]) -> [Figure.Mark] {
    let (down, right) = steps
    return marked(
      .covered, .input,
      taps.map {
        Equation.Place(
          map: $0.given!.map, row: $0.given!.row / down, column: $0.given!.column / right)
      })
  }

  private func note(_ tap: Equation.Tap) -> String {
    tap.factor.map { "·\(shortNumber($0))" } ?? ""
  }

  /// `+3`, `-8/7`
  private func added(_ text: String) -> String { text.hasPrefix("-") ? text : "+\(text)" }

  private func sentence(_ equation: Equation) -> String {
    equation.text + (equation.padded > 0 ? " (\(equation.padded) on padding)" : "")
  }

  private func marked(
    _ look: FigureLook, _ kind: FigurePanel.Kind, _ places: [Equation.Place]
  ) -> [Figure.Mark] {
    marked(look, kind, places) { $0 }
  }

  /// A mark for each map that has some of the places.
  private func marked<Item>(
    _ look: FigureLook, _ kind: FigurePanel.Kind, _ items: [Item],
    place: (Item) -> Equation.Place
  ) -> [Figure.Mark] {
    var marks: [Figure.Mark] = []
    for item in items {
      let place = place(item)
      let panel = panel(kind, place.map)
      if let known = marks.firstIndex(where: { $0.panel == panel }) {
        if !marks[known].cells.contains(FigureCell(place)) {
          marks[known].cells.append(FigureCell(place))
        }
      } else {
        marks.append(Figure.Mark(look: look, panel: panel, cells: [FigureCell(place)]))
      }
    }
    return marks
  }

  private func noted(
    _ look: FigureLook, _ kind: FigurePanel.Kind, _ taps: [Equation.Tap],
    place: (Equation.Tap) -> Equation.Place
  ) -> [Figure.Mark] {
    var marks = marked(look, kind, taps, place: place)
    for index in marks.indices where taps.contains(where: { $0.factor != nil }) {
      marks[index].notes = marks[index].cells.map { cell in
        taps.first {
          panel(kind, place($0).map) == marks[index].panel && FigureCell(place($0)) == cell
        }.map { note($0) } ?? ""
      }
    }
    return marks
  }
}
