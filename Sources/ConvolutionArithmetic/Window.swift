internal import Tensors

/// A sliding window along one axis, before it meets an input: the kernel size, stride, dilation and
/// padding of a convolution or a pooling, and which way its taps are read.
///
/// ```swift
/// let window = try Window(kernelSize: 3, stride: 2, padding: 1)
/// try window.outputSize(input: 5)                 // 3
/// window.inputSizes(output: 3)                    // 5...6
/// try window.transposed().outputSize(input: 3)    // 2·(3−1) + 3 − 2·1 = 5
/// ```
///
/// Read as a transposed convolution it keeps the numbers of the *forward* one, the one being
/// transposed: the padding is p, which is taken away. ``equivalentConvolution()`` has the other
/// one, p′.
public struct Window: Hashable, Sendable {
  /// What the taps are read as.
  public enum Reading: Hashable, Sendable {
    /// From input to output, as a convolution or a pooling; convolutions take the floor.
    case sliding(Rounding)
    /// From output to input. The output padding adds cells at the far end, to choose which forward
    /// input size is restored (the guide's a). It adds no zeros to the values: the new cells are
    /// computed like the others.
    case transposed(outputPadding: Int)
  }

  /// Cells of the kernel: k.
  public let kernelSize: Int
  /// Input cells from one output to the next: s.
  public let stride: Int
  /// Input cells from one kernel cell to the next: d.
  public let dilation: Int
  /// Zeros before the input: p.
  public private(set) var paddingBefore: Int
  /// Zeros after the input; often the same p.
  public private(set) var paddingAfter: Int
  public internal(set) var reading: Reading

  /// A window whose padding may differ at the two ends.
  ///
  /// - Throws: ``GeometryError`` if the kernel size, stride or dilation is not from 1 to
  ///   ``largestExtent``, or a padding is larger than that in magnitude.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, paddingBefore: Int, paddingAfter: Int,
    rounding: Rounding = .floor
  ) throws(GeometryError) {
    try require("the kernel size", kernelSize, atLeast: 1)
    try require("the stride", stride, atLeast: 1)
    try require("the dilation", dilation, atLeast: 1)
    try require("the padding", paddingBefore, atLeast: -largestExtent)
    try require("the padding", paddingAfter, atLeast: -largestExtent)
    (self.kernelSize, self.stride, self.dilation) = (kernelSize, stride, dilation)
    (self.paddingBefore, self.paddingAfter) = (paddingBefore, paddingAfter)
    reading = .sliding(rounding)
  }

  /// A window with the same padding at both ends.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0,
    rounding: Rounding = .floor
  ) throws(GeometryError) {
    try self.init(
      kernelSize: kernelSize, stride: stride, dilation: dilation,
      paddingBefore: padding, paddingAfter: padding, rounding: rounding)
  }

  /// A window of one cell, which changes nothing: what an axis has that does not exist.
  static let single: Window = {
    do throws(GeometryError) { return try Window(kernelSize: 1) } catch {
      fatalError(error.description)
    }
  }()

  /// The same taps read as a transposed convolution.
  ///
  /// - Throws: ``GeometryError`` unless 0 ≤ outputPadding < max(stride, dilation), PyTorch's rule.
  public func transposed(outputPadding: Int = 0) throws(GeometryError) -> Window {
    let limit = max(stride, dilation)
    guard 0 <= outputPadding && outputPadding < limit else {
      throw GeometryError(
        "the output padding is \(outputPadding); it must be from 0 to \(limit - 1), below the "
          + "larger of stride \(stride) and dilation \(dilation)")
    }
    var result = self
    result.reading = .transposed(outputPadding: outputPadding)
    return result
  }

  /// The same taps read as a convolution.
  public var forward: Window { rounding(.floor) }

  /// The same taps read as a pooling that rounds so.
  public func rounding(_ rounding: Rounding) -> Window {
    var result = self
    result.reading = .sliding(rounding)
    return result
  }

  /// The same window with other padding.
  public func padded(before: Int, after: Int) throws(GeometryError) -> Window {
    try require("the padding", before, atLeast: -largestExtent)
    try require("the padding", after, atLeast: -largestExtent)
    var result = self
    (result.paddingBefore, result.paddingAfter) = (before, after)
    return result
  }

  public var isTransposed: Bool { if case .transposed = reading { true } else { false } }

  /// 0 unless the window is transposed.
  public var outputPadding: Int {
    if case .transposed(let outputPadding) = reading { outputPadding } else { 0 }
  }

  /// How a pooling rounds; all others take the floor.
  public var rounding: Rounding {
    if case .sliding(let rounding) = reading { rounding } else { .floor }
  }

  /// The input cells that the kernel spans, holes included: d(k−1)+1.
  public var effectiveKernelSize: Int { dilation * (kernelSize - 1) + 1 }

  /// Whether there are zeros at either end.
  public var isPadded: Bool { paddingBefore != 0 || paddingAfter != 0 }

  /// Whether both ends have the same padding.
  public var isSymmetric: Bool { paddingBefore == paddingAfter }

  /// Zeros at both ends together.
  public var totalPadding: Int { paddingBefore + paddingAfter }

  /// Of the transposed convolution: how many stamps meet on an output cell away from the ends, for
  /// each of the `stride` phases in turn.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).overlaps   // [2, 1]: a checkerboard
  /// try Window(kernelSize: 4, stride: 2).overlaps   // [2, 2]
  /// ```
  public var overlaps: [Int] {
    var counts = Array(repeating: 0, count: stride)
    // Whatever the kernel, the phases repeat after `stride` of its cells.
    for cell in 0..<min(kernelSize, stride) {
      counts[cell * dilation % stride] += (kernelSize - 1 - cell) / stride + 1
    }
    return counts
  }
}

/// What a pooling does with a last window that hangs over the end.
public enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// It is left out. Convolutions always do this.
  case floor
  /// It is kept, unless it starts past the input and the padding before it (PyTorch's `ceil_mode`).
  case ceil
  /// As `ceil`, but an unpadded layer keeps every window (Caffe's pooling, where it is the default).
  case caffe

  /// What it comes to in a layer that is padded along some axis, or along none.
  func resolved(isPadded: Bool) -> Rounding { self == .caffe && isPadded ? .ceil : self }
}
