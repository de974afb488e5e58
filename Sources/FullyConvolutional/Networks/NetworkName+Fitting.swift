public import Tensors

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
    for (index, block) in backbone.blocks.enumerated() {
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
    let valid = votes.filter { (1...1 << 20).contains($0) }
    var best = (number: usual, count: 0)
    for number in valid {
      let count = valid.filter { $0 == number }.count
      if count > best.count { best = (number, count) }
    }
    return best.number
  }
}
