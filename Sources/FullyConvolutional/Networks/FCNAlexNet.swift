import ConvolutionArithmetic

extension Network {
  /// FCN-AlexNet: the 2012 classifier (in its CaffeNet form) made fully convolutional, without skips.
  ///
  /// Its 32-fold upsampling has a 63-wide kernel: with 64 no crop would line up, for the offset would
  /// not be a whole number.
  ///
  /// - Parameters:
  ///   - channels: of the five convolutions; the second, fourth and fifth have two groups.
  ///   - classifier: the channels of fc6 and fc7.
  public static func fcnAlexNet(
    classes: Int = 21, channels: [Int] = [96, 256, 384, 384, 256], classifier: Int = 4096
  ) -> Network {
    Network("FCN-AlexNet") { net in
      var x = net.input
      x = net.add(
        "conv1",
        .convolution(outputs: channels[0], kernelSize: 11, stride: 4, padding: 100, relu: true), x)
      x = net.add("pool1", .maxPool(kernelSize: 3, stride: 2, rounding: .ceil), x)
      x = net.add("norm1", .normalization(size: 5, alpha: 1e-4, beta: 0.75), x)
      x = net.add(
        "conv2",
        .convolution(outputs: channels[1], kernelSize: 5, padding: 2, groups: 2, relu: true), x)
      x = net.add("pool2", .maxPool(kernelSize: 3, stride: 2, rounding: .ceil), x)
      x = net.add("norm2", .normalization(size: 5, alpha: 1e-4, beta: 0.75), x)
      x = net.add(
        "conv3", .convolution(outputs: channels[2], kernelSize: 3, padding: 1, relu: true), x)
      x = net.add(
        "conv4",
        .convolution(outputs: channels[3], kernelSize: 3, padding: 1, groups: 2, relu: true), x)
      x = net.add(
        "conv5",
        .convolution(outputs: channels[4], kernelSize: 3, padding: 1, groups: 2, relu: true), x)
      x = net.add("pool5", .maxPool(kernelSize: 3, stride: 2, rounding: .ceil), x)
      x = net.add("fc6", .convolution(outputs: classifier, kernelSize: 6, relu: true), x)
      x = net.add("drop6", .dropout(probability: 0.5), x)
      x = net.add("fc7", .convolution(outputs: classifier, kernelSize: 1, relu: true), x)
      x = net.add("drop7", .dropout(probability: 0.5), x)
      x = net.score("score_fr", x, classes: classes)
      x = net.add(
        "upscore", .transposedConvolution(outputs: classes, kernelSize: 63, stride: 32), x)
      net.add("score", .crop, x, net.input)
    }
  }
}
