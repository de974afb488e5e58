internal import Interchange
internal import Tensors

/// The names that other programs give to the layers of VGG16 and of the fully convolutional
/// networks, turned into those of torchfcn: `conv1_1` … `conv5_3`, `fc6`, `fc7`, `score_fr` ….
///
/// The classifier's last layer, which the fully convolutional networks drop, is `fc8`.
public enum WeightNames {
  /// Whose names a file uses.
  public enum Convention: String, Sendable, CaseIterable {
    /// `conv1_1.weight`: torchfcn, and the layers' names in Caffe.
    case layers
    /// `features.0.weight`, `classifier.0.weight`
    case torchvision
    /// `features.0.weight`, `pre_logits.fc1.weight`, `head.fc.weight`
    case timm
    /// `block1_conv1/kernel:0`, `vgg_16/conv1/conv1_1/weights`, `conv1_1_W`: Keras and TensorFlow, whose
    /// kernels are (height, width, inputs, outputs); see ``ChannelsLast``.
    case tensorFlow
  }

  /// Whose names these are.
  public static func convention(of names: some Sequence<String>) -> Convention {
    var found = Convention.layers
    for name in names {
      if ChannelsLast.name(name)?.hasSuffix(".weight") ?? false { return .tensorFlow }
      if name.hasPrefix("pre_logits.") { return .timm }
      if name.hasPrefix("features.") { found = .torchvision }
    }
    return found
  }

  /// The entries under torchfcn's names; a name that has no counterpart stays.
  ///
  /// Fully connected layers become convolutions: `fc6` of shape (4096, 25088) is read as
  /// (4096, 512, 7, 7), because a feature map is flattened channel by channel, row by row; `fc7` and
  /// `fc8` become 1×1. (Of CaffeNet, `fc6` (4096, 9216) is (4096, 256, 6, 6).)
  ///
  /// What stands before the layer in every name is dropped: `module.` of parallel training, `_orig_mod.`
  /// of a compiled model, `model.`, `net.`, `backbone.` of a network in another. Kernels in TensorFlow's
  /// order are turned.
  public static func canonical(_ entries: [WeightEntry]) -> [WeightEntry] {
    // How many batches a batch normalization saw is no weight.
    let entries = entries.filter { $0.name.split(separator: ".").last != "num_batches_tracked" }
    let canonical = translation(of: entries.map(\.name))
    let isTurned = ChannelsLast.isOrder(of: entries)
    return entries.map { entry in
      let renamed = entry.renamed(canonical(entry.name))
      if isTurned { return ChannelsLast.turned(renamed) }
      guard let shape = kernelShape(of: renamed) else { return renamed }
      return renamed.reshaped(shape) ?? renamed
    }
  }

  /// How the names of a file that has these become torchfcn's.
  public static func translation(of names: [String]) -> (String) -> String {
    guard let prefix = prefix(of: names) else {
      let convention = convention(of: names)
      return { canonical($0, in: convention) }
    }
    let inner = translation(of: names.map { String($0.dropFirst(prefix.count)) })
    return { inner($0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0) }
  }

  /// What stands before the layer and its part in all of these names, with the dot; nil if nothing
  /// does.
  private static func prefix(of names: some Sequence<String>) -> String? {
    var common: Substring?
    for name in names {
      let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, common == nil || common == parts[0] else { return nil }
      common = parts[0]
    }
    // A file of the convolutions alone has all its layers in there.
    guard let common, !["features", "classifier"].contains(common) else { return nil }
    return "\(common)."
  }

  /// The canonical name of one tensor; the name itself if it has no counterpart.
  public static func canonical(_ name: String, in convention: Convention) -> String {
    if convention == .tensorFlow { return ChannelsLast.name(name) ?? name }
    guard convention != .layers, let dot = name.lastIndex(of: "."),
      let layer = layers(of: convention)[String(name[..<dot])]
    else { return name }
    return layer + name[dot...]
  }

  /// The shape of a fully connected layer's weights read as kernels.
  private static func kernelShape(of entry: WeightEntry) -> Shape? {
    guard entry.shape.rank == 2, ["fc6.weight", "fc7.weight", "fc8.weight"].contains(entry.name)
    else { return nil }
    let (outputs, inputs) = (entry.shape[0], entry.shape[1])
    switch (entry.name, inputs) {
    case ("fc6.weight", 512 * 7 * 7): return [outputs, 512, 7, 7]
    case ("fc6.weight", 256 * 6 * 6): return [outputs, 256, 6, 6]
    case ("fc6.weight", _): return nil
    default: return [outputs, inputs, 1, 1]
    }
  }

  private static func layers(of convention: Convention) -> [String: String] {
    convention == .timm ? timm : torchvision
  }

  /// The convolutions of VGG16 by their place among its layers, ReLUs and pools counted.
  private static let features: [String: String] = [
    "features.0": "conv1_1", "features.2": "conv1_2",
    "features.5": "conv2_1", "features.7": "conv2_2",
    "features.10": "conv3_1", "features.12": "conv3_2", "features.14": "conv3_3",
    "features.17": "conv4_1", "features.19": "conv4_2", "features.21": "conv4_3",
    "features.24": "conv5_1", "features.26": "conv5_2", "features.28": "conv5_3",
  ]

  private static let torchvision = features.merging([
    "classifier.0": "fc6", "classifier.3": "fc7", "classifier.6": "fc8",
  ]) { $1 }

  private static let timm = features.merging([
    "pre_logits.fc1": "fc6", "pre_logits.fc2": "fc7", "head.fc": "fc8",
  ]) { $1 }
}

/// Weights as TensorFlow and Keras keep them: kernels (height, width, inputs, outputs), of transposed
/// convolutions (height, width, outputs, inputs), matrices (inputs, outputs).
///
/// They are known by their shapes. A kernel is square, so that in this order the first two extents of
/// every tensor of rank 4 are equal, and in PyTorch's the last two; a file in which both is so, or
/// neither, is left as it is.
///
/// A fully connected layer reads a map as it lies in memory, row by row, all channels of a pixel together:
/// `fc6` (25088, 4096) is (7, 7, 512, 4096).
public enum ChannelsLast {
  /// A tensor of such a file, under torchfcn's name, in PyTorch's order.
  static func turned(_ entry: WeightEntry) -> WeightEntry {
    switch entry.shape.rank {
    case 4: return entry.permuted([3, 2, 0, 1])
    case 2:
      let (inputs, outputs) = (entry.shape[0], entry.shape[1])
      let kernel: Shape =
        switch (entry.name, inputs) {
        case ("fc6.weight", 7 * 7 * 512): [7, 7, 512, outputs]
        case ("fc6.weight", 6 * 6 * 256): [6, 6, 256, outputs]
        default: [1, 1, inputs, outputs]
        }
      return entry.reshaped(kernel)?.permuted([3, 2, 0, 1]) ?? entry
    default: return entry
    }
  }

  /// Whether the kernels among these tensors are in TensorFlow's order.
  public static func isOrder(of entries: [WeightEntry]) -> Bool {
    let kernels = entries.map(\.shape).filter { $0.rank == 4 }
    let isLast = kernels.allSatisfy { $0[0] == $0[1] }
    let isFirst = kernels.allSatisfy { $0[2] == $0[3] }
    return !kernels.isEmpty && isLast && !isFirst
  }

  /// torchfcn's name of a tensor of Keras or TensorFlow; nil if it has none of their endings.
  static func name(_ name: String) -> String? {
    var path = name.split(whereSeparator: { $0 == "/" || $0 == "." }).map(String.init)
    guard var last = path.popLast() else { return nil }
    // The number of an output: `kernel:0`.
    if let colon = last.firstIndex(of: ":") { last = String(last[..<colon]) }
    if let layer = path.last, let part = parts[last] {
      return "\(layers[layer] ?? block(layer) ?? layer).\(part)"
    }
    // `conv1_1_W`
    guard let underscore = last.lastIndex(of: "_"),
      let part = ["W": "weight", "b": "bias"][last[last.index(after: underscore)...]]
    else { return nil }
    let layer = String(last[..<underscore])
    return "\(layers[layer] ?? block(layer) ?? layer).\(part)"
  }

  private static let parts = [
    "kernel": "weight", "weights": "weight", "bias": "bias", "biases": "bias",
  ]

  /// Keras' names of VGG16's last layers.
  private static let layers = ["fc1": "fc6", "fc2": "fc7", "predictions": "fc8"]

  /// `conv1_2` of Keras' `block1_conv2`.
  private static func block(_ layer: String) -> String? {
    let words = layer.split(separator: "_")
    guard words.count == 2, words[0].hasPrefix("block"), words[1].hasPrefix("conv") else {
      return nil
    }
    return "conv\(words[0].dropFirst(5))_\(words[1].dropFirst(4))"
  }
}
