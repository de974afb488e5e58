import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

/// The steps of a trace of a convolution or a transposed convolution.
struct WindowTrace {
  let options: OperationOptions
  let input: TraceArray
  let weight: TraceArray
  let bias: TraceArray?
  let form: TraceForm
  let cell: (row: Int, column: Int)?

  /// The most products that are printed, and the most that are computed for one cell's sake.
  private static let mostPrinted = 200_000
  private static let mostComputed = 2_000_000

  func steps() throws -> [Step] {
    let isSequence = input.shape.rank % 2 == 1 && weight.shape.rank % 2 == 1
    let x = input.reshaped(Self.maps(input.shape))
    let w = weight.reshaped(Self.maps(weight.shape))
    if let bias, bias.shape.rank != 1 {
      throw ExitStatus.data("--bias has shape \(bias.shape); one row of numbers is expected")
    }
    let size = Size(height: w.shape[2], width: w.shape[3])
    let inputSize = Size(height: x.shape[2], width: x.shape[3])
    let convolution = try options.convolution(
      kernelSize: size, input: inputSize, isSequence: isSequence)
    let channels = try ChannelGroups(
      convolution, input: x.shape, weight: w.shape, bias: bias?.shape.count)
    let outputSize = try convolution.outputSize(input: inputSize)
    try checkLength(convolution, outputSize, channels, x.shape)
    if let exactX = x.fractions, let exactW = w.fractions,
      bias == nil || bias?.fractions != nil
    {
      let traced = TraceCase(exactX, exactW, bias: bias?.fractions?.elements, by: convolution)
      try traced.checkExactRange()
      return try steps(traced, outputSize)
    }
    return try steps(
      TraceCase(x.doubles, w.doubles, bias: bias?.doubles.elements, by: convolution), outputSize)
  }

  /// A row, a map, a stack of sequences or of maps, all as a stack of maps.
  static func maps(_ shape: Shape) -> Shape {
    let extents = shape.dimensions
    switch extents.count {
    case 1: return [1, 1, 1, extents[0]]
    case 2: return [1, 1, extents[0], extents[1]]
    case 3: return [extents[0], extents[1], 1, extents[2]]
    default: return shape
    }
  }

  private func checkLength(
    _ convolution: Convolution, _ size: Size, _ channels: ChannelGroups, _ input: Shape
  ) throws {
    let output =
      SizeBound(size.height) * SizeBound(size.width)
      * SizeBound(channels.output) * SizeBound(input[0])
    let perCell =
      SizeBound(convolution.kernelSize.height) * SizeBound(convolution.kernelSize.width)
      * SizeBound(channels.inputs(ofOutput: 0).count)
    let isTable = form == .matrix || form == .scatter
    let terms = isTable ? output * SizeBound(input.count / max(1, input[0])) : output * perCell
    let most = cell == nil || isTable ? Self.mostPrinted : Self.mostComputed
    guard let count = terms.bound, count <= most else {
      throw ExitStatus.data(
        "the trace would have \(terms.bound.map(String.init) ?? "too many") terms for an output of "
          + "\(size); at most \(most) are shown\(cell == nil ? ", and --cell shows one" : "")"
      )
    }
  }

  private func steps<Scalar: Numeric & Sendable>(
    _ traced: TraceCase<Scalar>, _ outputSize: Size
  ) throws -> [Step] {
    guard let cell else { return [.trace(try traced.trace(form))] }
    let questions = CellQuestions(traced: traced, outputSize: outputSize, cell: cell)
    return try questions.steps(form)
  }
}
