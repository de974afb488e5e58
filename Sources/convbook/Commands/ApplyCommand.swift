import CommandLineKit
import Interchange
import Tensors

let applyCommand = Command(
  "apply", in: .run, "one operation on .npy arrays, the bridge to NumPy and PyTorch",
  operands: "OP", mostOperands: 1,
  options: [
    Option(
      "input", "F",
      "the input, .npy: rank 4 (batch, channel, height, width) or rank 3 (batch, channel, length)"),
    Option(
      "weight", "F",
      "the weights, .npy: (out, in/groups, kh, kw); for conv-transpose (in, out/groups, kh, kw); "
        + "for linear (out, in)"),
    Option("bias", "F", "one number for each output channel, .npy"),
    Option("output", "F", "where the result goes, .npy: f4, or i8 for argmax"),
  ] + OperationOptions.options(OperationOptions.windowNames + ["axis"]) + [
    Option("engine", "E", "reference or fast; both give the same answer")
  ],
  details: [
    "OP is \(listed(Operation.allCases.map(\.rawValue))). The results equal PyTorch's for the same "
      + "arguments, and ONNX's for asymmetric padding."
  ],
  examples: [
    Command.Example(
      "apply conv --input x.npy --weight w.npy --padding 1 --output y.npy",
      "the convolution of the maps in x.npy with the kernels in w.npy"),
    Command.Example(
      "apply max-pool --input x.npy --kernel 2 --ceil-mode --output y.npy",
      "the largest cell of each 2×2 window"),
  ],
  run: runApply)

@Sendable private func runApply(_ arguments: Arguments) throws {
  let operation = try Operation(arguments)
  let options = try OperationOptions(operation, arguments)
  _ = try arguments.choice("engine", of: ["reference", "fast"])
  let input = try arguments.required("input", "the .npy file to compute on")
  let output = try arguments.required("output", "the .npy file to write")
  let weight =
    operation.hasWeights
    ? try arguments.required("weight", "the .npy file with the weights of \(operation.rawValue)")
    : nil
  let application = Application(
    options: options, input: try readArray(input), weight: try weight.map(readArray),
    bias: try arguments["bias"].map(readBias))
  switch try application.result() {
  case .numbers(let numbers): try NPYWriter.write(numbers.map { Float($0) }, to: output)
  case .indices(let indices): try NPYWriter.write(indices, to: output)
  }
}

private func readBias(_ path: String) throws -> [Double] {
  let bias = try readArray(path)
  guard bias.shape.rank == 1 else {
    throw ExitStatus.data(
      "\(path): the bias has shape \(bias.shape); rank 1 is expected, one number for each output "
        + "channel")
  }
  return bias.elements
}
