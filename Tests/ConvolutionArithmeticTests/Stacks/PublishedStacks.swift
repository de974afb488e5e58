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
          try AxisLayer(
            "conv\(block + 1)_\(number)",
            Window(kernelSize: 3, padding: layers.isEmpty ? padding : 1)))
      }
      layers.append(
        try AxisLayer("pool\(block + 1)", Window(kernelSize: 2, stride: 2, rounding: rounding)))
    }
    layers.append(try AxisLayer("fc6", Window(kernelSize: 7)))
    layers.append(try AxisLayer("fc7", Window(kernelSize: 1)))
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
      try AxisLayer("conv1", Window(kernelSize: 11, stride: 4, padding: padding)),
      try AxisLayer("pool1", Window(kernelSize: 3, stride: 2, rounding: rounding)),
      try AxisLayer("conv2", Window(kernelSize: 5, padding: 2)),
      try AxisLayer("pool2", Window(kernelSize: 3, stride: 2, rounding: rounding)),
      try AxisLayer("conv3", Window(kernelSize: 3, padding: 1)),
      try AxisLayer("conv4", Window(kernelSize: 3, padding: 1)),
      try AxisLayer("conv5", Window(kernelSize: 3, padding: 1)),
      try AxisLayer("pool5", Window(kernelSize: 3, stride: 2, rounding: rounding)),
      try AxisLayer("fc6", Window(kernelSize: 6)),
      try AxisLayer("fc7", Window(kernelSize: 1)),
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
