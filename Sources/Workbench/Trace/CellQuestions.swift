import ConvolutionArithmetic
import LessonKit
import Tensors

/// The two questions about one place: where did this output come from, where does this input go?
struct CellQuestions<Scalar: Numeric & Sendable> {
  let traced: TraceCase<Scalar>
  let outputSize: Size
  let cell: (row: Int, column: Int)

  private var inputSize: Size { traced.input.size }
  private var isRow: Bool {
    inputSize.height == 1 && outputSize.height == 1 && traced.weight.height == 1
  }

  /// - Throws: `ExitStatus` 65 if neither the output nor the input has such a cell.
  func steps(_ form: TraceForm) throws -> [Step] {
    let (inOutput, inInput) = (Self.has(cell, outputSize), Self.has(cell, inputSize))
    guard inOutput || inInput else {
      throw ExitStatus.data(
        "--cell is \(cell.row),\(cell.column), and neither the output (\(outputSize)) nor the input "
          + "(\(inputSize)) has that cell; rows and columns count from 0")
    }
    var steps: [Step] = []
    if inOutput {
      steps.append(.heading("Where does output \(name(cell.row, cell.column)) come from?"))
      steps.append(.trace(try traced.trace(form, cell: cell)))
    } else {
      steps.append(
        .prose("The output has no cell \(name(cell.row, cell.column)); it is \(outputSize)."))
    }
    if inInput {
      steps.append(.heading("Where does input \(name(cell.row, cell.column)) go?"))
      steps.append(.formula(try destinations()))
    } else {
      steps.append(
        .prose("The input has no cell \(name(cell.row, cell.column)); it is \(inputSize)."))
    }
    return steps
  }

  private static func has(_ cell: (row: Int, column: Int), _ size: Size) -> Bool {
    cell.row < size.height && cell.column < size.width
  }

  private func name(_ row: Int, _ column: Int) -> String {
    isRow ? "\(column)" : "(\(row), \(column))"
  }

  /// A line for each output cell that reads the input cell, through which kernel cell.
  private func destinations() throws(GeometryError) -> [String] {
    let geometry = try traced.convolution.geometry(input: inputSize)
    let rows = geometry.rows.destinations(ofGiven: cell.row)
    let columns = geometry.columns.destinations(ofGiven: cell.column)
    var lines: [String] = []
    for row in rows {
      for column in columns {
        lines.append(
          "output \(name(row.result, column.result)) through kernel \(name(row.kernel, column.kernel))"
            + products(row.kernel, column.kernel))
      }
    }
    return lines.isEmpty ? ["nowhere: no output reads it"] : lines
  }

  /// `: 5·2 = 10` where there is one picture of one map, and one output map.
  private func products(_ row: Int, _ column: Int) -> String {
    guard traced.weight.batch == 1, traced.weight.channels == 1, traced.input.channels == 1,
      traced.input.batch == 1
    else { return "" }
    let (value, factor) = (
      traced.input[0, 0, cell.row, cell.column], traced.weight[0, 0, row, column]
    )
    let text = numberText(factor)
    return ": \(numberText(value))·\(text.hasPrefix("-") ? "(\(text))" : text) = "
      + numberText(value * factor)
  }
}
