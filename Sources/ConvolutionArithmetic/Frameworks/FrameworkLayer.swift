public import Tensors

/// A layer with its geometry in one, two or three dimensions, as frameworks describe it.
///
/// ```swift
/// let layer = FrameworkLayer(.convolution, kernelSize: 3, stride: 2, padding: 1)
/// layer.frameworkCalls[0].call   // nn.Conv2d(C_in, C_out, kernel_size=3, stride=2, padding=1)
/// ```
public struct FrameworkLayer: Hashable, Sendable {
  /// What the layer does.
  public enum Kind: Hashable, Sendable {
    /// A convolution.
    case convolution
    /// A transposed convolution; the padding is the forward convolution's.
    case transposedConvolution
    /// The largest cell of each window.
    case maxPooling
    /// The mean of each window, with or without the cells of padding.
    case averagePooling(countIncludePad: Bool)
  }

  /// What the layer does.
  public var kind: Kind
  /// The kernel size; of a sequence only the width counts.
  public var kernelSize: Size
  /// The stride.
  public var stride: Size
  /// The padding.
  public var padding: Padding
  /// The dilation.
  public var dilation: Size
  /// The output padding of a transposed convolution.
  public var outputPadding: Size
  /// The groups of a convolution.
  public var groups: Int
  /// The rounding of a pooling.
  public var rounding: Rounding
  /// Channels of the input, where known; they are called C_in otherwise.
  public var inputChannels: Int?
  /// Channels of the output, where known; they are called C_out otherwise.
  public var outputChannels: Int?
  /// The size of the input, where known; some frameworks have a name for a padding that depends on it.
  public var input: Size?
  /// 1 for sequences, 2 for maps, 3 for volumes, whose depth has the numbers of the height.
  public var dimensions: Int

  /// A layer; everything that is not given has its usual value.
  public init(
    _ kind: Kind, kernelSize: Size, stride: Size = 1, padding: Padding = 0, dilation: Size = 1,
    outputPadding: Size = 0, groups: Int = 1, rounding: Rounding = .floor, input: Size? = nil,
    inputChannels: Int? = nil, outputChannels: Int? = nil, dimensions: Int = 2
  ) {
    (self.kind, self.kernelSize, self.stride) = (kind, kernelSize, stride)
    (self.padding, self.dilation, self.outputPadding) = (padding, dilation, outputPadding)
    (self.groups, self.rounding, self.input) = (groups, rounding, input)
    (self.inputChannels, self.outputChannels) = (inputChannels, outputChannels)
    self.dimensions = dimensions
    if dimensions == 1 {
      // Rows do not exist in a sequence.
      self.kernelSize.height = 1
      self.stride.height = 1
      self.dilation.height = 1
      self.outputPadding.height = 0
      self.padding.top = 0
      self.padding.bottom = 0
    }
  }
}

extension FrameworkLayer {
  var channelsIn: String { inputChannels.map(String.init) ?? "C_in" }
  var channelsOut: String { outputChannels.map(String.init) ?? "C_out" }
  var isSequence: Bool { dimensions == 1 }

  /// The numbers of each axis in the order of the axes, of which a volume has the first twice.
  func axes<Value>(_ rows: Value, _ columns: Value) -> [Value] {
    Array(repeating: rows, count: max(0, dimensions - 1)) + [columns]
  }

  var isPooling: Bool { kind != .convolution && kind != .transposedConvolution }
  var isPadded: Bool { padding != 0 }

  /// Whether opposite ends have the same padding.
  var isSymmetric: Bool {
    padding.left == padding.right && (isSequence || padding.top == padding.bottom)
  }

  /// The padding where opposite ends are equal.
  var symmetricPadding: Size { Size(height: padding.top, width: padding.left) }

  /// `3`, or `(3, 2)` where height and width differ.
  func pair(_ size: Size) -> String {
    isSequence || size.height == size.width
      ? "\(size.width)" : "(\(joined(axes(size.height, size.width))))"
  }

  /// `[3, 2]`, or `[2]` of a sequence.
  func list(_ size: Size) -> String { "[\(joined(axes(size.height, size.width)))]" }

  /// `1, 2, 3`
  func joined(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: ", ")
  }

  /// The effective kernel size d(k−1)+1 along both axes; nil if an extent is out of range.
  var effectiveKernelSize: Size? {
    guard let window = try? Window2D(kernelSize: kernelSize, stride: stride, dilation: dilation)
    else { return nil }
    return Size(
      height: window.rows.effectiveKernelSize, width: window.columns.effectiveKernelSize)
  }

  /// Whether the pooling rounds up in a way that differs from PyTorch's `ceil_mode` for some inputs:
  /// Caffe keeps a last window that begins past an unpadded input, which a stride above the kernel
  /// allows.
  var keepsWindowsPastTheInput: Bool {
    rounding == .caffe && !isPadded
      && (kernelSize.height < stride.height || kernelSize.width < stride.width)
  }

  /// `this input` where another rounding gives it another size, and `some inputs` where it does not, or
  /// the input is not known.
  func theInputs(rounding other: Rounding) -> String {
    guard let input, let window2D else { return "some inputs" }
    let size = isSequence ? Size(height: 1, width: input.width) : input
    let here = try? window2D.outputSize(input: size, rounding: rounding)
    let there = try? window2D.outputSize(input: size, rounding: other)
    return here == there ? "some inputs" : "this input"
  }

  /// The padding with which the floor gives the windows that rounding up gives: what the last window
  /// reaches beyond the input, and no more, as a window may have been dropped. The layer's own padding
  /// if the input is not known.
  var paddingThatRoundsUp: Padding {
    guard let input, let effective = effectiveKernelSize,
      let output = try? window2D?.outputSize(
        input: isSequence ? Size(height: 1, width: input.width) : input, rounding: rounding)
    else { return padding }
    var ends = padding
    let rows = (output.height - 1) * stride.height + effective.height
    let columns = (output.width - 1) * stride.width + effective.width
    if !isSequence { ends.bottom = max(0, rows - input.height - padding.top) }
    ends.right = max(0, columns - input.width - padding.left)
    return ends
  }

  /// The layer's window over maps; nil if an extent is out of range.
  var window2D: Window2D? {
    try? Window2D(kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation)
  }
}
