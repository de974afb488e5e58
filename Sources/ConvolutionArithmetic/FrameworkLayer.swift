public import Tensors

/// A layer in one, two or three dimensions, as frameworks describe it.
///
/// ```swift
/// let layer = FrameworkLayer(.convolution(try Convolution(kernelSize: 3, stride: 2, padding: 1)))
/// layer.frameworkCalls[0].call   // nn.Conv2d(C_in, C_out, kernel_size=3, stride=2, padding=1)
/// ```
public struct FrameworkLayer: Windowed {
  public enum Kind: Hashable, Sendable {
    /// A convolution, or a transposed one.
    case convolution(Convolution)
    /// The largest cell of each window.
    case maxPooling(Pooling)
    /// The mean of each window.
    case averagePooling(Pooling)
  }

  public let kind: Kind
  /// The window downwards; of a sequence it is one cell.
  public let rows: Window
  public let columns: Window
  /// The size of the input, where known; some frameworks have a name for a padding that depends on it.
  public let input: Size?
  /// Channels of the input, where known; they are called C_in otherwise.
  public let inputChannels: Int?
  /// Channels of the output, where known; they are called C_out otherwise.
  public let outputChannels: Int?
  /// 1 for sequences, 2 for maps, 3 for volumes, whose depth has the numbers of the height.
  public let dimensions: Int

  public init(
    _ kind: Kind, input: Size? = nil, inputChannels: Int? = nil, outputChannels: Int? = nil,
    dimensions: Int = 2
  ) {
    self.kind = kind
    let isSequence = dimensions == 1
    self.input = isSequence ? input.map { Size(height: 1, width: $0.width) } : input
    (self.inputChannels, self.outputChannels) = (inputChannels, outputChannels)
    self.dimensions = dimensions
    switch kind {
    case .convolution(let layer): (rows, columns) = (Self.rows(layer, isSequence), layer.columns)
    case .maxPooling(let layer), .averagePooling(let layer):
      (rows, columns) = (Self.rows(layer, isSequence), layer.columns)
    }
  }

  private static func rows(_ layer: some Windowed, _ isSequence: Bool) -> Window {
    guard isSequence else { return layer.rows }
    var single = Window.single
    if layer.columns.isTransposed { single.reading = .transposed(outputPadding: 0) }
    return single
  }
}

extension FrameworkLayer {
  /// The pooling; nil of a convolution.
  var pooling: Pooling? {
    switch kind {
    case .convolution: nil
    case .maxPooling(let pooling), .averagePooling(let pooling): pooling
    }
  }

  var isPooling: Bool { pooling != nil }
  var isMaximum: Bool { if case .maxPooling = kind { true } else { false } }
  /// Whether it is a mean that counts the cells of padding.
  var countsPadding: Bool { !isMaximum && pooling?.countIncludePad == true }
  var isTransposed: Bool { columns.isTransposed }
  var groups: Int { if case .convolution(let layer) = kind { layer.groups } else { 1 } }
  var rounding: Rounding { columns.rounding }
  public var outputPadding: Size { Size(height: rows.outputPadding, width: columns.outputPadding) }

  var channelsIn: String { inputChannels.map(String.init) ?? "C_in" }
  var channelsOut: String { outputChannels.map(String.init) ?? "C_out" }
  var isSequence: Bool { dimensions == 1 }

  /// The numbers of each axis in the order of the axes, of which a volume has the first twice.
  func axes<Value>(_ rows: Value, _ columns: Value) -> [Value] {
    Array(repeating: rows, count: max(0, dimensions - 1)) + [columns]
  }

  /// Whether opposite ends have the same padding.
  var isSymmetric: Bool { rows.isSymmetric && columns.isSymmetric }

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
    guard let input, isPooling else { return "some inputs" }
    let there = try? Pooling(rows: rows, columns: columns).rounding(other).outputSize(input: input)
    return (try? outputSize(input: input)) == there ? "some inputs" : "this input"
  }

  /// The padding with which the floor gives the windows that rounding up gives: what the last window
  /// reaches beyond the input, and no more, as a window may have been dropped. The layer's own padding
  /// if the input is not known.
  var paddingThatRoundsUp: Padding {
    guard let input, let rows = try? rows.axis(input: input.height),
      let columns = try? columns.axis(input: input.width)
    else { return padding }
    var ends = padding
    ends.bottom = max(0, rows.reach - input.height)
    ends.right = max(0, columns.reach - input.width)
    return ends
  }
}

/// A framework in which a layer can be written.
public enum Framework: String, Hashable, Sendable, CaseIterable {
  case pytorch = "PyTorch"
  /// Keras (channels last), and so TensorFlow.
  case keras = "Keras"
  case caffe = "Caffe"
  case onnx = "ONNX"
}

/// One layer as a framework writes it, or why that framework cannot.
public struct FrameworkCall: Hashable, Sendable {
  public let framework: Framework
  /// The lines to write; nil if the framework cannot compute this layer.
  public let call: String?
  /// What to know about it, or why it cannot be written; empty if there is nothing to say.
  public let note: String

  public init(_ framework: Framework, _ call: String?, note: String = "") {
    (self.framework, self.call, self.note) = (framework, call, note)
  }
}

extension FrameworkLayer {
  /// The same layer in PyTorch, Keras, Caffe and ONNX, in this order.
  public var frameworkCalls: [FrameworkCall] {
    [pytorchCall, kerasCall, caffeCall, onnxCall]
  }
}

/// A list of arguments, written in order; those with their usual value are left out.
struct LayerArguments {
  private var texts: [String] = []

  /// An argument that is always written.
  mutating func add(_ text: String) { texts.append(text) }

  /// `name=value`, unless the value is the usual one.
  mutating func add(_ name: String, _ value: String, unless usual: String) {
    if value != usual { texts.append("\(name)=\(value)") }
  }

  /// `function(a, b, c)`
  func call(_ function: String) -> String { "\(function)(\(texts.joined(separator: ", ")))" }
}

extension FrameworkLayer {
  /// The layer as ONNX writes it, by its Python helper.
  var onnxCall: FrameworkCall {
    var arguments = LayerArguments()
    let name =
      switch kind {
      case .convolution: isTransposed ? "ConvTranspose" : "Conv"
      case .maxPooling: "MaxPool"
      case .averagePooling: "AveragePool"
      }
    arguments.add("\"\(name)\"")
    arguments.add(isPooling ? "[\"x\"]" : "[\"x\", \"w\", \"b\"]")
    arguments.add("[\"y\"]")
    arguments.add("kernel_shape=\(list(kernelSize))")
    arguments.add("strides", list(stride), unless: list(1))
    let pads = axes(padding.top, padding.left) + axes(padding.bottom, padding.right)
    if isPadded { arguments.add("pads=[\(joined(pads))]") }
    arguments.add("dilations", list(dilation), unless: list(1))
    if isTransposed {
      arguments.add("output_padding", list(outputPadding), unless: list(0))
    }
    arguments.add("group", "\(groups)", unless: "1")
    var notes: [String] = []
    if isPooling && rounding != .floor {
      arguments.add("ceil_mode=1")
      if keepsWindowsPastTheInput {
        notes.append(
          "for \(theInputs(rounding: .ceil)) one cell smaller: a last window that begins past the input is dropped, "
            + "which Caffe's unpadded pooling keeps")
      }
    }
    if isPooling && !padsBelowKernel {
      notes.append("ONNX Runtime refuses a pooling whose pads are not below the kernel size")
    }
    if outputPadding.width >= stride.width && outputPadding.width > 0
      || outputPadding.height >= stride.height && outputPadding.height > 0
    {
      notes.append("ONNX Runtime refuses an output padding that is not below the stride")
    }
    if countsPadding && isPadded {
      arguments.add("count_include_pad=1")
    }
    return FrameworkCall(
      .onnx, arguments.call("helper.make_node"), note: notes.joined(separator: "; "))
  }

  private var padsBelowKernel: Bool {
    max(padding.left, padding.right) < kernelSize.width
      && max(padding.top, padding.bottom) < kernelSize.height
  }
}
