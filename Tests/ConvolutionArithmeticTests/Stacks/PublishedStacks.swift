import ConvolutionArithmetic

/// The layers of the networks that were turned into FCNs, along one axis, written out for the tests of
/// stacks; the networks themselves stand in Networks.
///
/// Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation",
/// CVPR 2015, and the authors' network definitions.
extension [AxisLayer] {
  /// VGG16 up to and including `last`, its fully connected layers made convolutions.
  ///
  /// - Parameters:
  ///   - padding: the padding of conv1_1; the FCNs have 100, the classifier 1.
  ///   - rounding: of the poolings; Caffe's ceiling by default.
  /// - Throws: ``GeometryError`` if `last` is no layer of VGG16.
  static func vgg16(
    through last: String = "fc7", padding: Int = 100, rounding: Rounding = .ceil
  ) throws(GeometryError) -> [AxisLayer] {
    var layers: [AxisLayer] = []
    for (block, convolutions) in [2, 2, 3, 3, 3].enumerated() {
      for number in 1...convolutions {
        layers.append(
          try .convolution(
            "conv\(block + 1)_\(number)", kernelSize: 3,
            padding: layers.isEmpty ? padding : 1))
      }
      layers.append(
        try .pooling("pool\(block + 1)", kernelSize: 2, stride: 2, rounding: rounding))
    }
    layers.append(try .convolution("fc6", kernelSize: 7))
    layers.append(try .convolution("fc7", kernelSize: 1))
    return try layers.cut(after: last, of: "VGG16")
  }

  /// CaffeNet, the AlexNet of the FCN authors, up to and including `last`.
  ///
  /// - Parameter padding: the padding of conv1; the FCN has 100, the classifier 0.
  /// - Throws: ``GeometryError`` if `last` is no layer of it.
  static func alexNet(
    through last: String = "fc7", padding: Int = 100, rounding: Rounding = .ceil
  ) throws(GeometryError) -> [AxisLayer] {
    let layers: [AxisLayer] = [
      try .convolution("conv1", kernelSize: 11, stride: 4, padding: padding),
      try .pooling("pool1", kernelSize: 3, stride: 2, rounding: rounding),
      try .convolution("conv2", kernelSize: 5, padding: 2),
      try .pooling("pool2", kernelSize: 3, stride: 2, rounding: rounding),
      try .convolution("conv3", kernelSize: 3, padding: 1),
      try .convolution("conv4", kernelSize: 3, padding: 1),
      try .convolution("conv5", kernelSize: 3, padding: 1),
      try .pooling("pool5", kernelSize: 3, stride: 2, rounding: rounding),
      try .convolution("fc6", kernelSize: 6),
      try .convolution("fc7", kernelSize: 1),
    ]
    return try layers.cut(after: last, of: "AlexNet")
  }

  private func cut(after last: String, of network: String) throws(GeometryError) -> [AxisLayer] {
    guard let index = firstIndex(where: { $0.name == last }) else {
      throw GeometryError(
        "\(network) has no layer \(last); it has " + map(\.name).joined(separator: ", "))
    }
    return Array(prefix(index + 1))
  }
}
