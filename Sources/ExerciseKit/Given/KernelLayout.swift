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
  /// Its name.
  public func write(to message: inout Message) { rawValue.write(to: &message) }
  /// Its name.
  public init(from message: inout Message) throws {
    guard let layout = KernelLayout(rawValue: try String(from: &message)) else {
      throw Message.Unreadable()
    }
    self = layout
  }
}
