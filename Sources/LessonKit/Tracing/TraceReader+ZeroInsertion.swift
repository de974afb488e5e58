import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceReader {
  /// The direct convolution that equals a transposed one, output by output.
  func zeroInsertionTrace(cell: (row: Int, column: Int)?) throws(GeometryError) -> Trace {
    guard isTransposed else {
      throw GeometryError(
        "a convolution has no zero-insertion form; its forms are window, scatter and matrix")
    }
    let direct = TraceCase(
      try insertZeros(traced.input, stride: traced.convolution.stride),
      traced.weight.flipped().channelsExchanged(groups: traced.convolution.groups),
      bias: traced.bias,
      by: try traced.convolution.equivalentConvolution())
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
