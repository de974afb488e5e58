import CommandLineKit
import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

/// The trace of an operation that has no kernel to stamp: a line for each output cell.
struct CellTrace {
  let options: OperationOptions
  let input: TraceArray
  let arguments: Arguments
  let cell: (row: Int, column: Int)?

  /// One output cell: its place, the expression that gives it, its value.
  struct Line {
    let row: Int
    let column: Int
    let expression: String
    let value: String
  }

  private static let mostLines = 20_000

  func steps() throws -> [Step] {
    switch options.operation {
    case .linear: try linearSteps()
    case .softmax, .argmax: try axisSteps()
    default:
      if let exact = input.fractions {
        try mapSteps(exact, exact: true)
      } else {
        try mapSteps(input.doubles, exact: false)
      }
    }
  }

  /// Pooling and interpolation.
  private func mapSteps<Scalar: Divisible & Sendable>(
    _ numbers: Tensor<Scalar>, exact: Bool
  ) throws -> [Step] {
    let isSequence = numbers.shape.rank % 2 == 1
    let x = numbers.reshaped(WindowTrace.maps(numbers.shape))
    let (output, expression) =
      options.operation == .bilinear
      ? try interpolation(x, isSequence) : try pooling(x, isSequence)
    var lines: [Line] = []
    for row in 0..<output.height {
      for column in 0..<output.width where isShown(row, column) {
        lines.append(
          Line(
            row: row, column: column, expression: expression(row, column),
            value: numberText(output[0, 0, row, column])))
      }
    }
    return try steps(
      [
        Grid(.input, x),
        Grid(.output, output, window: cell.map { Region(row: $0.row, column: $0.column) }),
      ],
      lines, output.size, isRow: x.height == 1 && output.height == 1)
  }

  func isShown(_ row: Int, _ column: Int) -> Bool {
    cell.map { $0.row == row && $0.column == column } ?? true
  }

  func steps(_ grids: [Grid], _ lines: [Line], _ size: Size, isRow: Bool) throws -> [Step] {
    if let cell, lines.isEmpty {
      throw ExitStatus.data(
        "--cell is \(cell.row),\(cell.column), and the output is \(size); rows go from 0 to "
          + "\(size.height - 1), columns from 0 to \(size.width - 1)")
    }
    let texts = lines.map { line in
      "output \(isRow ? "\(line.column)" : "(\(line.row), \(line.column))") = \(line.expression) = "
        + line.value
    }
    return [.grids(grids, operators: ["→"]), .formula(texts)]
  }

  /// Checks, before the trace is made, that it can be shown.
  func checkLength(_ size: Size) throws(ExitStatus) {
    let count = SizeBound(size.height) * SizeBound(size.width)
    guard let cells = count.bound, cells <= Self.mostLines else {
      throw .data(
        "the output would be \(size); a trace shows at most \(Self.mostLines) cells")
    }
  }

  /// Checks that exact numbers stay in range when as many as there are cells are added up, each
  /// divided by no more than `divisor`.
  func checkExactRange<Scalar>(_ x: Tensor<Scalar>, divisor: SizeBound) throws(ExitStatus) {
    guard let numbers = x as? Tensor<Fraction> else { return }
    let common = CommonDenominator(numbers.elements)
    let sum = common.largest * SizeBound(numbers.elements.count) * divisor
    guard sum.bound != nil, (common.denominator * divisor).bound != nil else { throw notExact() }
  }
}
