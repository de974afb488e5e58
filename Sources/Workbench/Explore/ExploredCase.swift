import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

/// One case as it is explored: the words of its trace, and what they come to. A key that changes the case
/// changes the words, so that what is shown is what the words give.
struct ExploredCase {
  let arguments: Arguments
  let operation: Operation
  let form: TraceForm
  let traced: any ExploredTrace
  /// By what the gradient is taken that is looked at; nil going forward.
  let target: GradientTarget?
  /// What `size` says of it; nil for an operation whose size needs no formula.
  let report: SizeReport?
  /// The numbers of the input, of the kernel or the weights.
  let input: TraceArray
  let kernel: TraceArray?
  /// The size of the layer's input, whichever way it is looked at.
  let inputSize: Size
  /// Whether it has one axis, so that each option has one number.
  let isSequence: Bool
  /// The padding, where a rule may have chosen it.
  let padding: Padding
  /// How wide the numbers of the input, the kernel and the output are at most.
  let widths: (input: Int, kernel: Int, output: Int)

  /// - Throws: the sentence of what is wrong with these words.
  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    operation = try Operation(arguments)
    let options = try OperationOptions(operation, arguments)
    try options.refuseVolumes()
    let form = try arguments.choice("form", of: TraceForm.allCases.map(\.rawValue))
    self.form = form.flatMap(TraceForm.init(rawValue:)) ?? .window
    input = try TraceArray(
      arguments.required(
        "input", "numbers such as 1,2,3/4,5,6, a size such as 5x5, or a .npy file"),
      "--input")
    // One cell at a time is computed; there is always a first one.
    let traced = TracedOperation(
      options: options, arguments: arguments, input: input, form: self.form, cell: (0, 0))
    self.traced = try traced.read(ExploredReader())
    _ = try self.traced.sight(ofOutput: .init(row: 0, column: 0), picture: 0, showing: 0, self.form)
    switch operation {
    case .conv, .convTranspose: kernel = try traced.kernel()
    case .linear: kernel = try arguments["weight"].map { try TraceArray($0, "--weight") }
    default: kernel = nil
    }
    isSequence = input.shape.rank % 2 == 1 && (kernel?.shape.rank ?? 1) % 2 == 1
    target = try GradientRequest(arguments)?.target
    inputSize = Size(height: input.maps.shape[2], width: input.maps.shape[3])
    let size = inputSize
    let kernelSize = kernel.map { array in
      let extents = array.shape.dimensions
      return Size(
        height: extents.count % 2 == 0 ? extents[extents.count - 2] : 1,
        width: extents[extents.count - 1])
    }
    switch operation {
    case .conv, .convTranspose:
      padding = try options.convolution(
        kernelSize: kernelSize!, input: size, isSequence: isSequence
      ).padding
    case .maxPool, .avgPool:
      padding = try options.pooling(input: size, isSequence: isSequence).padding
    default: padding = 0
    }
    report = try Self.report(
      arguments, operation, kernelSize, input.maps.shape, isSequence: isSequence)
    func widest(_ texts: [String]) -> Int { texts.map(\.count).max() ?? 1 }
    widths = (
      max(widest(input.texts), widest(self.traced.givenRows.flatMap { $0 })),
      max(widest(kernel?.texts ?? []), self.traced.widestFactor),
      self.traced.widestOutput
    )
  }

  private static func report(
    _ arguments: Arguments, _ operation: Operation, _ kernel: Size?, _ input: Shape,
    isSequence: Bool
  ) throws -> SizeReport? {
    guard Operation.windowed.contains(operation) || operation == .bilinear && !isSequence else {
      return nil
    }
    var words = GradientRequest.options.reduce(arguments.setting("weight", to: nil)) {
      $0.setting($1.name, to: nil)
    }
    if let kernel {
      words = words.setting(
        "kernel", to: isSequence ? "\(kernel.width)" : "\(kernel.height),\(kernel.width)")
    }
    var options = try OperationOptions(operation, words)
    if isSequence { options.dimensions = 1 }
    let axes = isSequence ? "\(input[3])" : "\(input[2])x\(input[3])"
    let text = input[1] > 1 && !isSequence ? "\(input[1])x\(axes)" : axes
    return try SizeReport(options, input: MapSize(text, "--input"))
  }
}

/// A case whatever its numbers are, seen from one cell or another.
protocol ExploredTrace: Sendable {
  /// Pictures, maps, rows and columns.
  var inputShape: Shape { get }
  var outputShape: Shape { get }
  /// Whether all maps are single rows, so that one number names a cell.
  var isRow: Bool { get }
  /// The most characters of a number of the output.
  var widestOutput: Int { get }
  /// The same of what a gradient's cells are multiplied by.
  var widestFactor: Int { get }
  /// What a cell of either is called.
  var givenWord: String { get }
  var resultWord: String { get }
  /// What all of the result is called.
  var resultTitle: String { get }
  /// The rows of the first map that is given, as texts.
  var givenRows: [[String]] { get }
  func has(_ form: TraceForm) -> Bool
  func inputMaps(ofOutput map: Int) -> Range<Int>
  func readers(of place: Equation.Place, inMap map: Int) -> [Equation.Place]
  func figure(
    _ form: TraceForm, cell: (row: Int, column: Int)?, part: FigurePart?, picture: Int,
    caption: String?
  ) throws(GeometryError) -> Figure
  func sight(
    ofOutput place: Equation.Place, picture: Int, showing map: Int, _ form: TraceForm
  ) throws(GeometryError) -> Sight
  func sight(
    ofInput place: Equation.Place, picture: Int, showing map: Int, _ form: TraceForm
  ) throws(GeometryError) -> Sight
}

extension ExploredTrace {
  var inputSize: Size { Size(height: inputShape[2], width: inputShape[3]) }
  var outputSize: Size { Size(height: outputShape[2], width: outputShape[3]) }
}

extension TraceCase: ExploredTrace {
  var inputShape: Shape { input.shape }
  var outputShape: Shape { output.shape }
  var givenRows: [[String]] { input.cellTexts() }
  // A share is written with six digits after the point.
  var widestOutput: Int { output.elements.map { min(8, numberText($0).count) }.max() ?? 1 }
}

private struct ExploredReader: TraceReader {
  func read<Scalar>(_ traced: TraceCase<Scalar>) -> any ExploredTrace { traced }
}

extension ExploredCase {
  /// The line that makes the trace of one cell, or of all.
  func command(cell: Equation.Place?) -> String {
    var words = ["convbook", "trace"] + arguments.operands
    for option in traceCommand.options where arguments.has(option.name) {
      guard let value = option.value.map({ _ in arguments[option.name]! }) else {
        words.append("--\(option.name)")
        continue
      }
      words += ["--\(option.name)", value]
    }
    if let cell {
      words += ["--cell", traced.isRow ? "\(cell.column)" : "\(cell.row),\(cell.column)"]
    }
    return words.map(quoted).joined(separator: " ")
  }
}

/// A word as a shell takes it: in quotes where it would read something else into it.
func quoted(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_=+.,/:@%".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

/// Which numbers the input has, or the kernel, whatever its size.
struct ExploredNumbers: Equatable {
  enum Source: String, CaseIterable {
    /// 1, 2, 3, …
    case ramp
    /// What was typed.
    case own
    /// A single 1 among zeros.
    case one
  }

  private(set) var source: Source
  /// The rows that were typed, as texts.
  private(set) var own: [[String]]?
  /// The file that they are read from.
  private let file: String?

  /// What a word stands for: `5x5`, `1,2/3,4`, a file.
  ///
  /// - Parameter array: its numbers.
  init(_ text: String?, _ array: TraceArray?) {
    switch text.map(TraceArray.Kind.init) {
    case .typed:
      let width = array?.shape.dimensions.last ?? 1
      let texts = array?.texts ?? []
      own = stride(from: 0, to: texts.count, by: width).map { Array(texts[$0..<$0 + width]) }
      (source, file) = (.own, nil)
    case .file: (source, own, file) = (.own, nil, text)
    case .ramp, nil: (source, own, file) = (.ramp, nil, nil)
    }
  }

  /// The sources there are, in turn.
  mutating func turn() {
    let all = Source.allCases.filter { $0 != .own || own != nil || file != nil }
    source = all[(all.firstIndex(of: source)! + 1) % all.count]
  }

  /// Whether they have one size alone, that of their file.
  var isFile: Bool { source == .own && file != nil }

  /// Takes these numbers for one's own.
  mutating func take(_ rows: [[String]]) {
    (source, own) = (.own, rows)
  }

  /// The word for numbers of this size; cells beyond those that were typed are 0.
  ///
  /// - Parameter one: where the single 1 stands.
  func word(_ size: Size, isRow: Bool, one: Equation.Place) -> String {
    switch source {
    case .ramp: return isRow ? "\(size.width)" : "\(size.height)x\(size.width)"
    case .own:
      return file
        ?? word(size) { row, column in
          let rows = own ?? []
          return row < rows.count && column < rows[row].count ? rows[row][column] : "0"
        }
    case .one: return word(size) { $0 == one.row && $1 == one.column ? "1" : "0" }
    }
  }

  private func word(_ size: Size, _ text: (Int, Int) -> String) -> String {
    typed((0..<size.height).map { row in (0..<size.width).map { text(row, $0) } })
  }
}
