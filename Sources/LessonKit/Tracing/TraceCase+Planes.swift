import ConvolutionArithmetic
import Primitives
import Tensors

/// The maps of a sight, with the cells marked that belong to it.
extension TraceCase {

  func inputPlane(
    _ picture: Int, _ map: Int, _ focus: Place, isPadded: Bool,
    marking isMarked: @escaping @Sendable (Place) -> Bool
  ) -> Plane {
    let (size, layer) = (input.size, kernels?.convolution)
    let insertion = kernels?.insertion ?? 1
    let padding = isPadded && layer?.isTransposed == false ? layer!.padding : 0
    return Plane(
      role: .input, title: inputNames.map(picture, map), size: size, padding: padding, focus: focus
    ) { row, columns in
      columns.map { column in
        let place = Place(map: map, row: row, column: column)
        let isThere = size.has((row, column))
        let isHole = row % insertion.height != 0 || column % insertion.width != 0
        return Grid.Cell(
          isThere ? self.inputText(picture, place) : Grid.dot,
          isMarked(flat(place)) ? .window : isThere && !isHole ? .none : .empty)
      }
    }
  }

  func outputPlane(
    _ picture: Int, _ map: Int, _ focus: Place,
    marking isMarked: @escaping @Sendable (Place) -> Bool
  ) -> Plane {
    Plane(
      role: .output, title: outputNames.map(picture, map), size: output.size, focus: focus
    ) { row, columns in
      columns.map { column in
        let place = Place(map: map, row: row, column: column)
        return Grid.Cell(
          self.outputText(picture, place), isMarked(flat(place)) ? .window : .none)
      }
    }
  }

  /// The kernel between two maps, or the weights of a fully connected layer; nil without weights. Cells
  /// are marked where not all of them are used.
  func kernelPlane(
    from input: Int, to output: Int, marking used: Set<Place>, _ focus: Place?
  ) -> Plane? {
    let (weight, first, second): (Tensor<Scalar>, Int, Int)
    let title: String
    switch arithmetic {
    case .convolution(let kernels):
      guard let pair = kernels.kernel(from: input, to: output) else { return nil }
      (weight, first, second) = (kernels.weight, pair.first, pair.second)
      title = weight.batch * weight.channels > 1 ? "kernel [\(first)][\(second)]" : "kernel"
    case .rows(let all, _): (weight, first, second, title) = (all, 0, 0, "weights")
    case .gathering(let gathering):
      guard let factors = gathering.factors else { return nil }
      (weight, first, second) = (factors.cells, 0, factors.map(input, output))
      title = factors.names.map(0, second)
    default: return nil
    }
    let isWhole = used.count == weight.size.area
    return Plane(
      role: .kernel, title: title, size: weight.size,
      focus: focus ?? Place(row: weight.height / 2, column: weight.width / 2)
    ) { row, columns in
      columns.map { column in
        let isMarked = !isWhole && used.contains(Place(row: row, column: column))
        return Grid.Cell(
          numberText(weight[first, second, row, column]), isMarked ? .window : .none)
      }
    }
  }

  /// The matrix that leads to a map: a row for each of its cells, a column for each input cell.
  func matrix(
    to map: Int, focus: (to: Place, from: Place),
    marking isMarked: @escaping @Sendable (_ to: Place, _ from: Place) -> Bool
  ) -> Plane {
    let (from, to) = (input.size, output.size)
    return Plane(
      role: .matrix,
      title: kernels?.convolution.isTransposed == true ? "transpose of C" : "matrix C",
      size: Size(height: to.area, width: input.channels * from.area),
      focus: Place(row: focus.to.row * to.width + focus.to.column, column: position(focus.from))
    ) { row, columns in
      var cells = Array(repeating: Grid.Cell(Grid.dot, .empty), count: columns.count)
      let output = Place(map: map, row: row / to.width, column: row % to.width)
      for meeting in self.meetings(at: output) {
        guard let given = meeting.given, let factor = meeting.factor else { continue }
        let column = self.position(given)
        guard columns.contains(column) else { continue }
        cells[column - columns.lowerBound] = Grid.Cell(
          numberText(factor), isMarked(output, given) ? .window : .none)
      }
      return cells
    }
  }

  private var kernels: Kernels? {
    if case .convolution(let kernels) = arithmetic { kernels } else { nil }
  }

  /// What each cell of an input map sends to an output cell; dots where nothing is sent.
  func contributions(
    _ picture: Int, _ place: Place, of map: Int, _ focus: Place
  ) -> Plane {
    var sent: [Place: Scalar] = [:]
    for meeting in meetings(at: place) {
      guard let given = meeting.given, given.map == map, let factor = meeting.factor else {
        continue
      }
      sent[flat(given), default: .zero] +=
        input[picture, given.map, given.row, given.column] * factor
    }
    return sums(sent, title: "sent", input.size, focus)
  }

  /// What an input cell adds to each cell of an output map; dots where it adds nothing.
  func stamp(_ picture: Int, of place: Place, on map: Int, _ focus: Place) -> Plane {
    var sent: [Place: Scalar] = [:]
    for reader in readers(of: place, inMap: map) {
      for meeting in meetings(at: reader, picture: picture) where meeting.given == place {
        guard let factor = meeting.factor else { continue }
        sent[flat(reader), default: .zero] +=
          input[picture, place.map, place.row, place.column] * factor
      }
    }
    return sums(sent, title: "stamp", output.size, focus)
  }

  private func sums(
    _ sums: [Place: Scalar], title: String, _ size: Size, _ focus: Place
  ) -> Plane {
    let texts = sums.mapValues { numberText($0) }
    return Plane(role: .output, title: title, size: size, focus: focus) { row, columns in
      columns.map { column in
        texts[Place(row: row, column: column)].map { Grid.Cell($0, .window) }
          ?? Grid.Cell(Grid.dot, .empty)
      }
    }
  }
}

/// The place in any map.
func flat(_ place: Equation.Place) -> Equation.Place {
  Equation.Place(row: place.row, column: place.column)
}
