import LessonKit
import Tensors

let traceCommand: Command = Command(
  "trace", in: .read, "the arithmetic of your own case, cell by cell",
  operands: "OP", mostOperands: 1,
  options: [
    Option(
      "input", "X",
      "numbers such as 1,2,3/4,5,6 (rows between /), a size such as 5x5, or 3x5x5 for three maps (it counts "
        + "1, 2, 3, …), or a .npy file; numbers may be decimals, or fractions where rows end in ; as in "
        + "1/4,1/2;"),
    Option(
      "weight", "W",
      "the kernel, written like the input; 2 is the ramp 1,2, and 2; the one number 2"),
    Option("bias", "B", "one number for each output map"),
    Option(
      "cell", "R,C",
      "one cell only: where it comes from, and where it goes; what moves begins there"),
    Option("form", "F", "window, scatter, matrix, zero-insertion or all; all is for drawings"),
  ] + GradientRequest.options + OperationOptions.options(OperationOptions.windowNames + ["axis"])
    + LessonFormat.options.map { $0.name == "format" ? FigureRequest.format : $0 }
    + FigureRequest.options,
  details: [
    "OP is \(listed(Operation.allCases.map(\.rawValue))). Without --weight, --kernel K stands for the "
      + "kernel 1, 2, 3, … of that size. The forms are those of conv and conv-transpose; "
      + "zero-insertion is conv-transpose's alone."
  ],
  examples: [
    Command.Example(
      "trace conv --input 3,3,2/0,0,1/3,1,2 --weight 0,1/2,2",
      "each output cell with all its products"),
    Command.Example(
      "trace conv-transpose --input 1,2 --weight 1,2,3 --stride 2 --form zero-insertion",
      "why it is called a fractional stride"),
    Command.Example("trace conv --input 5x5 --kernel 3 --cell 1,2", "one cell, both ways"),
    Command.Example(
      "trace max-pool --input 1,5,2,2 --kernel 2 --backward --gradient 10,20",
      "where the gradients of the output go back to"),
    Command.Example(
      "trace conv-transpose --input 3x3 --kernel 3 --stride 2 --format svg --animate --output up.svg",
      "a drawing whose window moves, for a browser"),
  ],
  run: runTrace)

@Sendable private func runTrace(_ arguments: Arguments) throws {
  if let request = try FigureRequest(arguments) {
    return try request.write(tracedOperation(arguments, inDrawing: true), formsOf: arguments)
  }
  let format = try LessonFormat(arguments)
  let traced = try tracedOperation(arguments, inDrawing: false)
  show(
    try traced.read(StepsOfTrace(form: traced.form, cell: traced.cell)),
    traced.options.operation, format)
}

/// What a trace command with `--format svg` prints.
func drawingOfTrace(_ arguments: Arguments) throws -> String {
  guard let request = try FigureRequest(arguments) else { return "" }
  return try request.svg(tracedOperation(arguments, inDrawing: true), formsOf: arguments)
}

/// The case that was typed; a drawing may have all its forms.
private func tracedOperation(_ arguments: Arguments, inDrawing: Bool) throws -> TracedOperation {
  let operation = try Operation(arguments)
  let options = try OperationOptions(operation, arguments)
  try options.refuseVolumes()
  if !inDrawing, arguments["form"] == "all" {
    throw ExitStatus.usage("--form all is for a drawing; write --format svg or gif too")
  }
  let form = try arguments.choice(
    "form", of: TraceForm.allCases.map(\.rawValue) + (inDrawing ? ["all"] : []))
  let cell = try arguments["cell"].map(parseCell)
  let input = try TraceArray(
    arguments.required("input", "numbers such as 1,2,3/4,5,6, a size such as 5x5, or a .npy file"),
    "--input")
  guard form == nil || form == "window" || operation == .conv || operation == .convTranspose else {
    throw ExitStatus.usage("--form \(form!) is for conv and conv-transpose")
  }
  if form != nil, form != "window", let gradient = try GradientRequest(arguments),
    gradient.target != .input
  {
    throw ExitStatus.usage(
      "--form \(form!) is for the gradient by the input; one by the \(gradient.target.rawValue) has "
        + "window alone")
  }
  return TracedOperation(
    options: options, arguments: arguments, input: input,
    // All forms are as large as the largest of them: the stamps and the matrix.
    form: form == "all" ? .scatter : form.flatMap(TraceForm.init(rawValue:)) ?? .window, cell: cell)
}

/// Refuses one number for a cell of maps that have two axes: it would stand for a cell of the first row.
func checkCell(_ text: String?, isRow: Bool) throws(ExitStatus) {
  guard let text, !isRow, !text.contains(",") else { return }
  throw .usage(
    "--cell is \(text), and these maps have rows and columns; write both, such as --cell 0,\(text)")
}

/// `r,c`, or `c` alone for a row.
func parseCell(_ text: String) throws(ExitStatus) -> (row: Int, column: Int) {
  let numbers = try wholeNumbers(text, "--cell", counts: [1, 2], form: "row,column, or one number")
  guard numbers.allSatisfy({ $0 >= 0 }) else {
    throw .data("--cell is \(text); rows and columns count from 0")
  }
  return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, numbers[0])
}

private func show(_ steps: [Step], _ operation: Operation, _ format: LessonFormat) {
  switch format {
  case .text(let renderer):
    printOut(steps.map { renderer.text(of: $0) }.joined(separator: "\n"), terminator: "")
  case .markdown:
    printOut(steps.map { MarkdownRenderer().text(of: $0) }.joined(separator: "\n\n"))
  case .json:
    let renderer = JSONRenderer()
    printOut(
      JSON.object([
        ("operation", .string(operation.rawValue)),
        ("steps", .array(steps.map { renderer.value(of: $0) })),
      ]).text)
  }
}

/// The gradient that `--backward` asks for.
struct GradientRequest {
  static let options = [
    .flag("backward", "the gradient instead: which taps did each of its cells come from?"),
    Option(
      "of", "WHAT", "with --backward: the gradient by the input, the kernel (or weight) or the bias"
    ),
    Option(
      "gradient", "G",
      "with --backward: the gradient by the output, written like the input, or ones, or ramp: 1, 2, 3, … "
        + "(ramp if not given)"),
  ]

  let target: GradientTarget
  private let numbers: Numbers

  private enum Numbers {
    case ramp
    case ones
    case typed(TraceArray)
  }

  /// - Throws: `ExitStatus` 64 or 65 if a word does not go with the others or has no numbers; nil where no
  ///   gradient is wanted.
  init?(_ arguments: Arguments) throws {
    guard arguments.has("backward") else {
      if let option = Self.options.dropFirst().first(where: { arguments.has($0.name) }) {
        throw ExitStatus.usage("--\(option.name) is for a gradient; write --backward too")
      }
      return nil
    }
    let of = try arguments.choice("of", of: ["input", "kernel", "weight", "bias"]) ?? "input"
    target = of == "weight" ? .kernel : GradientTarget(rawValue: of)!
    switch arguments["gradient"] {
    case "ramp", nil: numbers = .ramp
    case "ones": numbers = .ones
    case let word?: numbers = .typed(try TraceArray(word, "--gradient").maps)
    }
  }

  /// Whether all its numbers are a person's, or whole.
  var isExact: Bool { if case .typed(let array) = numbers { array.exact != nil } else { true } }

  /// The gradient as a case of its own.
  ///
  /// - Parameter typed: the numbers of what was typed, as those of the case are.
  func back<Scalar: Divisible>(
    _ traced: TraceCase<Scalar>, typed: (TraceArray) -> Tensor<Scalar>
  ) throws -> TraceCase<Scalar> {
    let output = traced.output
    let gradient: Tensor<Scalar>
    switch numbers {
    case .ones: gradient = output.map { _ in 1 }
    case .ramp:
      gradient = Tensor(
        shape: output.shape, elements: (1...output.shape.count).map { Scalar($0) })
    case .typed(let array): gradient = typed(array)
    }
    guard gradient.shape == output.shape else {
      let isOne = output.batch * output.channels * gradient.batch * gradient.channels == 1
      throw ExitStatus.data(
        "--gradient has \(isOne ? gradient.size.description : "the shape \(gradient.shape)"), and the "
          + "output \(isOne ? output.size.description : "\(output.shape)"); each number of the output has "
          + "one gradient")
    }
    return try traced.gradient(by: target, ofOutput: gradient)
  }
}
