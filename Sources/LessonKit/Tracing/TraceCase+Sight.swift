package import ConvolutionArithmetic
import Primitives
package import Tensors

/// A case seen from one of its cells: the maps that are read and the one that comes out, with what
/// belongs to that cell marked.
package struct Sight: Sendable {
  package var given: [Plane]
  /// What stands between the first two: `∗`, or `×` of a matrix.
  package var sign: String
  package var outcome: Plane
  /// Whether what comes out is not the output, but what one cell adds to it.
  package var isStamp = false
  /// What the cell adds up, or each place that it goes to.
  package var equations: [Equation] = []
  package var lines: [String] = []
}

/// A map of which only the cells that are drawn are asked for.
package struct Plane: Sendable {
  package let role: Grid.Role
  package var title: String
  /// The size of the numbers alone.
  package let size: Size
  /// Cells drawn around them; negative where cells are cut off.
  package var padding: Padding = 0
  /// The cell that has to be in sight.
  package var focus: Equation.Place
  /// A row of the map, from one column up to another; rows and columns of padding are below 0 or past the
  /// end.
  package var cells: @Sendable (_ row: Int, _ columns: Range<Int>) -> [Grid.Cell]

  /// The rows that can be drawn, padding included.
  package var rows: Range<Int> { -padding.top..<max(-padding.top, size.height + padding.bottom) }
  package var columns: Range<Int> {
    -padding.left..<max(-padding.left, size.width + padding.right)
  }
}

extension TraceCase {
  package typealias Place = Equation.Place

  /// The input maps that a map of the output adds up.
  package func inputMaps(ofOutput map: Int) -> Range<Int> {
    switch arithmetic {
    case .convolution(let kernels): return kernels.channels.inputs(ofOutput: map)
    case .largest, .mean, .blend: return map..<map + 1
    case .gathering(let gathering): return gathering.maps(map)
    case .rows, .softmax, .argmax: return 0..<1
    }
  }

  /// The cells of an output map that read an input cell, row by row.
  package func readers(of place: Place, inMap map: Int) -> [Place] {
    func cells(_ rows: [Int], _ columns: [Int]) -> [Place] {
      rows.flatMap { row in columns.map { Place(map: map, row: row, column: $0) } }
    }
    func reached(_ geometry: Geometry) -> [Place] {
      cells(
        geometry.rows.destinations(ofGiven: place.row).map { $0.result },
        geometry.columns.destinations(ofGiven: place.column).map { $0.result })
    }
    guard inputMaps(ofOutput: map).contains(place.map) else { return [] }
    switch arithmetic {
    case .convolution(let kernels): return reached(kernels.geometry)
    case .largest(let geometry, _): return reached(geometry)
    case .gathering(let gathering): return gathering.readers(place, map)
    case .mean(let windows): return reached(windows.geometry)
    case .blend(let rows, let columns):
      return cells(
        rows.indices.filter { rows[$0].contains { $0.cell == place.row } },
        columns.indices.filter { columns[$0].contains { $0.cell == place.column } })
    case .rows: return cells([place.row], Array(0..<output.width))
    case .softmax(let alongRows), .argmax(let alongRows):
      return alongRows
        ? cells([place.row], Array(0..<output.width))
        : cells(Array(0..<output.height), [place.column])
    }
  }

  /// Where an output cell comes from.
  ///
  /// - Parameter map: the input map that is shown, of those that the cell adds up.
  /// - Throws: `GeometryError` if the output has no such cell, or the operation no such form.
  package func sight(
    ofOutput place: Place, picture: Int = 0, showing map: Int = 0, _ form: TraceForm = .window
  ) throws(GeometryError) -> Sight {
    if form == .zeroInsertion {
      return try zerosInserted().sight(ofOutput: place, picture: picture, showing: map).turned
    }
    let equation = try equation(
      row: place.row, column: place.column, channel: place.map, picture: picture)
    let met = equation.taps.filter { $0.given?.map == map }
    let given = Set(met.map { flat($0.given!) })
    let window = windowOnPadding(place)
    let focus = focus(met.map { $0.given! }, orNear: place)
    let input = inputPlane(picture, map, focus, isPadded: form == .window) {
      given.contains(flat($0)) || window?.contains(row: $0.row, column: $0.column) == true
    }
    let outcome = outputPlane(picture, place.map, place) { $0 == flat(place) }
    var sight = Sight(given: [input], sign: "∗", outcome: outcome, equations: [equation])
    switch form {
    case .matrix:
      sight.given.insert(
        matrix(to: place.map, focus: (place, focus)) { to, _ in to == place }, at: 0)
      sight.sign = "×"
    case .scatter:
      sight.given.append(contributions(picture, place, of: map, focus))
      sight.sign = "→"
    case .window, .zeroInsertion:
      let used = Set(met.compactMap { $0.kernel.map(flat) })
      if let kernel = kernelPlane(from: map, to: place.map, marking: used, met.first?.kernel) {
        sight.given.append(kernel)
      }
    }
    return sight
  }

  /// Where an input cell goes, in one map of the output.
  ///
  /// - Throws: `GeometryError` if the operation has no such form.
  package func sight(
    ofInput place: Place, picture: Int = 0, showing map: Int = 0, _ form: TraceForm = .window
  ) throws(GeometryError) -> Sight {
    if form == .zeroInsertion, case .convolution(let kernels) = arithmetic {
      let stride = kernels.convolution.stride
      let spread = Place(
        map: place.map, row: place.row * stride.height, column: place.column * stride.width)
      return try zerosInserted().sight(ofInput: spread, picture: picture, showing: map).turned
    }
    let readers = readers(of: place, inMap: map)
    let reached = Set(readers.map(flat))
    let near = focus(readers, orNear: place)
    let isPadded = form == .window
    let input = inputPlane(picture, place.map, place, isPadded: isPadded) { $0 == flat(place) }
    let outcome = outputPlane(picture, map, near) { reached.contains($0) }
    var sight = Sight(given: [input], sign: "∗", outcome: outcome)
    var used: Set<Place> = []
    for reader in readers {
      for meeting in meetings(at: reader, picture: picture) where meeting.given == place {
        if let kernel = meeting.kernel { used.insert(flat(kernel)) }
        sight.lines.append(line(from: place, picture, to: reader, meeting))
      }
    }
    if sight.lines.isEmpty { sight.lines = ["nowhere: no \(outputNames.word) reads it"] }
    switch form {
    case .matrix:
      sight.given.insert(matrix(to: map, focus: (near, place)) { _, from in from == place }, at: 0)
      sight.sign = "×"
    case .scatter:
      (sight.outcome, sight.isStamp) = (stamp(picture, of: place, on: map, near), true)
      fallthrough
    case .window, .zeroInsertion:
      if let kernel = kernelPlane(from: place.map, to: map, marking: used, used.min(by: isBefore)) {
        sight.given.append(kernel)
      }
    }
    return sight
  }
}

private func isBefore(_ a: Equation.Place, _ b: Equation.Place) -> Bool {
  (a.row, a.column) < (b.row, b.column)
}

/// The middle of some cells, or a place where there are none.
private func focus(_ cells: [Equation.Place], orNear place: Equation.Place) -> Equation.Place {
  cells.isEmpty ? place : cells[cells.count / 2]
}

extension Sight {
  /// The titles of the direct convolution that equals a transposed one.
  fileprivate var turned: Sight {
    var sight = self
    for index in sight.given.indices {
      sight.given[index].title =
        sight.given[index].role == .input ? "zeros inserted" : "turned kernel"
    }
    return sight
  }
}

extension TraceCase {
  /// The direct convolution that equals this transposed one.
  func zerosInserted() throws(GeometryError) -> TraceCase {
    guard case .convolution(let kernels) = arithmetic, kernels.convolution.isTransposed else {
      throw GeometryError("the form zero-insertion is that of a transposed convolution")
    }
    return try zerosInserted(kernels)
  }

  /// The cells that the window of a convolution covers, those in the padding too.
  private func windowOnPadding(_ place: Place) -> Region? {
    guard case .convolution(let kernels) = arithmetic, !kernels.convolution.isTransposed else {
      return nil
    }
    func covered(_ axis: Axis, _ cell: Int) -> Set<Int> {
      Set((0..<axis.window.kernelSize).map { axis.position(output: cell, kernel: $0) })
    }
    return Region(
      rows: covered(kernels.geometry.rows, place.row),
      columns: covered(kernels.geometry.columns, place.column))
  }

  /// One place that an input cell goes to: through which kernel cell, with the product.
  private func line(
    from place: Place, _ picture: Int, to reader: Place, _ meeting: Meeting
  ) -> String {
    func name(_ place: Place) -> String {
      isRow ? "\(place.column)" : "(\(place.row), \(place.column))"
    }
    let cell = outputNames.cell(picture, reader.map, reader.row, reader.column)
    guard let factor = meeting.factor else { return cell }
    let value = input[picture, place.map, place.row, place.column]
    var way = meeting.kernel.map { " through kernel \(name($0))" } ?? ""
    if let kernel = meeting.kernel {
      switch arithmetic {
      case .rows: way = " through weight (\(kernel.row), \(kernel.column))"
      case .gathering(let gathering):
        // What a gradient was multiplied by is a cell of the factors' maps.
        let names = gathering.factors?.names
        way = names.map { " through " + $0.cell(0, kernel.map, kernel.row, kernel.column) } ?? ""
      default: break
      }
    }
    return cell + way
      + ": \(inputText(picture, place))·\(Equation.factor(computedText(factor))) = "
      + computedText(value * factor)
  }
}
