import CommandLineKit
import ConvolutionArithmetic

let sizeCommand = Command(
  "size", in: .read, "the output size of an operation, with its arithmetic",
  operands: "OP", mostOperands: 1,
  options: [
    Option("input", "I", "the input size"),
    Option("kernel", "K", "the kernel size"),
  ],
  examples: [Command.Example("size conv --input 5 --kernel 3", "3: three places for the window")]
) { arguments in
  let input = try arguments.integer("input") ?? 1
  let kernel = try arguments.integer("kernel") ?? 1
  print(try Window(kernelSize: kernel).outputSize(input: input))
}
