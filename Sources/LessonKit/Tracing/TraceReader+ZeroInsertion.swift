import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceReader {
  /// The direct convolution that equals a transposed one, output by output.
  func zeroInsertionTrace(cell: (row: Int, column: Int)?) throws(GeometryError) -> Trace {
    guard traced.operation == .transposed else {
      throw GeometryError(
        "a convolution has no zero-insertion form; its forms are window, scatter and matrix")
    }
    let window = try TransposedWindow2D(
      of: Window2D(
        kernelSize: traced.weight.size, stride: traced.stride, padding: traced.padding,
        dilation: traced.dilation),
      outputPadding: traced.outputPadding)
    let rows = try window.rows.equivalentConvolution(input: traced.input.height)
    let columns = try window.columns.equivalentConvolution(input: traced.input.width)
    let direct = TraceCase.convolution(
      try insertZeros(traced.input, stride: traced.stride),
      traced.weight.flipped().channelsExchanged(groups: traced.groups), bias: traced.bias,
      padding: Padding(
        top: rows.window.paddingBefore, left: columns.window.paddingBefore,
        bottom: rows.window.paddingAfter, right: columns.window.paddingAfter),
      dilation: traced.dilation, groups: traced.groups)
    var trace = try TraceReader(direct).windowTrace(cell: cell)
    trace.form = .zeroInsertion
    trace.notes = paddingNotes
    for index in trace.given.indices {
      switch trace.given[index].role {
      case .input: trace.given[index].title += " with zeros inserted"
      default: trace.given[index].title += " turned by 180°"
      }
    }
    trace.given = inputGrids(padded: false, cell: nil) + trace.given
    return trace
  }
}
