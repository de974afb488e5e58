public import Tensors

/// The networks by the names that the command line knows.
public enum NetworkName: String, CaseIterable, Sendable {
  /// FCN-8s.
  case fcn8s
  /// FCN-16s.
  case fcn16s
  /// FCN-32s.
  case fcn32s
  /// FCN-8s trained in one go.
  case fcn8sAtOnce = "fcn8s-at-once"
  /// FCN-AlexNet.
  case fcnAlexNet = "fcn-alexnet"
  /// The classifier VGG16.
  case vgg16
  /// U-Net, for comparison.
  case uNet = "u-net"

  /// The network, for so many classes; its own usual number if none is given.
  public func network(classes: Int? = nil) -> Network {
    switch self {
    case .fcn8s: .fcn8s(classes: classes ?? 21)
    case .fcn16s: .fcn16s(classes: classes ?? 21)
    case .fcn32s: .fcn32s(classes: classes ?? 21)
    case .fcn8sAtOnce: .fcn8sAtOnce(classes: classes ?? 21)
    case .fcnAlexNet: .fcnAlexNet(classes: classes ?? 21)
    case .vgg16: .vgg16(classes: classes ?? 1000)
    case .uNet: .uNet(classes: classes ?? 2)
    }
  }
}

extension NetworkName {
  /// The network that has tensors of these names, or nil if none of the named networks has.
  ///
  /// A layer that only one network has decides: `score_pool3` FCN-8s, `score_pool4` FCN-16s,
  /// `fc8` the classifier. FCN-8s trained at once has the names of FCN-8s; it must be asked for.
  public init?(recognizing names: some Sequence<String>) {
    let layers = Set(names.map { String($0.prefix { $0 != "." }) })
    let isVGG = layers.contains("conv1_1")
    if layers.contains("down1_1") {
      self = .uNet
    } else if isVGG, layers.contains("score_pool3") || layers.contains("upscore8") {
      self = .fcn8s
    } else if isVGG, layers.contains("score_pool4") || layers.contains("upscore16") {
      self = .fcn16s
    } else if isVGG, layers.contains("score_fr") || layers.contains("upscore") {
      self = .fcn32s
    } else if isVGG, layers.contains("fc8") {
      self = .vgg16
    } else if layers.contains("conv1"), layers.contains("score_fr") {
      self = .fcnAlexNet
    } else {
      return nil
    }
  }

  /// Whether the network gives one score for each class and pixel of a colour picture.
  public var labelsPictures: Bool {
    switch self {
    case .fcn8s, .fcn16s, .fcn32s, .fcn8sAtOnce, .fcnAlexNet: true
    case .vgg16, .uNet: false
    }
  }
}

extension NetworkName {
  /// The network whose channels and classes fit the tensors of a file.
  ///
  /// Layers, kernels and strides are the published ones; so is every number that the file does not
  /// tell. Several tensors say how many channels a layer has: what most of them say counts, so that a
  /// single wrong tensor is found out by the others.
  ///
  /// - Parameter shape: the shape of the tensor of this name, or nil if there is none.
  public func network(fitting shape: @escaping (_ name: String) -> Shape?) -> Network {
    let votes = ChannelVotes(shape: shape)
    let score = self == .vgg16 ? "fc8" : self == .uNet ? "score" : "score_fr"
    let usual = self == .vgg16 ? 1000 : self == .uNet ? 2 : 21
    let classes = votes.outputs(of: [score], readBy: [], otherwise: usual)
    if self == .uNet { return .uNet(classes: classes) }
    if self == .fcnAlexNet {
      let channels = [96, 256, 384, 384, 256].enumerated().map { index, usual in
        votes.outputs(of: ["conv\(index + 1)"], readBy: [], otherwise: usual)
      }
      return .fcnAlexNet(
        classes: classes, channels: channels,
        classifier: votes.outputs(
          of: ["fc6", "fc7"], readBy: ["fc7", score], otherwise: 4096))
    }

    let backbone = backbone(votes, score: score)
    return switch self {
    case .fcn8s: .fcn8s(classes: classes, backbone: backbone)
    case .fcn16s: .fcn16s(classes: classes, backbone: backbone)
    case .fcn32s: .fcn32s(classes: classes, backbone: backbone)
    case .fcn8sAtOnce: .fcn8sAtOnce(classes: classes, backbone: backbone)
    default: .vgg16(classes: classes, backbone: backbone)
    }
  }

  /// The layers below the scores, as the tensors of a file tell them, of a network that has VGG16's.
  ///
  /// - Parameter shape: the shape of the tensor of this name, or nil if there is none.
  public func backbone(fitting shape: @escaping (_ name: String) -> Shape?) -> Backbone {
    backbone(ChannelVotes(shape: shape), score: self == .vgg16 ? "fc8" : "score_fr")
  }

  private func backbone(_ votes: ChannelVotes, score: String) -> Backbone {
    // Kernels 3×3 in fc6 are those of the networks that are trained on synthetic scenes.
    let isScenes = votes.shape("fc6.weight")?.dimensions.suffix(2) == [3, 3]
    var backbone = isScenes ? Backbone.scenes : .vgg16
    for (index, usual) in backbone.blocks.enumerated() {
      var block = usual
      if isScenes {
        // Those of earlier versions have fewer convolutions.
        block.convolutions = votes.convolutions(inBlock: index + 1) ?? usual.convolutions
        backbone.blocks[index] = block
      }
      let names = (1...block.convolutions).map { "conv\(index + 1)_\($0)" }
      let next = index < 4 ? "conv\(index + 2)_1" : "fc6"
      backbone.blocks[index].channels = votes.outputs(
        of: names, readBy: names.dropFirst() + [next], otherwise: block.channels)
    }
    backbone.classifierChannels = votes.outputs(
      of: ["fc6", "fc7"], readBy: ["fc7", score], otherwise: backbone.classifierChannels)
    return backbone
  }
}

/// What tensors say about how many channels a layer gives.
private struct ChannelVotes {
  let shape: (String) -> Shape?

  /// The number of the last convolution of a block, up to VGG16's three, of which there is a tensor.
  func convolutions(inBlock block: Int) -> Int? {
    (1...3).last { number in
      ["weight", "bias"].contains { shape("conv\(block)_\(number).\($0)") != nil }
    }
  }

  /// The number that most tensors tell: the outputs of `layers`, the inputs of `readers`. The first
  /// tensor's where several are told equally often.
  func outputs(of layers: [String], readBy readers: [String], otherwise usual: Int) -> Int {
    var votes: [Int] = []
    for layer in layers {
      votes += [
        shape("\(layer).weight")?.dimensions.first, shape("\(layer).bias")?.dimensions.first,
      ]
      .compactMap { $0 }
    }
    for reader in readers {
      if let shape = shape("\(reader).weight"), shape.rank == 4 { votes.append(shape[1]) }
    }
    let valid = votes.filter { (1...Network.mostChannels).contains($0) }
    var best = (number: usual, count: 0)
    for number in valid {
      let count = valid.filter { $0 == number }.count
      if count > best.count { best = (number, count) }
    }
    return best.number
  }
}
