import CommandLineKit
import ConvolutionArithmetic
import Tensors

/// The options of an operation as they were typed, before the rank of the input is known.
struct OperationOptions {
  let operation: Operation
  var kernel: Extents?
  var stride: Extents?
  var dilation: Extents?
  var padding: PaddingOption
  var outputPadding: Extents?
  var groups: Int
  var rounding: Rounding
  var countsPadding: Bool
  var scale: Extents?
  var alignsCorners: Bool
  var axis: Int?

  /// Reads them.
  ///
  /// - Throws: `ExitStatus` 64 if one is not what it should be, or means nothing for the operation.
  init(_ operation: Operation, _ arguments: Arguments) throws(ExitStatus) {
    try operation.checkOptions(arguments)
    self.operation = operation
    kernel = try Extents(arguments, "kernel")
    stride = try Extents(arguments, "stride")
    dilation = try Extents(arguments, "dilation")
    padding = try PaddingOption(arguments)
    outputPadding = try Extents(arguments, "output-padding")
    groups = try arguments.number("groups") ?? 1
    scale = try Extents(arguments, "scale")
    axis = try arguments.number("axis")
    countsPadding = arguments.has("count-include-pad")
    alignsCorners = arguments.has("align-corners")
    let named = try arguments.choice("rounding", of: Rounding.allCases.map(\.rawValue))
    rounding = named.flatMap(Rounding.init(rawValue:)) ?? .floor
    if arguments.has("ceil-mode") {
      guard named == nil || rounding == .ceil else {
        throw .usage("--ceil-mode and --rounding \(rounding.rawValue) exclude each other")
      }
      rounding = .ceil
    }
  }

  /// All options that describe an operation, for the help of the commands that take them.
  static func options(_ names: [String]) -> [Option] {
    names.map { name in all.first { $0.name == name }! }
  }

  /// The names of the options that give a window.
  static let windowNames = [
    "kernel", "stride", "padding", "dilation", "output-padding", "groups", "ceil-mode", "rounding",
    "count-include-pad", "scale", "align-corners",
  ]

  private static let all: [Option] = [
    Option("kernel", "K", "kernel size: 3, or 2,3 for height,width"),
    Option(
      "stride", "S",
      "input cells from window to window: 2, or 2,1; the kernel size for pooling, else 1"
    ),
    Option(
      "padding", "P",
      "1, or 1,2 for height,width, or top,left,bottom,right, or same (as PyTorch), same-upper, "
        + "same-lower (as ONNX), valid"),
    Option("dilation", "D", "input cells from kernel cell to kernel cell: 2, or 2,1"),
    Option("output-padding", "P", "conv-transpose: which of the possible sizes is restored"),
    Option("groups", "G", "cut the channels into this many groups"),
    .flag("ceil-mode", "pooling: keep the last window that hangs over, as PyTorch"),
    Option("rounding", "R", "pooling: floor, ceil or caffe"),
    .flag("count-include-pad", "avg-pool: divide by the padding's cells too"),
    Option("scale", "F", "bilinear: the whole factor by which the map grows"),
    .flag("align-corners", "bilinear: the corner cells keep their places"),
    Option(
      "axis", "A", "softmax, argmax: the axis, from 0 or from the end with -1; 1 if not given"),
  ]
}
