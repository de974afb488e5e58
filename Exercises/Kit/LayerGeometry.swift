/// One layer of a network along one axis, as the exercises on receptive fields and crops need it.
public struct LayerGeometry: Equatable, Sendable, CustomStringConvertible {
  /// Cells of the kernel.
  public var kernelSize: Int
  /// Input cells from one output to the next; output cells for one input cell if transposed.
  public var stride: Int
  /// Zeros at each end.
  public var padding: Int
  /// Input cells from one kernel cell to the next.
  public var dilation: Int
  /// Whether a last window that hangs over the end counts, as in Caffe's pooling.
  public var ceil: Bool
  /// Whether it is a transposed convolution; its padding is that of the forward convolution.
  public var transposed: Bool

  /// A convolution or a pooling, or a transposed convolution.
  public init(
    kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, ceil: Bool = false,
    transposed: Bool = false
  ) {
    (self.kernelSize, self.stride, self.padding) = (kernelSize, stride, padding)
    (self.dilation, self.ceil, self.transposed) = (dilation, ceil, transposed)
  }

  /// The input cells that the kernel spans: d(k−1)+1.
  public var effectiveKernelSize: Int { dilation * (kernelSize - 1) + 1 }

  /// `k=3 s=2 p=1`; the dilation only where there is one.
  public var description: String {
    "k=\(kernelSize) s=\(stride) p=\(padding)" + (dilation == 1 ? "" : " d=\(dilation)")
      + (ceil ? " ceil" : "") + (transposed ? " transposed" : "")
  }
}

extension LayerGeometry: Transferable {
  public func write(to message: inout Message) {
    message.write([kernelSize, stride, padding, dilation])
    message.write([ceil, transposed])
  }
  public init(from message: inout Message) throws {
    let (numbers, flags): ([Int], [Bool]) = (try message.values(), try message.values())
    guard numbers.count == 4, flags.count == 2 else { throw Message.Unreadable() }
    self.init(
      kernelSize: numbers[0], stride: numbers[1], padding: numbers[2], dilation: numbers[3],
      ceil: flags[0], transposed: flags[1])
  }
}

/// How a convolution's weights are laid out in memory.
public enum KernelLayout: String, Sendable, CaseIterable {
  /// (out, in, height, width): PyTorch, Caffe and ONNX.
  case outInHeightWidth
  /// (height, width, in, out): Keras and TensorFlow.
  case heightWidthInOut
  /// (in, out, height, width): the weights of a *transposed* convolution in PyTorch and Caffe.
  case inOutHeightWidth
}

extension KernelLayout: Transferable {
  public func write(to message: inout Message) { rawValue.write(to: &message) }
  public init(from message: inout Message) throws {
    guard let layout = KernelLayout(rawValue: try String(from: &message)) else {
      throw Message.Unreadable()
    }
    self = layout
  }
}
