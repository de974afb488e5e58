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
    guard case .convolution(let kernels) = arithmetic else {
      guard form == .window else {
        throw GeometryError("the form \(form.rawValue) is that of a convolution")
      }
      return Trace(
        form: form, notes: [],
        given: input.grids(inputNames, .input, text: inputText) + weightGrids,
        stamps: [], equations: try equations(cell: cell), outcome: outputGrids(cell: cell))
    }
    switch form {
    case .window:
      return Trace(
        form: form, notes: kernels.paddingNotes(isRow: isRow),
        given: inputGrids(kernels, padded: !kernels.convolution.isTransposed, cell: cell)
          + kernels.grids,
        stamps: [], equations: try equations(cell: cell), outcome: outputGrids(cell: cell))
    case .scatter:
      return Trace(
        form: form, notes: kernels.paddingNotes(isRow: isRow),
        given: inputGrids(kernels, padded: false, cell: cell) + kernels.grids,
        stamps: isRow ? rowStamps(kernels) : mapStamps(kernels),
        equations: cell == nil ? [] : try equations(cell: cell),
        outcome: outputGrids(cell: cell), readings: try equations(cell: nil))
    case .matrix: return try matrixTrace(kernels, cell: cell)
    case .zeroInsertion: return try zeroInsertionTrace(kernels, cell: cell)
    }
  }

  /// Whether the case can be read in a form.
  public func has(_ form: TraceForm) -> Bool {
    guard case .convolution(let kernels) = arithmetic else { return form == .window }
    return form != .zeroInsertion || kernels.convolution.isTransposed
  }

  /// The drawing of one form.
  ///
  /// - Parameter cell: the cell that a still picture shows; where there are too many for all, the only one.
  /// - Throws: `GeometryError` if there is no such cell or form, or the maps are too large to be drawn.
  public func figure(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil, picture: Int = 0,
    caption: String? = nil
  ) throws(GeometryError) -> Figure {
    let isWhole = cell == nil || output.channels * output.size.area <= Figure.mostMoments
    return try Figure(
      try trace(form, cell: isWhole ? nil : cell), cell: cell, picture: picture,
      caption: caption ?? self.caption)
  }

  /// The trace as it is shown: of one cell with both its questions, where it comes from and where it
  /// goes.
  ///
  /// - Throws: `GeometryError` if neither the output nor, with a kernel, the input has such a cell.
  public func steps(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil
  ) throws(GeometryError) -> [Step] {
    guard case .convolution(let kernels) = arithmetic else {
      let trace = try trace(form, cell: cell)
      let lines = Step.formula(trace.equations.map { $0.text })
      return trace.outcome.count == 1
        ? [.grids(trace.given + trace.outcome, operators: ["→"]), lines]
        : [.grids(trace.given, operators: []), lines, .grids(trace.outcome, operators: [])]
    }
    guard let cell else { return [.trace(try trace(form))] }
    let name = name(cell.row, cell.column)
    var steps: [Step] = []
    if output.size.has(cell) {
      steps.append(.heading("Where does output \(name) come from?"))
      steps.append(.trace(try trace(form, cell: cell)))
    } else {
      steps.append(.prose("The output has no cell \(name); it is \(output.size)."))
    }
    if input.size.has(cell) {
      steps.append(.heading("Where does input \(name) go?"))
      steps.append(.formula(destinations(kernels, of: cell)))
    } else {
      steps.append(.prose("The input has no cell \(name); it is \(input.size)."))
    }
    return steps
  }

  private func name(_ row: Int, _ column: Int) -> String {
    isRow ? "\(column)" : "(\(row), \(column))"
  }

  /// A line for each output cell that reads the input cell, through which kernel cell; with the product
  /// where there is one picture of one map, and one output map.
  private func destinations(_ kernels: Kernels, of cell: (row: Int, column: Int)) -> [String] {
    let (geometry, weight) = (kernels.geometry, kernels.weight)
    let isOne = weight.batch * weight.channels * input.channels * input.batch == 1
    let lines = geometry.rows.destinations(ofGiven: cell.row).flatMap { row in
      geometry.columns.destinations(ofGiven: cell.column).map { column in
        let line =
          "output \(name(row.result, column.result)) through kernel \(name(row.kernel, column.kernel))"
        guard isOne else { return line }
        let (value, factor) = (
          input[0, 0, cell.row, cell.column], weight[0, 0, row.kernel, column.kernel]
        )
        return line
          + ": \(numberText(value))·\(Equation.factor(numberText(factor))) = "
          + numberText(value * factor)
      }
    }
    return lines.isEmpty ? ["nowhere: no output reads it"] : lines
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
    let names = MapNames("input", pictures: input.batch, maps: 1, isRow: isRow)
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
      form: .matrix, notes: kernels.paddingNotes(isRow: isRow),
      given: [Grid(.matrix, title: title, rows: rows)] + inputs, stamps: [],
      equations: equations, outcome: outputGrids(cell: cell))
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
    trace.notes = kernels.paddingNotes(isRow: isRow)
    for index in trace.given.indices {
      trace.given[index].title +=
        trace.given[index].role == .input ? " with zeros inserted" : " turned by 180°"
    }
    trace.given = inputGrids(kernels, padded: false, cell: nil) + trace.given
    return trace
  }

  func zerosInserted(_ kernels: Kernels) throws(GeometryError) -> TraceCase {
    try TraceCase(
      insertZeros(input, stride: kernels.convolution.stride),
      kernels.weight.flipped().channelsExchanged(groups: kernels.convolution.groups),
      bias: kernels.bias, by: kernels.convolution.equivalentConvolution(),
      insertion: kernels.convolution.stride)
  }

  /// Contributions of every input cell to one map: `[input cell][output cell]`, nil where no tap leads.
  private func contributions(picture: Int, toChannel channel: Int) -> [[Scalar?]] {
    var result: [[Scalar?]] = Array(
      repeating: Array(repeating: nil, count: output.size.area),
      count: input.channels * input.size.area)
    for row in 0..<output.height {
      for column in 0..<output.width {
        for meeting in meetings(at: .init(map: channel, row: row, column: column)) {
          guard let given = meeting.given, let factor = meeting.factor else { continue }
          let (from, to) = (position(given), row * output.width + column)
          result[from][to] =
            (result[from][to] ?? .zero) + input[picture, given.map, given.row, given.column]
            * factor
        }
      }
    }
    return result
  }

  private func cells(_ values: ArraySlice<Scalar?>) -> [Grid.Cell] {
    values.map { $0.map { Grid.Cell(numberText($0)) } ?? Grid.Cell(Grid.dot, .empty) }
  }

  /// Every output map of every picture.
  private var outputMaps: [(picture: Int, channel: Int)] {
    (0..<output.batch).flatMap { picture in (0..<output.channels).map { (picture, $0) } }
  }

  /// Rows: one grid for each output map, a line for each input cell and their sum.
  private func rowStamps(_ kernels: Kernels) -> [Grid] {
    outputMaps.map { picture, channel in
      let all = contributions(picture: picture, toChannel: channel)
      var rows = all.map { cells($0[...]) }
      var labels = all.indices.map { index in
        let (map, column) = (index / input.width, index % input.width)
        return inputNames.cell(picture, map, 0, column)
          + " is \(numberText(input[picture, map, 0, column]))"
      }
      if let bias = kernels.bias {
        rows.append(Array(repeating: Grid.Cell(numberText(bias[channel])), count: output.width))
        labels.append("bias")
      }
      rows.append(
        (0..<output.width).map { Grid.Cell(numberText(output[picture, channel, 0, $0])) })
      labels.append("sum")
      return Grid(
        .output, title: "stamps on the \(outputNames.map(picture, channel))",
        size: output.size, rows: rows, rowLabels: labels)
    }
  }

  /// Maps: one grid for each input cell and output map, and one for its bias.
  private func mapStamps(_ kernels: Kernels) -> [Grid] {
    outputMaps.flatMap { picture, channel in
      let bias = kernels.bias.map { bias in
        Grid(
          .output, title: "bias on \(outputNames.map(picture, channel))", size: output.size,
          rows: Array(
            repeating: Array(repeating: Grid.Cell(numberText(bias[channel])), count: output.width),
            count: output.height))
      }
      return contributions(picture: picture, toChannel: channel).enumerated().map { index, values in
        let area = input.size.area
        let (map, row, column) = (
          index / area, index % area / input.width, index % input.width
        )
        let stamp = MapNames("", input, isRow: isRow).cell(picture, map, row, column)
        return Grid(
          .output,
          title: "\(numberText(input[picture, map, row, column])) at\(stamp)"
            + (output.batch * output.channels > 1
              ? ", on \(outputNames.map(picture, channel))" : ""),
          size: output.size,
          rows: (0..<output.height).map {
            cells(values[$0 * output.width..<($0 + 1) * output.width])
          })
      } + (bias.map { [$0] } ?? [])
    }
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

  /// The weights of a fully connected layer.
  private var weightGrids: [Grid] {
    guard case .rows(let weight, _) = arithmetic else { return [] }
    return [Grid(.kernel, weight, title: "weights, a row for each output")]
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

extension Size {
  package func has(_ cell: (row: Int, column: Int)) -> Bool {
    (0..<height).contains(cell.row) && (0..<width).contains(cell.column)
  }
}

/// Rows of numbers as they are typed: `1,2/3,4`. Where a number has a / of its own, rows end in ; and so
/// does a number alone, which would be a size.
package func typed(_ rows: [[String]]) -> String {
  let lines = rows.map { $0.joined(separator: ",") }
  let isPlain =
    !lines.contains { $0.contains("/") }
    && (lines.count > 1 || lines[0].contains { ",.".contains($0) })
  return isPlain ? lines.joined(separator: "/") : lines.map { $0 + ";" }.joined()
}

extension TraceCase {
  /// What to type for this trace of a convolution; nil where there is more than one map, which can't be
  /// typed.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1, 0]]), stride: 2).command()
  /// // "convbook trace conv --input 1,2/3,4 --weight 1,0 --stride 2"
  /// ```
  public func command(_ form: TraceForm = .window) -> String? {
    guard case .convolution(let kernels) = arithmetic else { return nil }
    let (convolution, weight) = (kernels.convolution, kernels.weight)
    guard input.batch * input.channels == 1, weight.batch * weight.channels == 1,
      kernels.bias == nil, convolution.padding.isSymmetric
    else { return nil }
    func text(_ map: Tensor<Scalar>) -> String {
      let text = typed(map.cellTexts())
      return text.contains(";") ? "'\(text)'" : text
    }
    // Rows have one axis, and one number for each option.
    let isRow = input.height == 1 && weight.height == 1
    func option(_ name: String, _ size: Size, unless usual: Int) -> String {
      let isOne = isRow || size.height == size.width
      guard isRow ? size.width != usual : size != Size(usual) else { return "" }
      return " --\(name) " + (isOne ? "\(size.width)" : "\(size.height),\(size.width)")
    }
    let padding = Size(height: convolution.padding.top, width: convolution.padding.left)
    return "convbook trace \(convolution.isTransposed ? "conv-transpose" : "conv")"
      + " --input \(text(input)) --weight \(text(weight))"
      + option("stride", convolution.stride, unless: 1) + option("padding", padding, unless: 0)
      + option("dilation", convolution.dilation, unless: 1)
      + option("output-padding", convolution.outputPadding, unless: 0)
      + (form == .window ? "" : " --form \(form.rawValue)")
  }
}
