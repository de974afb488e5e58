import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

/// An operation on the reader's numbers, small enough to be shown whole.
struct LiveCase {
  /// The operations that a page shows.
  enum Operation: String, CaseIterable {
    case conv
    case convTranspose = "conv-transpose"
    case maxPool = "max-pool"
    case avgPool = "avg-pool"
    case bilinear
  }

  /// The most rows and columns of an input, of a kernel and of an output.
  static let most = (input: 16, kernel: 9, output: 40)

  let operation: Operation
  let traced: TraceCase<Exact>
  /// The window, as frameworks describe it; nil of an interpolation.
  let layer: FrameworkLayer?
  /// What to type for the same in a terminal.
  let command: String

  /// - Throws: `GeometryError` if the geometry is impossible, or too large to be shown.
  init(_ query: Query) throws(GeometryError) {
    operation = try Self.operation(query)
    guard let x = try query.map("input", most: Self.most.input) else {
      throw GeometryError("input is missing: numbers such as 1,2,3/4,5,6, or a size such as 5x5")
    }
    switch operation {
    case .conv, .convTranspose:
      let w = try Self.kernel(query)
      let layer = try Self.convolution(
        query, kernelSize: w.size, operation, isRow: Self.isRow(query))
      try Self.check(layer.outputSize(input: x.size))
      traced = try TraceCase(x, w, by: layer)
      self.layer = FrameworkLayer(.convolution(layer), input: x.size)
      command = traced.command() ?? ""
    case .maxPool, .avgPool:
      let pooling = try Self.pooling(query, isRow: Self.isRow(query))
      try Self.check(pooling.outputSize(input: x.size))
      traced =
        operation == .maxPool
        ? try .maxPool(x, by: pooling) : try .averagePool(x, by: pooling)
      layer = FrameworkLayer(
        operation == .maxPool ? .maxPooling(pooling) : .averagePooling(pooling), input: x.size)
      command =
        "convbook trace \(operation.rawValue) --input \(Self.text(x)) --kernel "
        + "\(pooling.kernelSize.width) --stride \(pooling.stride.width)"
        + (pooling.isPadded ? " --padding \(pooling.padding.left)" : "")
        + (pooling.rounding == .floor ? "" : " --rounding \(pooling.rounding.rawValue)")
        + (pooling.countIncludePad ? " --count-include-pad" : "")
    case .bilinear:
      let scale = Size(try query.number("scale", in: 1...8, unless: 2))
      try Self.check(Size(height: x.height * scale.height, width: x.width * scale.width))
      let corners = try query.flag("align-corners")
      traced = try .bilinear(x, scale: scale, alignCorners: corners)
      layer = nil
      command =
        "convbook trace bilinear --input \(Self.text(x)) --scale \(scale.width)"
        + (corners ? " --align-corners" : "")
    }
    guard traced.output.elements.allSatisfy({ $0.value != nil }) else {
      throw GeometryError(
        "the sums of these numbers do not fit; use smaller numbers, or fractions with like denominators"
      )
    }
  }

  static func operation(_ query: Query) throws(GeometryError) -> Operation {
    guard let operation = Operation(rawValue: query.name) else {
      throw GeometryError(
        "“\(query.name.visible)” is no operation of this page; it has "
          + Operation.allCases.map { $0.rawValue }.joined(separator: ", "))
    }
    return operation
  }

  /// The kernel that was typed, or 1, 2, 3, … of the size that was.
  private static func kernel(_ query: Query) throws(GeometryError) -> Tensor<Exact> {
    if let typed = try query.map("weight", most: most.kernel) { return typed }
    let size = try query.number("kernel", in: 1...most.kernel, unless: 3)
    return Tensor<Int>.ramp([1, 1, isRow(query) ? 1 : size, size]).map { Exact($0) }
  }

  /// Whether everything was typed as one row, as in a terminal: then numbers mean the row alone.
  private static func isRow(_ query: Query) -> Bool {
    let typed = [query["input"], query["weight"]].compactMap { $0 }
    return typed.allSatisfy { !$0.contains { "/;x".contains($0) } }
  }

  /// The convolution, or transposed one; of a row the numbers are along the row alone.
  static func convolution(
    _ query: Query, kernelSize: Size, _ operation: Operation, isRow: Bool = false
  ) throws(GeometryError) -> Convolution {
    let stride = try query.number("stride", in: 1...largestExtent, unless: 1)
    let padding = try query.number("padding", in: 0...largestExtent, unless: 0)
    let dilation = try query.number("dilation", in: 1...largestExtent, unless: 1)
    let extra = try query.number("output-padding", in: 0...largestExtent, unless: 0)
    let forward = try Convolution(
      kernelSize: kernelSize, stride: Size(height: isRow ? 1 : stride, width: stride),
      padding: Padding(Size(height: isRow ? 0 : padding, width: padding)),
      dilation: Size(height: isRow ? 1 : dilation, width: dilation))
    guard operation == .convTranspose else {
      guard extra == 0 else {
        throw GeometryError(
          "output-padding is \(extra); only conv-transpose has it, to choose among its sizes")
      }
      return forward
    }
    return try forward.transposed(
      outputPadding: Size(height: isRow ? 0 : extra, width: extra))
  }

  static func pooling(_ query: Query, isRow: Bool = false) throws(GeometryError) -> Pooling {
    let kernel = try query.number("kernel", in: 1...largestExtent, unless: 2)
    let padding = try query.number("padding", in: 0...largestExtent, unless: 0)
    let name = query["rounding"] ?? Rounding.floor.rawValue
    guard let rounding = Rounding(rawValue: name) else {
      throw GeometryError(
        "rounding is “\(name.visible)”; it is "
          + Rounding.allCases.map { $0.rawValue }.joined(separator: ", "))
    }
    let stride = try query.number("stride", in: 1...largestExtent, unless: kernel)
    let dilation = try query.number("dilation", in: 1...largestExtent, unless: 1)
    return try Pooling(
      kernelSize: Size(height: isRow ? 1 : kernel, width: kernel),
      stride: Size(height: isRow ? 1 : stride, width: stride),
      padding: Padding(Size(height: isRow ? 0 : padding, width: padding)),
      dilation: Size(height: isRow ? 1 : dilation, width: dilation),
      rounding: rounding, countIncludePad: try query.flag("count-include-pad"))
  }

  private static func check(_ output: Size) throws(GeometryError) {
    guard output.height <= most.output, output.width <= most.output else {
      throw GeometryError(
        "the output would be \(output); here it can have up to \(most.output) rows and columns, and "
          + "convbook trace --cell shows one cell of larger ones")
    }
  }

  /// The numbers as they are typed in a terminal.
  static func text(_ x: Tensor<Exact>) -> String {
    typed(x.cellTexts().map { $0.map { Fraction.plain($0) } })
  }
}
