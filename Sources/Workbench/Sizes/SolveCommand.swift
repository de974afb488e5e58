import ConvolutionArithmetic
import Tensors

let solveCommand: Command = Command(
  "solve", in: .read, "which kernel, stride and padding take one size to another",
  operands: "OP", mostOperands: 1,
  options: [
    Option("from", "I", "the input size: 7, or 46x62 (height x width)"),
    Option("to", "O", "the output size"),
    Option("kernel", "K", "keep this kernel size"),
    Option("stride", "S", "keep this stride"),
    Option("padding", "P", "keep this padding at both ends"),
    Option("dilation", "D", "keep this dilation"),
    Option("output-padding", "P", "conv-transpose: keep this output padding"),
    Option("rounding", "R", "pooling: keep this rounding, floor, ceil or caffe"),
    Option("dimensions", "N", "1 for sequences, 2 for maps (if not given), 3 for volumes"),
    Option("limit", "N", "at most so many answers; 5 if not given"),
    Option("format", "F", "terminal or json"),
  ],
  details: [
    "OP is \(listed(Operation.windowed.map(\.rawValue))). The simplest answer comes first. For a map "
      + "that is not square, the layers with the same numbers for both axes are sought, and where there "
      + "are none, each axis has its own."
  ],
  examples: [
    Command.Example(
      "solve conv-transpose --from 7 --to 14", "the ways to double 7, kernel 2 and stride 2 first"),
    Command.Example(
      "solve conv --from 224 --to 112 --kernel 7", "stride 2 and padding 3 take 224 to 112"),
  ],
  run: runSolve)

@Sendable private func runSolve(_ arguments: Arguments) throws {
  let operation = try Operation(arguments, among: Operation.windowed)
  try operation.checkOptions(arguments)
  let dimensions = try OperationOptions.dimensions(arguments) ?? 2
  let from = try MapSize(
    arguments.required("from", "the input size"), "--from", dimensions: dimensions)
  let to = try MapSize(arguments.required("to", "the output size"), "--to", dimensions: dimensions)
  let limit = try arguments.integer("limit", in: 1...1000) ?? 5
  let format = try arguments.choice("format", of: ["terminal", "json"])
  let rounding = try arguments.choice("rounding", of: Rounding.allCases.map(\.rawValue))
  let fixed = SolveConstraints(
    kernelSize: try arguments.number("kernel"), stride: try arguments.number("stride"),
    dilation: try arguments.number("dilation"), padding: try arguments.number("padding"),
    outputPadding: try arguments.number("output-padding"),
    rounding: rounding.flatMap(Rounding.init(rawValue:)))
  let answer = try SolveAnswer(
    operation, from: from, to: to, keeping: fixed, dimensions: dimensions, limit: limit)
  if format == "json" {
    printOut(try answer.json.text)
  } else {
    printSpelled(try answer.lines)
  }
}

/// What `solve` found: layers for both axes, or layers for each.
private struct SolveAnswer {
  let operation: Operation
  let from: MapSize
  let to: MapSize
  let dimensions: Int
  /// The layers that do it along both axes, each solution being that of the rows.
  var both: [Solution] = []
  /// Where none does: what does it along each axis.
  var rows: [Solution] = []
  var columns: [Solution] = []

  /// More than are ever shown, so that both axes have a chance to meet.
  private static let mostCandidates = 100_000

  init(
    _ operation: Operation, from: MapSize, to: MapSize, keeping fixed: SolveConstraints,
    dimensions: Int, limit: Int
  ) throws {
    (self.operation, self.from, self.to) = (operation, from, to)
    self.dimensions = dimensions
    func found(_ input: Int, _ output: Int, _ limit: Int) throws -> [Solution] {
      try solve(operation.layer, from: input, to: output, keeping: fixed, limit: limit)
    }
    let (height, width) = ((from.size.height, to.size.height), (from.size.width, to.size.width))
    guard height != width else {
      both = try found(height.0, height.1, limit)
      return
    }
    guard dimensions == 2 else {
      throw ExitStatus.usage(
        "\(from.text) to \(to.text) has two axes, and --dimensions is \(dimensions); write one number "
          + "for all axes")
    }
    let (down, across) = (
      try found(height.0, height.1, Self.mostCandidates),
      try found(width.0, width.1, Self.mostCandidates)
    )
    let fits = Set(across.map(\.window))
    both = Array(down.filter { fits.contains($0.window) }.prefix(limit))
    if both.isEmpty {
      (rows, columns) = (Array(down.prefix(limit)), Array(across.prefix(limit)))
    }
  }

  var lines: [String] {
    get throws {
      if !both.isEmpty {
        let title = "\(operation.rawValue): \(from.text) → \(to.text), the simplest first"
        return [title] + (try both.enumerated().flatMap { try lines(of: $1, number: $0 + 1) })
      }
      guard let down = rows.first, let across = columns.first else { throw none }
      var result = [
        "\(operation.rawValue): \(from.text) → \(to.text), no layer with the same numbers for both "
          + "axes was found; the simplest for each:"
      ]
      for (name, solutions) in [("rows", rows), ("columns", columns)] {
        result += ["", "\(name): \(solutions[0].input) → \(solutions[0].output)"]
        for (index, solution) in solutions.enumerated() {
          result.append(padded("\(index + 1)", to: 4) + solution.description)
        }
      }
      return result + [""] + calls(try operation.layer(rows: down, columns: across))
    }
  }

  private func lines(of solution: Solution, number: Int) throws -> [String] {
    var result = ["", padded("\(number)", to: 4) + solution.description]
    result.append("      " + (try solution.window.substitution(input: solution.input).line))
    return result
      + calls(try operation.layer(rows: solution, columns: solution, dimensions: dimensions))
  }

  private func calls(_ layer: FrameworkLayer) -> [String] {
    let torch = layer.frameworkCalls[0]
    guard let call = torch.call else {
      return wrapped("not in PyTorch: \(torch.note)", to: 74).map { "      " + $0 }
    }
    return call.split(separator: "\n").map { "      " + $0 }
  }

  /// That nothing was found, and along which axis.
  private var none: ExitStatus {
    let (height, width) = ((from.size.height, to.size.height), (from.size.width, to.size.width))
    let failing = rows.isEmpty ? height : width
    return .data(
      "no \(operation.rawValue) found that takes \(failing.0) to \(failing.1); tried were small "
        + "kernels, strides and dilations with a padding below the kernel"
        + (failing.1 > failing.0 && operation != .convTranspose
          ? ", and conv-transpose is what makes maps larger" : ""))
  }

  var json: JSON {
    get throws {
      func size(_ size: MapSize) -> JSON {
        size.isOneNumber
          ? .integer(size.size.height)
          : .array([.integer(size.size.height), .integer(size.size.width)])
      }
      var members: [(name: String, value: JSON)] = [
        ("operation", .string(operation.rawValue)), ("from", size(from)), ("to", size(to)),
        ("solutions", .array(try both.map(value))),
      ]
      if !rows.isEmpty || !columns.isEmpty {
        members += [
          ("rows", .array(try rows.map(value))), ("columns", .array(try columns.map(value))),
        ]
      }
      return .object(members)
    }
  }

  private func value(of solution: Solution) throws -> JSON {
    let window = solution.window
    let layer = try operation.layer(rows: solution, columns: solution, dimensions: dimensions)
    return .object([
      ("kernel", .integer(window.kernelSize)), ("stride", .integer(window.stride)),
      ("dilation", .integer(window.dilation)),
      ("padding", .array([.integer(window.paddingBefore), .integer(window.paddingAfter)])),
      ("outputPadding", .integer(window.outputPadding)),
      ("rounding", .string(window.rounding.rawValue)),
      ("substitution", .string(try solution.window.substitution(input: solution.input).line)),
      ("PyTorch", layer.frameworkCalls[0].call.map(JSON.string) ?? .null),
    ])
  }
}

extension Operation {
  /// What `solve` searches for.
  var layer: LayerOperation {
    switch self {
    case .convTranspose: .transposedConvolution
    case .maxPool, .avgPool: .pooling
    default: .convolution
    }
  }

  /// A layer with a solution for each axis.
  func layer(
    rows: Solution, columns: Solution, dimensions: Int = 2
  ) throws(GeometryError) -> FrameworkLayer {
    let pooling = { Pooling(rows: rows.window, columns: columns.window) }
    let kind: FrameworkLayer.Kind =
      switch self {
      case .maxPool: .maxPooling(pooling())
      case .avgPool: .averagePooling(pooling())
      default: .convolution(try Convolution(rows: rows.window, columns: columns.window))
      }
    return FrameworkLayer(
      kind, input: Size(height: rows.input, width: columns.input), dimensions: dimensions)
  }
}
