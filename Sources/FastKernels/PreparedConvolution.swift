public import ConvolutionArithmetic
package import KernelInterface
public import Tensors

/// A convolution whose weights are packed for the kernels, ready to be run on many maps.
///
/// ```swift
/// let layer = PreparedConvolution(
///   try Convolution(kernelSize: 3, padding: 100), weights: w, bias: b, outputs: 64, inputs: 3,
///   rectify: true)
/// let y = FeatureMap(channels: 64, size: try layer.outputSize(input: x.size))
/// layer.run(x, into: y, workspace)
/// ```
///
/// Which method is taken is told in ``Method``; all give the same answer within their rounding.
public final class PreparedConvolution {
  /// How the sums are computed.
  public enum Method: String, Sendable {
    /// F(4×4, 3×3) or F(2×2, 7×7): 4 or 3 times fewer multiplications. For kernels 3×3 or 7×7 with
    /// stride and dilation 1 and one group.
    case winograd
    /// A matrix product of gathered pixels: any geometry.
    case product
    /// A product that reads planar maps: for few channels.
    case planar
    /// Each channel by itself, where every one has a group of its own.
    case depthwise
  }

  /// The output channels of all groups.
  public let outputs: Int
  /// The input channels of all groups.
  public let inputs: Int
  public let convolution: Convolution
  /// How the sums are computed, if the map is not small; see ``method(output:)``.
  public let method: Method
  /// Whether somebody chose the method, which is then taken for small maps too.
  private let isChosen: Bool

  /// Whether the weights are those of the convolution of which this computes the gradient by its input:
  /// (inputs, outputs / groups, height, width), turned by 180°.
  let isTurned: Bool
  let rectify: Bool
  let pool: Bool
  let table: KernelTable
  package let weights: Buffer
  let bias: Buffer
  /// Floats of the packed weights, and of the bias, of one group; channel by channel, of all.
  let groupWeights: Int
  let groupBias: Int
  var plan: TilePlan?

  /// Packs weights (outputs, inputs / groups, height, width) in row-major order.
  ///
  /// - Parameters:
  ///   - bias: one number for each output; nil means 0.
  ///   - rectify: whether max(0, ·) is taken of each sum.
  ///   - pool: whether the largest of each 2×2 cells is taken in the end, rounding the size up.
  ///   - exact: direct sums only, no Winograd.
  ///   - method: instead of the fastest method; it must be able to do the geometry.
  ///   - output: how large the convolution's output will be, if that is known: weights of 7×7 are packed
  ///     for it, and can be used for every other size.
  ///   - packed: what ``packedWeights`` gave for the same weights, geometry and level, of
  ///     ``packedCount(_:inputs:outputs:exact:output:level:)`` numbers: then no weights are read, and none
  ///     need be given.
  ///   - forget: called with ranges of the weights that are packed and not read again.
  public convenience init(
    _ convolution: Convolution, weights: UnsafePointer<Float>?, bias: UnsafePointer<Float>?,
    outputs: Int, inputs: Int, rectify: Bool = false, pool: Bool = false, exact: Bool = false,
    method: Method? = nil, output: Size? = nil, packed: Buffer? = nil, threads: Threads = .all,
    level: Level = .best, forget: (Range<Int>) -> Void = { _ in }
  ) {
    self.init(
      convolution, weights: weights, bias: bias, outputs: outputs, inputs: inputs,
      rectify: rectify, pool: pool, exact: exact, method: method, output: output,
      packed: packed, threads: threads, table: level.table, forget: forget)
  }

  package init(
    _ convolution: Convolution, weights source: UnsafePointer<Float>?,
    bias biasSource: UnsafePointer<Float>?, outputs: Int, inputs: Int, rectify: Bool, pool: Bool,
    exact: Bool, method: Method?, output: Size? = nil, packed: Buffer? = nil,
    isTurned: Bool = false, threads: Threads, table: KernelTable,
    forget: (Range<Int>) -> Void = { _ in }
  ) {
    precondition(!convolution.isTransposed, "see PreparedTransposedConvolution")
    let groups = convolution.groups
    self.isTurned = isTurned
    self.convolution = convolution
    precondition(outputs % groups == 0 && inputs % groups == 0, "groups must divide the channels")
    self.outputs = outputs
    self.inputs = inputs
    self.rectify = rectify
    self.pool = pool
    self.table = table
    self.method =
      method
      ?? Self.method(
        convolution, inputs: inputs, outputs: outputs, exact: exact, output: output)
    isChosen = method != nil
    precondition(
      self.method != .winograd || Self.canWinograd(convolution),
      "no Winograd form of this geometry")
    precondition(
      self.method != .product || Self.canProduct(inputs: inputs, groups: groups),
      "the groups do not fill blocks of 16")
    precondition(
      self.method != .depthwise || groups == inputs && groups == outputs, "the channels mix")

    (groupWeights, groupBias) = Self.packedCounts(
      convolution, inputs: inputs, outputs: outputs, self.method, table)
    let count = groupWeights * (self.method == .depthwise ? 1 : groups)
    bias = Buffer(count: groupBias * (self.method == .depthwise ? 1 : groups))
    bias.clear()
    if let packed, packed.count == count {
      weights = packed
      packBias(biasSource)
    } else {
      weights = Buffer(count: count)
      guard let source else { preconditionFailure("there are no weights to be packed") }
      repack(weights: source, bias: biasSource, threads: threads, forget: forget)
    }
  }

  /// How many numbers the packed weights of a convolution have.
  public static func packedCount(
    _ convolution: Convolution, inputs: Int, outputs: Int, exact: Bool = false,
    output: Size? = nil, level: Level = .best
  ) -> Int {
    let method = method(
      convolution, inputs: inputs, outputs: outputs, exact: exact, output: output)
    return packedCounts(convolution, inputs: inputs, outputs: outputs, method, level.table).weights
      * (method == .depthwise ? 1 : convolution.groups)
  }

  /// The packed numbers of one group; channel by channel, of all.
  private static func packedCounts(
    _ convolution: Convolution, inputs: Int, outputs: Int, _ method: Method, _ table: KernelTable
  ) -> (weights: Int, bias: Int) {
    let (groups, cells) = (convolution.groups, convolution.kernelSize.area)
    guard method != .depthwise else {
      let lanes = ceilDivide(outputs, 16) * 16
      return (lanes * cells, lanes)
    }
    let columns = ceilDivide(outputs / groups, table.tileColumns) * table.tileColumns
    let length = blockLength(method)
    let count = columns * ceilDivide(inputs / groups, length) * length
    let transform = packedTransform(method, convolution.kernelSize)
    return (
      transform == 0 ? count * cells : frequencyStep(count) * transform * transform,
      ceilDivide(columns, 16) * 16
    )
  }

  /// The same layer, weights shared, for another thread to run on maps of its own at the same time.
  package init(sharing layer: PreparedConvolution) {
    (outputs, inputs) = (layer.outputs, layer.inputs)
    (convolution, method, isChosen) = (layer.convolution, layer.method, layer.isChosen)
    (rectify, pool, isTurned) = (layer.rectify, layer.pool, layer.isTurned)
    (table, weights, bias) = (layer.table, layer.weights, layer.bias)
    (groupWeights, groupBias) = (layer.groupWeights, layer.groupBias)
  }

  /// The size of the convolution's output, before pooling.
  public func convolvedSize(input: Size) throws(GeometryError) -> Size {
    try convolution.outputSize(input: input)
  }

  /// The size of the output for an input of this size.
  public func outputSize(input: Size) throws(GeometryError) -> Size {
    let size = try convolvedSize(input: input)
    return pool ? try halving.outputSize(input: size) : size
  }

  /// The multiply-adds that the method leaves, transforms not counted, for an input of this size. After it
  /// was run on one, those of what is copied, because the input repeats itself, are not counted either.
  public func remainingMultiplyAdds(input: Size) throws(GeometryError) -> Int {
    let size = try convolvedSize(input: input)
    let computed = plan.flatMap { $0.inputSize == input ? $0.reached : nil }
    let each = outputs * (inputs / groups)
    switch method(output: size) {
    case .winograd:
      let (n, m) = Self.winogradTile(kernelSize)
      return (computed ?? ceilDivide(size.height, m) * ceilDivide(size.width, m)) * n * n * each
    case .product: return (computed ?? size.area) * kernelSize.area * each
    case .planar:
      // Windows that see nothing but padding give the bias.
      let inside = Interior(convolution, input: input, output: size)
      return inside.rows.count * inside.columns.count * kernelSize.area * each
    case .depthwise: return size.area * kernelSize.area * each
    }
  }

  /// The packed weights, for keeping them in a file; they live as long as this object.
  public var packedWeights: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: weights.pointer, count: weights.count)
  }

  /// Bytes of packed weights.
  public var byteCount: Int { (weights.count + bias.count) * 4 }
}

extension PreparedConvolution {
  var groups: Int { convolution.groups }
  var kernelSize: Size { convolution.kernelSize }
  var stride: Size { convolution.stride }
  var padding: Padding { convolution.padding }
  var dilation: Size { convolution.dilation }
}

/// Pooling 2×2 with stride 2, rounded up.
let halving: Pooling = {
  do { return try Pooling(kernelSize: 2, rounding: .ceil) } catch { fatalError("\(error)") }
}()

extension PreparedConvolution {
  /// The fastest method; weights of 7×7 are packed for it.
  ///
  /// - Parameter output: how large the convolution's output will be, if that is known.
  public static func method(
    _ convolution: Convolution, inputs: Int, outputs: Int, exact: Bool = false, output: Size? = nil
  ) -> Method {
    if convolution.groups > 1, convolution.groups == inputs, inputs == outputs { return .depthwise }
    // Blocks of 16 would be mostly zeros.
    return inputs / convolution.groups < 8
      ? .planar
      : methodOnBlocks(convolution, inputs: inputs, exact: exact, output: output)
  }

  /// The fastest method for maps that are in blocks of 16 channels anyway.
  public static func methodOnBlocks(
    _ convolution: Convolution, inputs: Int, exact: Bool = false, output: Size? = nil
  ) -> Method {
    guard canProduct(inputs: inputs, groups: convolution.groups) else { return .planar }
    guard !exact, canWinograd(convolution) else { return .product }
    guard convolution.kernelSize == 7, let output else { return .winograd }
    return isSmall(output, convolution.kernelSize) ? .product : .winograd
  }

  /// How the sums of an output of this size are computed: the weights of 3×3 kernels are packed alike for
  /// Winograd and for a plain product, which few cells are sooner done by, and more exactly.
  public func method(output: Size) -> Method {
    method == .winograd && kernelSize == 3 && !isChosen && Self.isSmall(output, kernelSize)
      ? .product : method
  }

  /// Whether an output has too few cells to pay for Winograd's transforms of 3×3 weights, or for reading the
  /// 64 numbers of transformed 7×7 weights in place of 49.
  private static func isSmall(_ output: Size, _ kernelSize: Size) -> Bool {
    output.area < (kernelSize == 3 ? 64 : 26)
  }

  /// Whether there is a Winograd form of the geometry.
  static func canWinograd(_ convolution: Convolution) -> Bool {
    (convolution.kernelSize == 3 || convolution.kernelSize == 7) && convolution.stride == 1
      && convolution.dilation == 1 && convolution.groups == 1
  }

  /// Whether the channels of each group fill blocks.
  static func canProduct(inputs: Int, groups: Int) -> Bool {
    groups == 1 || inputs / groups % 16 == 0
  }
}

/// How many inputs are packed side by side: blocks of 16, or single ones for planar maps.
func blockLength(_ method: PreparedConvolution.Method) -> Int {
  method == .planar ? 1 : 16
}

/// The side of the tiles of numbers in which weights are packed: 8 for F(2×2, 7×7); 0 if they are packed
/// as they are, as those of F(4×4, 3×3), which are transformed when they are used.
func packedTransform(_ method: PreparedConvolution.Method, _ kernelSize: Size) -> Int {
  method == .winograd && kernelSize == 7 ? 8 : 0
}

/// Floats from one frequency to the next: one cache line more than needed, so that the frequencies do
/// not compete for the same lines.
func frequencyStep(_ count: Int) -> Int { count + 16 }
