import Interchange
import Tensors

let applyCommand: Command = Command(
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
    Option(
      "output", "F",
      "where the result goes, a .npy file of 32-bit numbers; of argmax of 64-bit integers"),
  ] + OperationOptions.options(OperationOptions.windowNames + ["axis"]) + [
    Option("engine", "E", "reference or fast; both give the same answer")
  ],
  details: [
    "OP is \(listed(Operation.allCases.map(\.rawValue))). The results equal PyTorch's for the same "
      + "arguments, and ONNX's for asymmetric padding. The padding of a pool may be anything below its "
      + "kernel, as in Caffe and ONNX; PyTorch refuses more than half of the kernel."
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
  try options.refuseVolumes()
  let engine = try arguments.choice("engine", of: Engine.allCases.map(\.rawValue))
  let input = try arguments.required("input", "the .npy file to compute on")
  let output = try arguments.required("output", "the .npy file to write")
  let weight =
    operation.hasWeights
    ? try arguments.required("weight", "the .npy file with the weights of \(operation.rawValue)")
    : nil
  if operation.isPooling {
    _ = try arguments.required("kernel", "the size of the pooling window")
  }
  if operation == .bilinear {
    _ = try arguments.required("scale", "the whole factor by which the map grows")
  }
  try checkArrayName(output)
  try InputFiles([input, weight, arguments["bias"]].compactMap(\.self)).check(output: output)
  let application = Application(
    options: options, engine: engine.flatMap(Engine.init(rawValue:)) ?? .reference,
    input: try NPYReader.read(path: input), weight: try weight.map(NPYReader.read(path:)),
    bias: try arguments["bias"].map(readBias))
  try application.result().write(to: output)
}

/// Refuses the name of another kind of file for an array; one without an ending, as `/dev/stdout`, is none.
///
/// - Throws: `ExitStatus` 64
func checkArrayName(_ path: String) throws(ExitStatus) {
  guard !["npy", ""].contains(FilePlace.ending(of: path)) else { return }
  throw .usage("\(path): an array is written, as .npy; the name must end in .npy")
}

private func readBias(_ path: String) throws -> NumericArray {
  let bias = try NPYReader.read(path: path)
  guard bias.shape.rank <= 1 else {
    throw ExitStatus.data(
      "\(path): the bias has shape \(bias.shape); rank 1 is expected, one number for each output "
        + "channel")
  }
  return bias
}

/// The files that a command reads. None of them may be written over, by whatever path or link its
/// output leads to it.
struct InputFiles {
  private var pathAt: [String: String] = [:]

  init(_ paths: [String]) {
    for path in paths where FilePlace.isFile(path) { pathAt[FilePlace.location(of: path)] = path }
  }

  /// Checks, before any work, that an output can be written and replaces no input.
  ///
  /// - Throws: `ExitStatus` 64 if it is an input; `FileProblem.cannotWrite`.
  func check(output: String) throws {
    try checkReplacement(by: output)
    try FilePlace.checkOutput(output)
  }

  /// Checks that an output replaces no input, also where its folder is not made yet.
  ///
  /// - Throws: `ExitStatus` 64
  func checkReplacement(by output: String) throws(ExitStatus) {
    guard let input = pathAt[FilePlace.location(of: output)] else { return }
    throw .usage("\(output) would replace the input \(input); give the output another name")
  }
}
