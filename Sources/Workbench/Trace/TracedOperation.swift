import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

/// What becomes of a case, whatever its numbers are.
protocol TraceReader {
  associatedtype Reading
  func read<Scalar: Numeric & Sendable & CustomStringConvertible>(
    _ traced: TraceCase<Scalar>
  ) throws -> Reading
}

/// The lines of a trace.
struct StepsOfTrace: TraceReader {
  let form: TraceForm
  let cell: (row: Int, column: Int)?

  func read<Scalar>(_ traced: TraceCase<Scalar>) throws -> [Step] {
    try traced.steps(form, cell: cell)
  }
}

/// An operation on typed numbers, of which the arithmetic is shown.
struct TracedOperation {
  let options: OperationOptions
  let arguments: Arguments
  let input: TraceArray
  let form: TraceForm
  let cell: (row: Int, column: Int)?

  /// The most products that are printed, the most that are computed for one cell's sake, and the most
  /// cells where each has a line.
  private static let mostPrinted = 200_000
  private static let mostComputed = 2_000_000
  private static let mostLines = 20_000

  private var typedCell: String { arguments["cell"] ?? "" }

  /// The cell of a gradient is looked at when there is one.
  private func checkTypedCell(isRow: Bool) throws(ExitStatus) {
    if !isBackward { try checkCell(arguments["cell"], isRow: isRow) }
  }

  /// What is read off the case.
  ///
  /// - Throws: `ExitStatus` 64 or 65 if there is no such case, or it has too many terms.
  func read<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    switch options.operation {
    case .conv, .convTranspose: try convolution(reader)
    case .maxPool, .avgPool: try pooling(reader)
    case .bilinear: try bilinear(reader)
    case .linear: try linear(reader)
    case .softmax, .argmax: try lane(reader)
    }
  }

  private func convolution<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    let kernel = try kernel()
    let isSequence = input.shape.rank % 2 == 1 && kernel.shape.rank % 2 == 1
    let (x, w, bias) = (input.maps, kernel.maps, try bias())
    let inputSize = Size(height: x.shape[2], width: x.shape[3])
    let layer = try options.convolution(
      kernelSize: Size(height: w.shape[2], width: w.shape[3]), input: inputSize,
      isSequence: isSequence)
    let channels = try ChannelGroups(
      layer, input: x.shape, weight: w.shape, bias: bias?.shape.count)
    let outputSize = try layer.outputSize(input: inputSize)
    try checkTerms(layer, outputSize, channels, x.shape)
    try checkTypedCell(
      isRow: max(inputSize.height, outputSize.height, layer.kernelSize.height) == 1)
    if let cell, !isBackward, !outputSize.has(cell), !inputSize.has(cell) {
      throw noCell(typedCell, output: outputSize, input: inputSize)
    }
    if let exactX = x.exact, let exactW = w.exact, bias == nil || bias?.exact != nil, try isExact {
      return try exactly(reader, TraceCase(exactX, exactW, bias: bias?.exact?.elements, by: layer))
    }
    return try measured(
      reader, TraceCase(x.doubles, w.doubles, bias: bias?.doubles.elements, by: layer))
  }

  private func pooling<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    let x = input.maps
    let size = Size(height: x.shape[2], width: x.shape[3])
    let layer = try options.pooling(input: size, isSequence: input.shape.rank % 2 == 1)
    let outputSize = try layer.outputSize(input: size)
    try checkLines(
      outputSize, maps: x.shape[0] * x.shape[1], isRow: max(size.height, outputSize.height) == 1)
    if options.operation == .maxPool {
      if let exact = x.exact, try isExact {
        return try exactly(reader, .maxPool(exact, by: layer))
      }
      return try measured(reader, .maxPool(x.doubles, by: layer))
    }
    if let exact = x.exact, try isExact {
      return try exactly(reader, .averagePool(exact, by: layer))
    }
    return try measured(reader, .averagePool(x.doubles, by: layer))
  }

  private func bilinear<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    guard let scale = options.scale else {
      throw ExitStatus.usage("--scale is missing: the whole factor by which the map grows")
    }
    let x = input.maps
    let factor = try scale.size(
      "scale", isSequence: input.shape.rank % 2 == 1, neutral: 1)
    try checkScale(factor)
    let size = try enlargedSize(Size(height: x.shape[2], width: x.shape[3]), by: factor)
    try checkLines(
      size, maps: x.shape[0] * x.shape[1], isRow: max(x.shape[2], size.height) == 1)
    let corners = options.alignsCorners
    if let exact = x.exact, try isExact {
      return try exactly(reader, .bilinear(exact, scale: factor, alignCorners: corners))
    }
    return try measured(reader, .bilinear(x.doubles, scale: factor, alignCorners: corners))
  }

  /// A fully connected layer: each output adds up all inputs.
  private func linear<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    let weight = try TraceArray(
      arguments.required("weight", "the weights, a row for each output: 1,0/0,1"), "--weight")
    guard weight.shape.rank <= 2, input.shape.rank <= 2 else {
      throw ExitStatus.data(
        "the input has shape \(input.shape) and the weights \(weight.shape); a trace of linear takes "
          + "rows")
    }
    func rows(_ array: TraceArray) -> TraceArray {
      array.shape.rank == 2 ? array : array.reshaped([1, array.shape[0]])
    }
    let (x, w, bias) = (rows(input), rows(weight), try bias())
    try checkLines(Size(height: x.shape[0], width: w.shape[0]), isRow: x.shape[0] == 1)
    if let exactX = x.exact, let exactW = w.exact, bias == nil || bias?.exact != nil, try isExact {
      return try exactly(reader, .linear(exactX, exactW, bias: bias?.exact?.elements))
    }
    return try measured(reader, .linear(x.doubles, w.doubles, bias: bias?.doubles.elements))
  }

  /// Softmax and argmax: each looks along one axis of the numbers.
  private func lane<Reader: TraceReader>(_ reader: Reader) throws -> Reader.Reading {
    guard input.shape.rank <= 2 else {
      throw ExitStatus.data(
        "the input has shape \(input.shape); a trace of \(options.operation.rawValue) takes a row or "
          + "rows")
    }
    let axis = options.axis ?? input.shape.rank - 1
    let traced =
      options.operation == .softmax
      ? try TraceCase.softmax(input.doubles, axis: axis, texts: input.texts)
      : try TraceCase.argmax(input.doubles, axis: axis, texts: input.texts)
    try checkLines(traced.output.size, isRow: traced.isRow)
    return try measured(reader, isBackward ? traced.withSixDigits : traced)
  }

  private var isBackward: Bool { arguments.has("backward") }

  /// Whether a gradient that was typed is exact.
  private var isExact: Bool { get throws { try GradientRequest(arguments)?.isExact ?? true } }

  /// What is read of the case, or of the gradient that was asked for.
  private func measured<Reader: TraceReader>(
    _ reader: Reader, _ traced: TraceCase<Double>
  ) throws -> Reader.Reading {
    try reader.read(try turned(traced) { $0.doubles })
  }

  /// The same, if all of the result is exact.
  private func exactly<Reader: TraceReader>(
    _ reader: Reader, _ traced: TraceCase<Exact>
  ) throws -> Reader.Reading {
    let traced = try turned(traced) { $0.exact! }
    guard traced.output.elements.allSatisfy({ $0.value != nil }) else { throw notExact() }
    return try reader.read(traced)
  }

  private func turned<Scalar: Divisible>(
    _ traced: TraceCase<Scalar>, typed: (TraceArray) -> Tensor<Scalar>
  ) throws -> TraceCase<Scalar> {
    guard let request = try GradientRequest(arguments) else { return traced }
    let back = try request.back(traced, typed: typed)
    try checkCell(arguments["cell"], isRow: back.isRow)
    if let cell, !back.output.size.has(cell) {
      throw noCell(typedCell, in: "gradient", back.output.size)
    }
    return back
  }

  private func bias() throws -> TraceArray? {
    guard let bias = try arguments["bias"].map({ try TraceArray(row: $0, "--bias") }) else {
      return nil
    }
    guard bias.shape.rank == 1 else {
      throw ExitStatus.data("--bias has shape \(bias.shape); one row of numbers is expected")
    }
    return bias
  }

  /// The kernel that was typed, or 1, 2, 3, … of the size that was, for each map that is read.
  func kernel() throws -> TraceArray {
    switch (arguments["weight"], options.kernel) {
    case (let text?, nil): return try TraceArray(text, "--weight")
    case (nil, let extents?):
      let isSequence = input.shape.rank % 2 == 1 && extents.numbers.count == 1
      let size = try extents.size("kernel", isSequence: isSequence, neutral: 1)
      let (channels, groups) = (input.maps.shape[1], options.groups)
      var maps: [Int] = []
      if channels > 1, options.operation == .convTranspose { maps = [channels, 1] }
      if channels > 1, options.operation == .conv, groups > 0, channels % groups == 0 {
        maps = [groups, channels / groups]
      }
      let cells = SizeBound(size.height) * SizeBound(size.width) * SizeBound(channels)
      guard min(size.height, size.width) >= 1, let count = cells.bound,
        count <= TraceArray.mostCells
      else {
        throw ExitStatus.data(
          "--kernel is \(size); a kernel has from 1 to \(TraceArray.mostCells) cells")
      }
      return .ramp(Shape(maps + (isSequence ? [size.width] : [size.height, size.width])))
    case (nil, nil):
      throw ExitStatus.usage("--weight is missing: the kernel, such as 1,0/0,1, or --kernel K")
    case (_?, _?):
      throw ExitStatus.usage("--weight and --kernel exclude each other")
    }
  }

  /// Checks, before a convolution is traced, that its products can be shown.
  private func checkTerms(
    _ layer: Convolution, _ size: Size, _ channels: ChannelGroups, _ input: Shape
  ) throws(ExitStatus) {
    let output =
      SizeBound(size.height) * SizeBound(size.width) * SizeBound(channels.output)
      * SizeBound(input[0])
    let perCell =
      SizeBound(layer.kernelSize.height) * SizeBound(layer.kernelSize.width)
      * SizeBound(channels.inputs(ofOutput: 0).count)
    let isTable = form == .matrix || form == .scatter
    let terms = isTable ? output * SizeBound(input.count / max(1, input[0])) : output * perCell
    let isPart = cell != nil || arguments.has("rows") || arguments.has("columns")
    let most = isPart && !isTable ? Self.mostComputed : Self.mostPrinted
    guard let count = terms.bound, count <= most else {
      throw .data(
        "the trace would have \(terms.bound.map(String.init) ?? "too many") terms for an output of "
          + "\(size); at most \(most) are shown\(cell == nil ? ", and --cell shows one" : "")")
    }
  }

  /// Checks, before the trace is made, that it can be shown, and has the cell that was asked for.
  private func checkLines(_ size: Size, maps: Int = 1, isRow: Bool) throws(ExitStatus) {
    try checkTypedCell(isRow: isRow)
    let count = SizeBound(size.height) * SizeBound(size.width) * SizeBound(maps)
    guard let cells = count.bound, cells <= Self.mostLines else {
      throw .data(
        "the output would be \(maps == 1 ? "" : "\(maps) maps of ")\(size); a trace shows at most "
          + "\(Self.mostLines) cells")
    }
    if let cell, !isBackward, !size.has(cell) {
      throw noCell(typedCell, in: "output", size)
    }
  }
}

/// That a cell is not in a map.
private func noCell(_ typed: String, in map: String, _ size: Size) -> ExitStatus {
  .data(
    "--cell is \(typed), and the \(map) is \(size); rows go from 0 to \(size.height - 1), columns from 0 "
      + "to \(size.width - 1)")
}

/// That neither map of a convolution has a cell.
func noCell(_ typed: String, output: Size, input: Size) -> ExitStatus {
  .data(
    "--cell is \(typed), and neither the output (\(output)) nor the input (\(input)) has that cell; rows "
      + "and columns count from 0")
}
