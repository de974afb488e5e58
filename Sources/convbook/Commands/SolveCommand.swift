import CommandLineKit
import ConvolutionArithmetic
import Tensors

let solveCommand = Command(
  "solve", in: .read, "which kernel, stride and padding take one size to another",
  operands: "OP", mostOperands: 1,
  options: [
    Option("from", "I", "the input size"),
    Option("to", "O", "the output size"),
    Option("kernel", "K", "keep this kernel size"),
    Option("stride", "S", "keep this stride"),
    Option("padding", "P", "keep this padding at both ends"),
    Option("dilation", "D", "keep this dilation"),
    Option("output-padding", "P", "conv-transpose: keep this output padding"),
    Option("rounding", "R", "pooling: keep this rounding, floor, ceil or caffe"),
    Option("limit", "N", "at most so many answers; 5 if not given"),
    Option("format", "F", "terminal or json"),
  ],
  details: [
    "OP is \(listed(Operation.windowed.map(\.rawValue))). The simplest answer comes first."
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
  _ = try arguments.required("from", "the input size")
  _ = try arguments.required("to", "the output size")
  let (input, output) = (try arguments.number("from")!, try arguments.number("to")!)
  let limit = try arguments.integer("limit", in: 1...1000) ?? 5
  let format = try arguments.choice("format", of: ["terminal", "json"])
  let rounding = try arguments.choice("rounding", of: Rounding.allCases.map(\.rawValue))
  let solutions = try solve(
    operation.layer, from: input, to: output,
    keeping: SolveConstraints(
      kernelSize: try arguments.number("kernel"), stride: try arguments.number("stride"),
      dilation: try arguments.number("dilation"), padding: try arguments.number("padding"),
      outputPadding: try arguments.number("output-padding"),
      rounding: rounding.flatMap(Rounding.init(rawValue:))),
    limit: limit)
  if format == "json" {
    print(try json(operation, input, output, solutions).text)
  } else {
    guard !solutions.isEmpty else { throw noSolution(operation, input, output) }
    printSpelled(try lines(operation, input, output, solutions))
  }
}

private func noSolution(_ operation: Operation, _ input: Int, _ output: Int) -> ExitStatus {
  .data(
    "no \(operation.rawValue) found that takes \(input) to \(output); tried were small kernels, "
      + "strides and dilations with a padding below the kernel"
      + (output > input && operation != .convTranspose
        ? ", and conv-transpose is what makes maps larger" : ""))
}

private func lines(
  _ operation: Operation, _ input: Int, _ output: Int, _ solutions: [Solution]
) throws -> [String] {
  var lines = ["\(operation.rawValue): \(input) → \(output), the simplest first"]
  for (index, solution) in solutions.enumerated() {
    let call = operation.layer(of: solution).frameworkCalls[0]
    lines += ["", padded("\(index + 1)", to: 4) + solution.description]
    lines.append("      " + (try solution.substitution().line))
    lines += (call.call ?? "PyTorch cannot").split(separator: "\n").map { "      " + $0 }
  }
  return lines
}

private func json(
  _ operation: Operation, _ input: Int, _ output: Int, _ solutions: [Solution]
) throws -> JSON {
  .object([
    ("operation", .string(operation.rawValue)), ("from", .integer(input)),
    ("to", .integer(output)),
    (
      "solutions",
      .array(
        try solutions.map { solution in
          let window = solution.window
          return .object([
            ("kernel", .integer(window.kernelSize)), ("stride", .integer(window.stride)),
            ("dilation", .integer(window.dilation)),
            ("padding", .array([.integer(window.paddingBefore), .integer(window.paddingAfter)])),
            ("outputPadding", .integer(solution.outputPadding)),
            ("rounding", .string(solution.rounding.rawValue)),
            ("substitution", .string(try solution.substitution().line)),
            (
              "PyTorch",
              operation.layer(of: solution).frameworkCalls[0].call.map(JSON.string) ?? .null
            ),
          ])
        })
    ),
  ])
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

  /// A solution as a layer, both axes alike.
  func layer(of solution: Solution) -> FrameworkLayer {
    let window = solution.window
    let kind: FrameworkLayer.Kind =
      switch self {
      case .convTranspose: .transposedConvolution
      case .maxPool: .maxPooling
      case .avgPool: .averagePooling(countIncludePad: false)
      default: .convolution
      }
    return FrameworkLayer(
      kind, kernelSize: Size(window.kernelSize), stride: Size(window.stride),
      padding: Padding(
        top: window.paddingBefore, left: window.paddingBefore, bottom: window.paddingAfter,
        right: window.paddingAfter),
      dilation: Size(window.dilation), outputPadding: Size(solution.outputPadding),
      rounding: solution.rounding, input: Size(solution.input))
  }
}
