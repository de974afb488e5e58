public import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceCase {
  /// The trace as it is shown: of one cell with both its questions, where it comes from and where it
  /// goes.
  ///
  /// - Throws: `GeometryError` if neither the output nor, with a kernel, the input has such a cell.
  public func steps(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil
  ) throws(GeometryError) -> [Step] {
    guard case .convolution(let kernels) = arithmetic else {
      let trace = try trace(form, cell: cell)
      if let forward {
        let maps = Step.grids(forward.maps, operators: forward.maps.count == 2 ? ["→"] : [])
        return (forward.maps.isEmpty ? [] : [maps]) + [.trace(trace)]
      }
      let lines = Step.formula(trace.equations.map { $0.text })
      return trace.outcome.count == 1
        ? [.grids(trace.given + trace.outcome, operators: ["→"]), lines]
        : [.grids(trace.given, operators: []), lines, .grids(trace.outcome, operators: [])]
    }
    guard let cell else { return [.trace(try trace(form))] }
    let name = name(cell.row, cell.column)
    var steps: [Step] = []
    if output.size.has(cell) {
      steps.append(.heading("Where does \(outputNames.word) \(name) come from?"))
      steps.append(.trace(try trace(form, cell: cell)))
    } else {
      steps.append(.prose("The \(outputNames.word) has no cell \(name); it is \(output.size)."))
    }
    if input.size.has(cell) {
      steps.append(.heading("Where does \(inputNames.word) \(name) go?"))
      steps.append(.formula(destinations(kernels, of: cell)))
    } else {
      steps.append(.prose("The \(inputNames.word) has no cell \(name); it is \(input.size)."))
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
          "\(outputNames.word) \(name(row.result, column.result)) through kernel "
          + name(row.kernel, column.kernel)
        guard isOne else { return line }
        let (value, factor) = (
          input[0, 0, cell.row, cell.column], weight[0, 0, row.kernel, column.kernel]
        )
        return line
          + ": \(numberText(value))·\(Equation.factor(numberText(factor))) = "
          + numberText(value * factor)
      }
    }
    return lines.isEmpty ? ["nowhere: no \(outputNames.word) reads it"] : lines
  }
}

extension Size {
  package func has(_ cell: (row: Int, column: Int)) -> Bool {
    (0..<height).contains(cell.row) && (0..<width).contains(cell.column)
  }
}
