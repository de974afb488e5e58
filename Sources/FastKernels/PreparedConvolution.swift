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
  /// How the sums are computed.
  public let method: Method

  /// Whether the weights are those of the convolution of which this computes the gradient by its input:
  /// (inputs, outputs / groups, height, width), turned by 180°.
  let isTurned: Bool
  let rectify: Bool
  let pool: Bool
  let table: KernelTable
  let weights: Buffer
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
  ///   - packed: what ``packedWeights`` gave for the same weights, geometry and level; packed anew if
  ///     it has another size.
  public convenience init(
    _ convolution: Convolution, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    outputs: Int, inputs: Int, rectify: Bool = false, pool: Bool = false, exact: Bool = false,
    method: Method? = nil, packed: Buffer? = nil, threads: Threads = .all, level: Level = .best
  ) {
    self.init(
      convolution, weights: weights, bias: bias, outputs: outputs, inputs: inputs,
      rectify: rectify, pool: pool, exact: exact, method: method, packed: packed,
      threads: threads, table: level.table)
  }

  package init(
    _ convolution: Convolution, weights source: UnsafePointer<Float>,
    bias biasSource: UnsafePointer<Float>?, outputs: Int, inputs: Int, rectify: Bool, pool: Bool,
    exact: Bool, method: Method?, packed: Buffer? = nil, isTurned: Bool = false, threads: Threads,
    table: KernelTable
  ) {
    precondition(!convolution.isTransposed, "see PreparedTransposedConvolution")
    let (groups, kernelSize) = (convolution.groups, convolution.kernelSize)
    self.isTurned = isTurned
    self.convolution = convolution
    precondition(outputs % groups == 0 && inputs % groups == 0, "groups must divide the channels")
    self.outputs = outputs
    self.inputs = inputs
    self.rectify = rectify
    self.pool = pool
    self.table = table
    self.method =
      method ?? Self.method(convolution, inputs: inputs, outputs: outputs, exact: exact)
    precondition(
      self.method != .winograd || Self.canWinograd(convolution),
      "no Winograd form of this geometry")
    precondition(
      self.method != .product || Self.canProduct(inputs: inputs, groups: groups),
      "the groups do not fill blocks of 16")
    precondition(
      self.method != .depthwise || groups == inputs && groups == outputs, "the channels mix")

    let (columns, groupInputs) = (table.tileColumns, inputs / groups)
    guard self.method != .depthwise else {
      let lanes = ceilDivide(outputs, 16) * 16
      (groupWeights, groupBias) = (lanes * kernelSize.area, lanes)
      weights = packed?.count == groupWeights ? packed! : Buffer(count: groupWeights)
      bias = Buffer(count: groupBias)
      bias.clear()
      repack(weights: source, bias: biasSource, threads: threads)
      return
    }
    let panels = ceilDivide(outputs / groups, columns)
    let depth = ceilDivide(groupInputs, blockLength(self.method)) * blockLength(self.method)
    let frequencies = transform(self.method, kernelSize) * transform(self.method, kernelSize)
    groupWeights =
      frequencies == 0
      ? panels * columns * depth * kernelSize.area
      : frequencyStep(panels * columns * depth) * frequencies
    groupBias = ceilDivide(panels * columns, 16) * 16
    let isPacked = packed?.count == groups * groupWeights
    weights = isPacked ? packed! : Buffer(count: groups * groupWeights)
    bias = Buffer(count: groups * groupBias)
    bias.clear()
    if isPacked {
      packBias(biasSource)
    } else {
      repack(weights: source, bias: biasSource, threads: threads)
    }
  }

  /// The same layer, weights shared, for another thread to run on maps of its own at the same time.
  package init(sharing layer: PreparedConvolution) {
    (outputs, inputs) = (layer.outputs, layer.inputs)
    (convolution, method) = (layer.convolution, layer.method)
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

  /// The multiply-adds of the definition, for an input of this size: taps in the padding count too.
  public func multiplyAdds(input: Size) throws(GeometryError) -> Int {
    try convolvedSize(input: input).area * outputs * (inputs / groups) * kernelSize.area
  }

  /// The multiply-adds that the method leaves, transforms not counted, for an input of this size.
  public func remainingMultiplyAdds(input: Size) throws(GeometryError) -> Int {
    guard method == .winograd else { return try multiplyAdds(input: input) }
    let size = try convolvedSize(input: input)
    let (n, m) = kernelSize == 3 ? (6, 4) : (8, 2)
    return ceilDivide(size.height, m) * ceilDivide(size.width, m) * n * n
      * outputs * inputs
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
  /// The fastest method.
  public static func method(
    _ convolution: Convolution, inputs: Int, outputs: Int, exact: Bool = false
  ) -> Method {
    if convolution.groups > 1, convolution.groups == inputs, inputs == outputs { return .depthwise }
    // Blocks of 16 would be mostly zeros.
    return inputs / convolution.groups < 8
      ? .planar : methodOnBlocks(convolution, inputs: inputs, exact: exact)
  }

  /// The fastest method for maps that are in blocks of 16 channels anyway.
  public static func methodOnBlocks(
    _ convolution: Convolution, inputs: Int, exact: Bool = false
  ) -> Method {
    guard canProduct(inputs: inputs, groups: convolution.groups) else { return .planar }
    return !exact && canWinograd(convolution) ? .winograd : .product
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
