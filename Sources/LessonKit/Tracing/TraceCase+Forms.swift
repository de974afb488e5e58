public import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceCase {
  /// The arithmetic in one form: of all cells, or of one cell in every map of every picture.
  ///
  /// - Throws: `GeometryError` if the output has no such cell, or the operation has no such form.
  public func trace(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil
  ) throws(GeometryError) -> Trace {
    try trace(form, cell: cell, withStamps: true)
  }

  /// - Parameter withStamps: whether a scatter has a map for each stamp, which a figure does not need.
  func trace(
    _ form: TraceForm, cell: (row: Int, column: Int)?, withStamps: Bool
  ) throws(GeometryError) -> Trace {
    var trace = try untitledTrace(form, cell: cell, withStamps: withStamps)
    trace.caption = caption(form)
    trace.link = link(form)
    return trace
  }

  private func untitledTrace(
    _ form: TraceForm, cell: (row: Int, column: Int)?, withStamps: Bool
  ) throws(GeometryError) -> Trace {
    guard case .convolution(let kernels) = arithmetic else {
      guard form == .window else {
        throw GeometryError("the form \(form.rawValue) is that of a convolution")
      }
      return Trace(
        form: form, notes: forward.map { [$0.note] } ?? [],
        given: input.grids(inputNames, .input, window: cell.map(read), text: inputText)
          + factorGrids,
        stamps: [], equations: try equations(cell: cell), outcome: outputGrids(cell: cell),
        result: outputNames.word)
    }
    switch form {
    case .window:
      return Trace(
        form: form, notes: notes(kernels),
        given: inputGrids(kernels, padded: !kernels.convolution.isTransposed, cell: cell)
          + kernels.grids,
        stamps: [], equations: try equations(cell: cell), outcome: outputGrids(cell: cell),
        result: outputNames.word)
    case .scatter:
      return Trace(
        form: form, notes: notes(kernels),
        given: inputGrids(kernels, padded: false, cell: cell) + kernels.grids,
        stamps: !withStamps ? [] : isRow ? rowStamps(kernels) : mapStamps(kernels),
        equations: cell == nil ? [] : try equations(cell: cell),
        outcome: outputGrids(cell: cell), readings: try equations(cell: nil),
        result: outputNames.word)
    case .matrix: return try matrixTrace(kernels, cell: cell)
    case .zeroInsertion: return try zeroInsertionTrace(kernels, cell: cell)
    }
  }

  /// Whether the case can be read in a form.
  public func has(_ form: TraceForm) -> Bool {
    guard case .convolution(let kernels) = arithmetic else { return form == .window }
    return form != .zeroInsertion || kernels.convolution.isTransposed
  }

  /// A row of the matrix for each output cell.
  private func matrixTrace(
    _ kernels: Kernels, cell: (row: Int, column: Int)?
  ) throws(GeometryError) -> Trace {
    let equations = try equations(cell: cell)
    let length = input.channels * input.size.area
    // The matrix is the same for every picture.
    let rows = equations.filter { $0.picture == 0 }.map { equation in
      var row = Array(repeating: Grid.Cell(Grid.dot, .empty), count: length)
      for tap in equation.terms { row[position(tap.given!)] = Grid.Cell(tap.factor!) }
      return row
    }
    let title = kernels.convolution.isTransposed ? "matrix, the transpose of C" : "matrix C"
    let names = inputNames.ofPictures
    let inputs = (0..<input.batch).map { picture in
      var grid = Grid(
        .input, title: names.map(picture, 0) + (isRow ? "" : ", row after row"),
        rows: [
          input.elements[picture * length..<(picture + 1) * length].map {
            Grid.Cell(numberText($0))
          }
        ])
      grid.picture = picture
      return grid
    }
    return Trace(
      form: .matrix, notes: notes(kernels),
      given: [Grid(.matrix, title: title, rows: rows)] + inputs, stamps: [],
      equations: equations, outcome: outputGrids(cell: cell), result: outputNames.word)
  }

  /// The place of a cell in a picture that is written as one row.
  func position(_ place: Equation.Place) -> Int {
    (place.map * input.height + place.row) * input.width + place.column
  }

  /// The direct convolution that equals a transposed one, output by output.
  private func zeroInsertionTrace(
    _ kernels: Kernels, cell: (row: Int, column: Int)?
  ) throws(GeometryError) -> Trace {
    let convolution = kernels.convolution
    guard convolution.isTransposed else {
      throw GeometryError(
        "a convolution has no zero-insertion form; its forms are window, scatter and matrix")
    }
    let direct = try zerosInserted(kernels)
    var trace = try direct.trace(.window, cell: cell)
    trace.form = .zeroInsertion
    trace.notes = notes(kernels)
    for index in trace.given.indices {
      let spread = convolution.stride == 1 ? ", stride 1: no zeros between" : " with zeros inserted"
      trace.given[index].title += trace.given[index].role == .input ? spread : " turned by 180°"
    }
    trace.given = inputGrids(kernels, padded: false, cell: nil) + trace.given
    return trace
  }

  func zerosInserted(_ kernels: Kernels) throws(GeometryError) -> TraceCase {
    var direct = try TraceCase(
      insertZeros(input, stride: kernels.convolution.stride),
      kernels.weight.flipped().channelsExchanged(groups: kernels.convolution.groups),
      bias: kernels.bias, by: kernels.convolution.equivalentConvolution(),
      insertion: kernels.convolution.stride)
    direct.names = names
    return direct
  }

  private func notes(_ kernels: Kernels) -> [String] {
    (forward.map { [$0.note] } ?? []) + kernels.paddingNotes(isRow: isRow)
  }

  /// The cells that one cell reads, of whatever map.
  private func read(_ cell: (row: Int, column: Int)) -> Region {
    let given = (0..<output.channels).flatMap { map in
      meetings(at: .init(map: map, row: cell.row, column: cell.column)).compactMap { $0.given }
    }
    return Region(rows: Set(given.map { $0.row }), columns: Set(given.map { $0.column }))
  }

  /// The input maps; the window of `cell` is marked, counted with the drawn padding.
  private func inputGrids(
    _ kernels: Kernels, padded: Bool, cell: (row: Int, column: Int)?
  ) -> [Grid] {
    let (convolution, geometry) = (kernels.convolution, kernels.geometry)
    let padding: Padding = padded ? convolution.padding : 0
    func covered(_ axis: Axis, _ cell: Int, _ drawn: Int) -> Set<Int> {
      convolution.isTransposed
        ? Set(axis.sources(ofResult: cell).map { $0.given })
        : Set(
          (0..<axis.window.kernelSize).map { axis.position(output: cell, kernel: $0) + drawn })
    }
    let region = cell.map {
      Region(
        rows: covered(geometry.rows, $0.row, padding.top),
        columns: covered(geometry.columns, $0.column, padding.left))
    }
    return input.grids(inputNames, .input, padding: padding, window: region, text: inputText)
  }

  /// The weights of a fully connected layer, or what the cells of a gradient are multiplied by.
  private var factorGrids: [Grid] {
    switch arithmetic {
    case .rows(let weight, _):
      return [Grid(.kernel, weight, title: "weights, a row for each output")]
    case .gathering(let gathering):
      guard let factors = gathering.factors else { return [] }
      return factors.cells.grids(factors.names, .kernel) { _, place in
        numberText(factors.cells[0, place.map, place.row, place.column])
      }
    default: return []
    }
  }

  /// The output maps, `cell` marked.
  private func outputGrids(cell: (row: Int, column: Int)?) -> [Grid] {
    output.grids(
      outputNames, .output, window: cell.map { Region(row: $0.row, column: $0.column) },
      text: outputText)
  }
}

extension TraceCase.Kernels {
  /// The kernels: one map for each pair of channels that meet.
  fileprivate var grids: [Grid] {
    (0..<weight.batch).flatMap { a in
      (0..<weight.channels).map { b in
        var grid = Grid(
          .kernel, weight,
          title: weight.batch * weight.channels > 1 ? "kernel [\(a)][\(b)]" : nil, batch: a,
          channel: b)
        grid.map = a * weight.channels + b
        return grid
      }
    }
  }

  /// The padding p of the forward convolution and p′ of the equivalent direct one.
  fileprivate func paddingNotes(isRow: Bool) -> [String] {
    guard convolution.isTransposed else { return [] }
    func note(_ axis: String, _ window: Window) -> String {
      let (k, d, p) = (window.kernelSize, window.dilation, window.paddingBefore)
      return "\(axis)p = \(p), p′ = d(k−1) − p = \(d)·(\(k)−1) − \(p) = \(d * (k - 1) - p)"
    }
    let (rows, columns) = (convolution.rows, convolution.columns)
    if isRow { return [note("", columns)] }
    if convolution.kernelSize == Size(rows.kernelSize), convolution.dilation == Size(rows.dilation),
      convolution.padding == Padding(Size(rows.paddingBefore))
    {
      return [note("", rows)]
    }
    return [note("rows: ", rows), note("columns: ", columns)]
  }
}
