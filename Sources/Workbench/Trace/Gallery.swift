import ConvolutionArithmetic
import LessonKit
import Tensors

/// The cases of `Docs/Gallery.md`: every numbered relationship of the guide, and what lies beyond it.
struct GalleryCase {
  /// The stem of its file: `relationship-06`.
  let name: String
  let title: String
  /// What there is to see, in a sentence or a formula.
  let remark: String
  /// What is typed after `convbook`, without the format.
  let line: String

  /// The command that draws it.
  var command: String { "convbook \(line) --format svg --animate" }

  /// All of them, the guide's first.
  static let all: [GalleryCase] = Relationship.guide.map { GalleryCase($0) } + further

  private init(name: String, _ title: String, _ remark: String, _ line: String) {
    (self.name, self.title, self.remark, self.line) = (name, title, remark, line)
  }

  /// The case of a numbered relationship: its own example, on both axes.
  private init(_ relationship: Relationship) {
    let number = relationship.number ?? 0
    let (window, input) = relationship.example
    func option(_ name: String, _ value: Int, unless usual: Int) -> String {
      value == usual ? "" : " --\(name) \(value)"
    }
    let operation =
      switch relationship.operation {
      case .convolution: "conv"
      case .transposedConvolution: "conv-transpose"
      case .pooling: "max-pool"
      }
    // The largest of 1, 2, 3, … would always be the last.
    let numbers = relationship.operation == .pooling ? Self.map : "\(input)x\(input)"
    self.init(
      name: "relationship-\(number < 10 ? "0" : "")\(number)",
      "\(number). \(relationship.name)", relationship.workedInstance,
      "trace \(operation) --input \(numbers) --kernel \(window.kernelSize)"
        + option("stride", window.stride, unless: relationship.operation == .pooling ? 0 : 1)
        + option("padding", window.paddingBefore, unless: 0)
        + option("dilation", window.dilation, unless: 1)
        + option("output-padding", window.outputPadding, unless: 0)
        // What the guide says of a transposed convolution is of the direct one that equals it.
        + (relationship.operation == .transposedConvolution ? " --form zero-insertion" : ""))
  }

  /// The map of the guide's figures.
  private static let map = "3,3,2,1,0/0,0,1,3,1/3,1,2,2,3/2,0,0,2,2/2,0,0,0,1"

  private static let further: [GalleryCase] = [
    GalleryCase(
      name: "four-forms", "Four ways to read the same taps",
      "One transposed convolution as window, scatter, matrix and with zeros inserted.",
      "trace conv-transpose --input 2x2 --kernel 3 --stride 2 --form all"),
    GalleryCase(
      name: "sum", "The numbers of the guide’s first figure",
      "Each output adds up nine products.",
      "trace conv --input \(map) --weight 0,1,2/2,2,0/0,1,2"),
    GalleryCase(
      name: "row", "One axis is enough",
      "Rows and columns behave alike, so most lessons show a row.",
      "trace conv --input 7 --kernel 3 --stride 2 --padding 1"),
    GalleryCase(
      name: "unread", "A row and a column that nobody reads",
      "(6 − 3)/2 leaves a rest: the last cells meet no window.",
      "trace conv --input 6x6 --kernel 3 --stride 2"),
    GalleryCase(
      name: "one-sided", "Padding at one end",
      "What TensorFlow calls SAME, with an even input: the odd cell comes last.",
      "trace conv --input 6x6 --kernel 3 --stride 2 --padding 0,0,1,1"),
    GalleryCase(
      name: "dilated-padded", "Dilation with as much padding",
      "With p = d the map keeps its size.",
      "trace conv --input 5x5 --kernel 3 --dilation 2 --padding 2"),
    GalleryCase(
      name: "scatter", "Scatter: each input leaves a stamp",
      "With stride 2 and kernel 3 the stamps overlap in a checkerboard.",
      "trace conv-transpose --input 3x3 --kernel 3 --stride 2 --form scatter"),
    GalleryCase(
      name: "scatter-even", "Scatter without a checkerboard",
      "Kernel 2, stride 2: the stamps lie side by side.",
      "trace conv-transpose --input 3x3 --kernel 2 --stride 2 --form scatter"),
    GalleryCase(
      name: "matrix", "The matrix of a convolution",
      "A row for each output; the kernel slides along in it.",
      "trace conv --input 4x4 --kernel 3 --form matrix"),
    GalleryCase(
      name: "matrix-transposed", "Its transpose",
      "The same numbers, read down the columns.",
      "trace conv-transpose --input 2x2 --kernel 3 --form matrix"),
    GalleryCase(
      name: "window", "A transposed convolution as windows",
      "Each output gathers what reaches it: without the zeros of 13, one, two or four products.",
      "trace conv-transpose --input 3x3 --kernel 3 --stride 2 --padding 1"),
    GalleryCase(
      name: "bilinear-kernel", "Upsampling by a transposed convolution",
      "A kernel of 4 with stride 2 and padding 1; its numbers are sixteenths of these.",
      "trace conv-transpose --input 3x3 --weight 1,3,3,1/3,9,9,3/3,9,9,3/1,3,3,1 --stride 2 --padding 1"
        + " --form scatter"),
    GalleryCase(
      name: "bilinear", "Upsampling by interpolation",
      "Each output lies between four inputs.", "trace bilinear --input 2x2 --scale 2"),
    GalleryCase(
      name: "bilinear-corners", "The same with corners aligned",
      "The first and the last cells stay where they are.",
      "trace bilinear --input 2x2 --scale 2 --align-corners"),
    GalleryCase(
      name: "max-pool", "Max pooling with padding",
      "Padding never wins.",
      "trace max-pool --input \(map) --kernel 3 --stride 2 --padding 1"),
    GalleryCase(
      name: "max-pool-ceil", "Max pooling, rounded up",
      "The last windows hang over the end.",
      "trace max-pool --input \(map) --kernel 2 --stride 2 --ceil-mode"),
    GalleryCase(
      name: "avg-pool", "Average pooling",
      "A quarter of the sum of four cells.", "trace avg-pool --input 4x4 --kernel 2 --stride 2"),
    GalleryCase(
      name: "linear", "A fully connected layer",
      "Each output has a row of weights.",
      "trace linear --input 1,2,3 --weight 1,0,2/0,1,-1"),
    GalleryCase(
      name: "softmax", "Softmax", "Each score as a share of all.",
      "trace softmax --input 1,2,3"),
  ]
}
