import ConvolutionArithmetic

extension Network {
  /// FCN-32s: the scores of the coarsest map, made 32 times finer in one step.
  public static func fcn32s(classes: Int = 21, backbone: Backbone = .vgg16) -> Network {
    Network("FCN-32s") { net in
      let pools = net.blocks(of: backbone)
      let score = net.classifier(of: backbone, pools[4], classes: classes)
      let upscore = net.upsample("upscore", score, by: 32, classes: classes)
      net.add("score", .crop, upscore, net.input)
    }
  }

  /// FCN-16s: one skip, from pool4.
  public static func fcn16s(classes: Int = 21, backbone: Backbone = .vgg16) -> Network {
    Network("FCN-16s") { net in
      let pools = net.blocks(of: backbone)
      let score = net.classifier(of: backbone, pools[4], classes: classes)

      let upscore2 = net.upsample("upscore2", score, by: 2, classes: classes)
      let pool4 = net.score("score_pool4", pools[3], classes: classes)
      let fused4 = net.fuse("fuse_pool4", upscore2, with: pool4)

      let upscore16 = net.upsample("upscore16", fused4, by: 16, classes: classes)
      net.add("score", .crop, upscore16, net.input)
    }
  }

  /// FCN-8s: two skips, from pool4 and pool3.
  ///
  /// Source: Long, Shelhamer and Darrell, "Fully convolutional networks for semantic segmentation"
  /// (CVPR 2015), figure 3.
  public static func fcn8s(classes: Int = 21, backbone: Backbone = .vgg16) -> Network {
    Network("FCN-8s") { net in
      let pools = net.blocks(of: backbone)
      let score = net.classifier(of: backbone, pools[4], classes: classes)
      net.finishFCN8s(score, pool4: pools[3], pool3: pools[2], classes: classes)
    }
  }

  /// FCN-8s trained in one go: pool4 and pool3 are scaled before their scores, so that the three streams
  /// learn at a similar pace.
  public static func fcn8sAtOnce(classes: Int = 21, backbone: Backbone = .vgg16) -> Network {
    Network("FCN-8s at once") { net in
      let pools = net.blocks(of: backbone)
      let score = net.classifier(of: backbone, pools[4], classes: classes)
      let pool4 = net.add("scale_pool4", .scale(backbone.skipScales[0]), pools[3])
      let pool3 = net.add("scale_pool3", .scale(backbone.skipScales[1]), pools[2])
      net.finishFCN8s(score, pool4: pool4, pool3: pool3, classes: classes)
    }
  }
}

extension NetworkBuilder {
  /// From three streams of features to one map of scores, as fine as the picture.
  mutating func finishFCN8s(_ score: Stream, pool4: Stream, pool3: Stream, classes: Int) {
    let upscore2 = upsample("upscore2", score, by: 2, classes: classes)
    let scorePool4 = self.score("score_pool4", pool4, classes: classes)
    let fused4 = fuse("fuse_pool4", upscore2, with: scorePool4)

    let upscorePool4 = upsample("upscore_pool4", fused4, by: 2, classes: classes)
    let scorePool3 = self.score("score_pool3", pool3, classes: classes)
    let fused3 = fuse("fuse_pool3", upscorePool4, with: scorePool3)

    let upscore8 = upsample("upscore8", fused3, by: 8, classes: classes)
    add("score", .crop, upscore8, input)
  }
}

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
