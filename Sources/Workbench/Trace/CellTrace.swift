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

  /// One output cell: its name, the expression that gives it, its value.
  struct Line {
    let cell: String
    let expression: String
    let value: String
  }

  /// How the number of an output cell comes about: picture, map, row, column.
  typealias Expression = (Int, Int, Int, Int) -> String

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
    let isRow = x.height == 1 && output.height == 1
    let names = MapNames("output", output, isRow: isRow)
    var lines: [Line] = []
    for picture in 0..<output.batch {
      for map in 0..<output.channels {
        for row in 0..<output.height {
          for column in 0..<output.width where isShown(row, column) {
            lines.append(
              Line(
                cell: names.cell(picture, map, row, column),
                expression: expression(picture, map, row, column),
                value: numberText(output[picture, map, row, column])))
          }
        }
      }
    }
    let region = cell.map { Region(row: $0.row, column: $0.column) }
    return try steps(
      x.grids(MapNames("input", x, isRow: isRow), .input),
      output.grids(names, .output, window: region), lines, output.size)
  }

  func isShown(_ row: Int, _ column: Int) -> Bool {
    cell.map { $0.row == row && $0.column == column } ?? true
  }

  func steps(
    _ given: [Grid], _ outcome: [Grid], _ lines: [Line], _ size: Size
  ) throws -> [Step] {
    if let cell, lines.isEmpty {
      throw ExitStatus.data(
        "--cell is \(cell.row),\(cell.column), and the output is \(size); rows go from 0 to "
          + "\(size.height - 1), columns from 0 to \(size.width - 1)")
    }
    let formula = Step.formula(lines.map { "\($0.cell) = \($0.expression) = \($0.value)" })
    return outcome.count == 1
      ? [.grids(given + outcome, operators: ["→"]), formula]
      : [.grids(given, operators: []), formula, .grids(outcome, operators: [])]
  }

  /// Checks, before the trace is made, that it can be shown.
  func checkLength(_ size: Size, maps: Int = 1) throws(ExitStatus) {
    let count = SizeBound(size.height) * SizeBound(size.width) * SizeBound(maps)
    guard let cells = count.bound, cells <= Self.mostLines else {
      throw .data(
        "the output would be \(maps == 1 ? "" : "\(maps) maps of ")\(size); a trace shows at most "
          + "\(Self.mostLines) cells")
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
