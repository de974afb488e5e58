public import Tensors

extension PreparedConvolution {
  /// The fastest method for maps that are in blocks of 16 channels anyway.
  public static func methodOnBlocks(
    inputs: Int, kernelSize: Size, stride: Size, dilation: Size, groups: Int, exact: Bool = false
  ) -> Method {
    guard canProduct(inputs: inputs, groups: groups) else { return .planar }
    return !exact && canWinograd(kernelSize, stride, dilation: dilation, groups: groups)
      ? .winograd : .product
  }

  /// Whether there is a Winograd form of the geometry.
  static func canWinograd(
    _ kernelSize: Size, _ stride: Size, dilation: Size, groups: Int
  ) -> Bool {
    (kernelSize == 3 || kernelSize == 7) && stride == 1 && dilation == 1 && groups == 1
  }

  /// Whether the channels of each group fill blocks.
  static func canProduct(inputs: Int, groups: Int) -> Bool {
    groups == 1 || inputs / groups % 16 == 0
  }
}
