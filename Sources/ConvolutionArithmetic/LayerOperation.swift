/// The operations whose output sizes are computed.
public enum LayerOperation: String, Hashable, Sendable, CaseIterable {
  /// A convolution.
  case convolution
  /// A transposed convolution.
  case transposedConvolution
  /// A maximum or average pooling.
  case pooling
}
