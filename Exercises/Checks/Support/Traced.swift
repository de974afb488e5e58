internal import ExerciseKit
internal import LessonKit
internal import Tensors

/// The arithmetic of the cell at (batch, channel, row, column) of a convolution or its transpose,
/// from its taps.
func cellArithmetic<Scalar>(
  _ traced: TraceCase<Scalar>, _ cell: [Int]
) throws -> [String] {
  guard cell.count == 4 else { return [] }
  let equation = try traced.equation(row: cell[2], column: cell[3], channel: cell[1])
  let padding =
    equation.padded > 0
    ? ["\(equation.padded) kernel cell\(equation.padded == 1 ? " meets" : "s meet") padding"] : []
  return [equation.text] + padding
}

/// `convbook trace conv --input 1,2/3,4 --weight 1,0 …`, which prints a case step by step; nil where
/// there is more than one map, which the command line does not take.
func traceCommand(
  _ operation: String, _ x: Tensor<Int>, _ w: Tensor<Int>, stride: Size = 1
) -> String? {
  guard x.batch * x.channels == 1, w.batch * w.channels == 1 else { return nil }
  func text(_ map: Tensor<Int>) -> String {
    map.cellTexts().map { $0.joined(separator: ",") }.joined(separator: "/")
  }
  // Rows have one axis, and one number for each option.
  let isRow = x.height == 1 && w.height == 1
  let steps = isRow ? "\(stride.width)" : "\(stride.height),\(stride.width)"
  return "convbook trace \(operation) --input \(text(x)) --weight \(text(w))"
    + (stride == 1 ? "" : " --stride \(steps)")
}

/// A row as a map.
func row(_ values: [Int]) -> Tensor<Int> { Tensor(row: values) }
