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
    let spread = spreadInput(height: rows.inputSize, width: columns.inputSize)
    let direct = TraceCase.convolution(
      spread, turnedKernel, bias: traced.bias,
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

  /// The input with stride − 1 zeros between neighbours.
  private func spreadInput(height: Int, width: Int) -> Tensor<Scalar> {
    var result = Tensor<Scalar>.zeros([1, channels.input, height, width])
    for channel in 0..<channels.input {
      for row in 0..<traced.input.height {
        for column in 0..<traced.input.width {
          result[0, channel, row * traced.stride.height, column * traced.stride.width] =
            traced.input[0, channel, row, column]
        }
      }
    }
    return result
  }

  /// The kernels turned by 180°, their two channel dimensions exchanged within each group.
  private var turnedKernel: Tensor<Scalar> {
    let weight = traced.weight
    let (ins, outs) = (channels.input / traced.groups, channels.output / traced.groups)
    var result = Tensor<Scalar>.zeros([channels.output, ins, weight.height, weight.width])
    for output in 0..<channels.output {
      for input in 0..<ins {
        for row in 0..<weight.height {
          for column in 0..<weight.width {
            result[output, input, row, column] =
              weight[
                output / outs * ins + input, output % outs, weight.height - 1 - row,
                weight.width - 1 - column]
          }
        }
      }
    }
    return result
  }
}
