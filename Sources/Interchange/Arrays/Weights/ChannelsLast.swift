internal import Tensors

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
