import LessonKit
import Tensors

let sizeCommand: Command = Command(
  "size", in: .read, "the output size, with its arithmetic and in four frameworks",
  operands: "OP", mostOperands: 1,
  options: [
    Option("input", "I", "the input size: 5, or 5x6 (height x width), or 1x3x5x6")
  ]
    + OperationOptions.options(OperationOptions.windowNames)
    + [
      Option("dimensions", "N", "1 for sequences, 2 for maps (if not given), 3 for volumes"),
      Option("format", "F", "terminal or json"),
    ],
  details: [
    "OP is \(listed(Operation.allCases.map(\.rawValue))). Shown are the formula, its substitution "
      + "line by line, the input cells that are never read, the other inputs with the same output, "
      + "and the same layer in PyTorch, Keras, Caffe and ONNX. OP may also be a framework's name, "
      + "such as Conv2d, ConvTranspose1d or MaxPooling2D."
  ],
  examples: [
    Command.Example("size conv --input 5 --kernel 3", "3: three places for the window"),
    Command.Example(
      "size max-pool --input 175 --kernel 2 --ceil-mode", "88, where without --ceil-mode it is 87"),
    Command.Example("size Conv1d --input 16000 --kernel 10 --stride 5", "a layer for sequences"),
  ],
  run: runSize)

@Sendable private func runSize(_ arguments: Arguments) throws {
  let operation = try Operation(arguments)
  let options = try OperationOptions(operation, arguments)
  let text = try arguments.required("input", "the input size, 5 or 5x6")
  let format = try arguments.choice("format", of: ["terminal", "json"])
  let report = try SizeReport(
    options, input: MapSize(text, "--input", dimensions: options.dimensions))
  if format == "json" {
    printOut(report.json.text)
  } else {
    printSpelled(report.lines)
  }
}

/// Prints lines in the characters that the terminal can show, and broken at spaces where they are
/// wider than it; what goes on stands below the text of the first line. A pipe gets them whole.
func printSpelled(_ lines: [String]) {
  let terminal = Terminal.current
  let glyphs: Glyphs = terminal.showsUnicode ? .unicode : .ascii
  for line in lines.map(glyphs.spell) {
    for part in terminal.outputIsTerminal ? brokenAtSpaces(line, to: terminal.width) : [line] {
      printOut(part)
    }
  }
}

let formulasCommand: Command = Command(
  "formulas", in: .read, "the formula reference as Markdown: every relationship, worked",
  details: [
    "Each formula with its condition and a worked instance, the same layer in four frameworks, and "
      + "the crop offsets of the networks. Docs/Formulas.md is this page."
  ],
  examples: [
    Command.Example("formulas > Docs/Formulas.md", "the page in Docs, made anew")
  ]
) { _ in
  printOut(formulaReference(), terminator: "")
}
