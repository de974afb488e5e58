public import ConvolutionArithmetic
import Primitives
public import Tensors

/// A case whose arithmetic is to be shown: an operation, what it is given, and what comes out.
///
/// ```swift
/// let example = try TraceCase.convolution(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
/// try example.equation(row: 0, column: 2).text   // output 2 = 3·1 + 4·0 + 5·(-1) = -2
/// try example.trace(.window)                     // all cells
/// ```
///
/// The result is the primitive's; every term comes from the taps of the geometry, the same relation
/// that the primitive adds up.
public struct TraceCase<Scalar: Numeric & Sendable & CustomStringConvertible>: Sendable {
  /// What is given, (batch, channels, height, width); every picture is traced.
  public let input: Tensor<Scalar>
  public let output: Tensor<Scalar>
  let arithmetic: Arithmetic
  /// The input's numbers where they are written otherwise than `input` has them.
  private var inputTexts: [String]?
  /// The output's likewise: the shares of softmax have six digits.
  private var outputTexts: [String]?
  /// How numbers that are computed are written, if not as they are.
  var written: (@Sendable (Scalar) -> String)?
  /// Of a gradient: the names of its maps, and what came forward.
  var names: (given: MapNames, result: MapNames)?
  var forward: Forward?
  /// What its caption says besides the sizes.
  private(set) var remark = ""

  /// How a cell of the output is made.
  enum Arithmetic: Sendable {
    case convolution(Kernels)
    /// Each window with the place of its winner in the map.
    case largest(Geometry, winners: Tensor<Int>)
    case mean(AveragingWindows)
    /// Along each axis, the cells that an output cell lies between, with their weights.
    case blend(rows: [[(cell: Int, weight: Scalar)]], columns: [[(cell: Int, weight: Scalar)]])
    /// Each row of the weights, a map, with each row of the input.
    case rows(weight: Tensor<Scalar>, bias: [Scalar]?)
    case softmax(alongRows: Bool)
    case argmax(alongRows: Bool)
    case gathering(Gathering)
  }

  struct Kernels: Sendable {
    let convolution: Convolution
    let weight: Tensor<Scalar>
    let bias: [Scalar]?
    let channels: ChannelGroups
    let geometry: Geometry
    /// The distance of the cells between which zeros were inserted.
    var insertion: Size = 1
  }

  init(_ input: Tensor<Scalar>, _ output: Tensor<Scalar>, _ arithmetic: Arithmetic) {
    (self.input, self.output, self.arithmetic) = (input, output, arithmetic)
  }

  /// The case of a convolution or a transposed one.
  public init(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
  ) throws(GeometryError) {
    try self.init(x, w, bias: bias, by: convolution, insertion: 1)
  }

  init(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]?, by convolution: Convolution,
    insertion: Size
  ) throws(GeometryError) {
    let kernels = Kernels(
      convolution: convolution, weight: w, bias: bias,
      channels: try ChannelGroups(convolution, input: x.shape, weight: w.shape, bias: bias?.count),
      geometry: try convolution.geometry(input: x.size), insertion: insertion)
    self.init(x, try convolve(x, w, bias: bias, by: convolution), .convolution(kernels))
  }

  /// The case of a convolution.
  public static func convolution(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
  ) throws(GeometryError) -> TraceCase {
    let convolution = try Convolution(
      of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return try TraceCase(x, w, bias: bias, by: convolution)
  }

  /// The case of a transposed convolution.
  public static func transposed(
    _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
    groups: Int = 1
  ) throws(GeometryError) -> TraceCase {
    let forward = try Convolution(
      of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return try TraceCase(
      y, w, bias: bias, by: forward.transposed(outputPadding: outputPadding))
  }

  public static func maxPool(
    _ x: Tensor<Scalar>, by pooling: Pooling
  ) throws(GeometryError) -> TraceCase where Scalar: Ordered {
    let pooled = try maxPoolWithIndices(x, by: pooling)
    return TraceCase(
      x, pooled.values, .largest(try pooling.geometry(input: x.size), winners: pooled.indices))
  }

  public static func averagePool(
    _ x: Tensor<Scalar>, by pooling: Pooling
  ) throws(GeometryError) -> TraceCase where Scalar: Divisible {
    var traced = TraceCase(
      x, try Primitives.averagePool(x, by: pooling),
      .mean(try AveragingWindows(pooling, inputSize: x.size)))
    if pooling.countIncludePad { traced.remark = ", padding counted" }
    return traced
  }

  /// The case of an interpolation by a whole factor.
  public static func bilinear(
    _ x: Tensor<Scalar>, scale: Size, alignCorners: Bool = false
  ) throws(GeometryError) -> TraceCase where Scalar: Divisible {
    let y = try interpolateBilinear(x, scale: scale, alignCorners: alignCorners)
    func weights(_ input: Int, _ output: Int, _ factor: Int) -> [[(cell: Int, weight: Scalar)]] {
      (blends(from: input, to: output, factor, alignCorners) as [Blend<Scalar>]).map { $0.shares }
    }
    var traced = TraceCase(
      x, y,
      .blend(
        rows: weights(x.height, y.height, scale.height),
        columns: weights(x.width, y.width, scale.width)))
    if alignCorners { traced.remark = ", corners aligned" }
    return traced
  }

  /// The case of a fully connected layer: `x` (batch, in) and `w` (out, in).
  public static func linear(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil
  ) throws(GeometryError) -> TraceCase {
    TraceCase(
      x.asMap, try Primitives.linear(x, w, bias: bias).asMap, .rows(weight: w.asMap, bias: bias))
  }

  /// The input's number at a place.
  func inputText(_ picture: Int, _ place: Equation.Place) -> String {
    if let inputTexts { return inputTexts[place.row * input.width + place.column] }
    return numberText(input[picture, place.map, place.row, place.column])
  }
}

extension TraceCase {
  /// The output's number at a place.
  func outputText(_ picture: Int, _ place: Equation.Place) -> String {
    if let outputTexts { return outputTexts[place.row * output.width + place.column] }
    return computedText(output[picture, place.map, place.row, place.column])
  }
}

extension TraceCase {
  /// A number that was computed.
  func computedText(_ number: Scalar) -> String { written?(number) ?? numberText(number) }
}

extension TraceCase<Double> {
  /// The same case, what is computed in it written with six digits after the point.
  public var withSixDigits: TraceCase {
    var rounded = self
    rounded.written = { decimal($0, 6) }
    return rounded
  }

  /// The case of softmax along an axis of a row, or of rows.
  ///
  /// - Parameter texts: the numbers of `x` as they are to be written.
  public static func softmax(
    _ x: Tensor<Double>, axis: Int, texts: [String]
  ) throws(GeometryError) -> TraceCase {
    let y = try Primitives.softmax(x, axis: axis)
    var traced = TraceCase(x.asMap, y.asMap, .softmax(alongRows: x.isLast(axis)))
    traced.inputTexts = texts
    traced.outputTexts = y.elements.map { decimal($0, 6) }
    return traced
  }

  /// The case of argmax along an axis of a row, or of rows.
  public static func argmax(
    _ x: Tensor<Double>, axis: Int, texts: [String]
  ) throws(GeometryError) -> TraceCase {
    let y = try Primitives.argmax(x, axis: axis, keepingAxis: true)
    var traced = TraceCase(x.asMap, y.asMap.map { Double($0) }, .argmax(alongRows: x.isLast(axis)))
    traced.inputTexts = texts
    return traced
  }
}

extension Tensor {
  /// A row, or rows, as one map.
  fileprivate var asMap: Tensor {
    reshaped([1, 1, shape.rank == 1 ? 1 : shape[0], shape[shape.rank - 1]])
  }

  fileprivate func isLast(_ axis: Int) -> Bool { axis == -1 || axis == shape.rank - 1 }
}

extension TraceCase {
  /// Whether all maps are single rows, so that one number names a cell.
  package var isRow: Bool {
    let isRow = input.height == 1 && output.height == 1
    return switch arithmetic {
    case .convolution(let kernels): isRow && kernels.weight.height == 1
    // A column of scores has one row for each, whatever is left of them.
    case .rows, .softmax, .argmax: output.height == 1
    case .gathering(let gathering): gathering.isRow
    default: isRow
    }
  }

  /// What a cell of either is called: `input`, `gradient by output`.
  package var givenWord: String { inputNames.word }
  package var resultWord: String { outputNames.word }
  /// What all of the result is called: `output`, `gradient by the weights`.
  package var resultTitle: String { outputNames.what }

  var inputNames: MapNames { names?.given ?? MapNames("input", input, isRow: isRow) }
  var outputNames: MapNames { names?.result ?? MapNames("output", output, isRow: isRow) }
}

/// The 5×5 input that Dumoulin and Visin's guide to convolution arithmetic uses throughout.
public let guideInput = Tensor<Int>([
  [3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1],
])

/// The guide's 3×3 kernel.
public let guideKernel = Tensor<Int>([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
