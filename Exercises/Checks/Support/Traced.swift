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
    ? [counted(equation.padded, "kernel cell meets padding", "kernel cells meet padding")] : []
  return [equation.text] + padding
}

/// `convbook trace conv --input 1,2/3,4 --weight 1,0 …`, which prints a case step by step; nil where
/// there is more than one map, which the command line does not take.
func traceCommand(
  _ operation: String, _ x: Tensor<Int>, _ w: Tensor<Int>, stride: Size = 1
) -> String? {
  let traced =
    operation == "conv"
    ? try? TraceCase.convolution(x, w, stride: stride)
    : try? TraceCase.transposed(x, w, stride: stride)
  return traced?.command()
}

/// A row as a map.
func row<Scalar>(_ values: [Scalar]) -> Tensor<Scalar> { Tensor(row: values) }
