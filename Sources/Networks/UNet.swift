import ConvolutionArithmetic

extension Network {
  /// U-Net, a relative: it crops and *concatenates* features where FCN crops and sums scores, and its
  /// convolutions have no padding, so the answer is smaller than the picture (572 → 388).
  ///
  /// Source: Ronneberger, Fischer and Brox, arXiv 1505.04597, figure 1.
  ///
  /// - Parameter channels: of each level, finest first.
  public static func uNet(
    classes: Int = 2, channels: [Int] = [64, 128, 256, 512, 1024]
  ) -> Network {
    Network("U-Net", input: 1) { net in
      var x = net.input
      var skips: [Stream] = []
      for (level, channels) in channels.enumerated() {
        if level > 0 {
          x = net.add("pool\(level)", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), x)
        }
        x = net.pair("down\(level + 1)", x, channels: channels)
        skips.append(x)
      }
      for (level, channels) in channels.enumerated().dropLast().reversed() {
        let level = level + 1
        x = net.add(
          "up\(level)",
          .transposedConvolution(outputs: channels, kernelSize: 2, stride: 2, bias: true), x)
        let skip = net.add("skip\(level)", .crop, skips[level - 1], x)
        x = net.add("join\(level)", .concatenate, skip, x)
        x = net.pair("merge\(level)", x, channels: channels)
      }
      _ = net.score("score", x, classes: classes)
    }
  }
}

extension NetworkBuilder {
  fileprivate mutating func pair(_ name: String, _ x: Stream, channels: Int) -> Stream {
    let first = add("\(name)_1", .convolution(outputs: channels, kernelSize: 3, relu: true), x)
    return add("\(name)_2", .convolution(outputs: channels, kernelSize: 3, relu: true), first)
  }
}
