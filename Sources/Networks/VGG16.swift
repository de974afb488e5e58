import ConvolutionArithmetic

/// The extents of a VGG16-like backbone: 3×3 convolutions in blocks, a pool after each block, then a
/// classifier of two layers that a fully convolutional network slides over the map.
///
/// Source: Simonyan and Zisserman, arXiv 1409.1556; Shelhamer, Long and Darrell, arXiv 1605.06211.
public struct Backbone: Hashable, Sendable {
  /// One block: so many convolutions with so many output channels.
  public struct Block: Hashable, Sendable {
    /// Convolutions in the block.
    public var convolutions: Int
    /// Channels of each.
    public var channels: Int

    public init(_ convolutions: Int, channels: Int) {
      self.convolutions = convolutions
      self.channels = channels
    }
  }

  /// The blocks, finest first; each ends in a pool that halves the map.
  public var blocks: [Block]
  /// Padding of the very first convolution; all others have 1.
  public var firstPadding: Int
  /// Kernel size of fc6.
  public var classifierKernelSize: Int
  /// Channels of fc6 and fc7.
  public var classifierChannels: Int
  /// By what pool4 and pool3 are multiplied before their scores where all streams learn at once. Those
  /// of VGG16 are the authors', for features that are large; others that begin with He's numbers are not.
  public var skipScales: [Double]

  public init(
    blocks: [Block], firstPadding: Int, classifierKernelSize: Int, classifierChannels: Int,
    skipScales: [Double] = [0.01, 0.0001]
  ) {
    self.blocks = blocks
    self.firstPadding = firstPadding
    self.classifierKernelSize = classifierKernelSize
    self.classifierChannels = classifierChannels
    self.skipScales = skipScales
  }

  /// VGG16 as the FCNs use it: the first convolution padded by 100.
  public static let vgg16 = Backbone(
    blocks: [
      Block(2, channels: 64), Block(2, channels: 128), Block(3, channels: 256),
      Block(3, channels: 512), Block(3, channels: 512),
    ],
    firstPadding: 100, classifierKernelSize: 7, classifierChannels: 4096)

  /// The same layers with fewer channels: the geometry is the full network's, the cost is not.
  public static func slim(_ channels: [Int], classifier: Int) -> Backbone {
    var backbone = vgg16
    for (block, count) in channels.enumerated() { backbone.blocks[block].channels = count }
    backbone.classifierChannels = classifier
    return backbone
  }

  /// The backbone that is trained on the synthetic scenes. Most of it is where the strokes of rings and
  /// crosses are still a cell or two wide.
  public static let scenes = Backbone(
    blocks: [
      Block(1, channels: 16), Block(2, channels: 32), Block(3, channels: 56),
      Block(2, channels: 40), Block(1, channels: 40),
    ],
    firstPadding: 17, classifierKernelSize: 3, classifierChannels: 64, skipScales: [1, 1])
}

extension NetworkBuilder {
  /// The blocks of the backbone. Returns the streams after the pools: 2, 4, 8, 16 and 32 times
  /// smaller than the picture.
  mutating func blocks(of backbone: Backbone) -> [Stream] {
    var x = input
    return backbone.blocks.enumerated().map { index, block in
      for convolution in 1...block.convolutions {
        let isFirst = index == 0 && convolution == 1
        x = add(
          "conv\(index + 1)_\(convolution)",
          .convolution(
            outputs: block.channels, kernelSize: 3, padding: isFirst ? backbone.firstPadding : 1,
            relu: true), x)
      }
      x = add("pool\(index + 1)", .maxPool(kernelSize: 2, stride: 2, rounding: .ceil), x)
      return x
    }
  }

  /// The classifier's two hidden layers as convolutions, and the scores of its classes.
  mutating func classifier(
    of backbone: Backbone, _ x: Stream, score: String = "score_fr", classes: Int
  ) -> Stream {
    let channels = backbone.classifierChannels
    var x = x
    x = add(
      "fc6",
      .convolution(outputs: channels, kernelSize: backbone.classifierKernelSize, relu: true), x)
    x = add("drop6", .dropout(probability: 0.5), x)
    x = add("fc7", .convolution(outputs: channels, kernelSize: 1, relu: true), x)
    x = add("drop7", .dropout(probability: 0.5), x)
    return self.score(score, x, classes: classes)
  }
}

extension Network {
  /// VGG16, the classifier: its fully connected layers are convolutions whose kernel covers the whole
  /// map, so on 224×224 pixels it gives one cell, and on a larger picture a map of answers.
  public static func vgg16(classes: Int = 1000, backbone: Backbone = .vgg16) -> Network {
    var backbone = backbone
    backbone.firstPadding = 1
    return Network("VGG16") { net in
      let pools = net.blocks(of: backbone)
      _ = net.classifier(of: backbone, pools[4], score: "fc8", classes: classes)
    }
  }
}

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
