/// One layer of a network along one axis, as the receptive-field and coordinate exercises need it.
public struct Layer: Equatable, Sendable, CustomStringConvertible {
  /// Cells of the kernel.
  public var kernelSize: Int
  /// Input cells from one output to the next.
  public var stride: Int
  /// Zeros at each end.
  public var padding: Int
  /// Input cells from one kernel cell to the next.
  public var dilation: Int

  /// A convolution or a pooling.
  public init(kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    (self.kernelSize, self.stride) = (kernelSize, stride)
    (self.padding, self.dilation) = (padding, dilation)
  }

  /// `k=3 s=2 p=1 d=1`
  public var description: String { "k=\(kernelSize) s=\(stride) p=\(padding) d=\(dilation)" }
}
