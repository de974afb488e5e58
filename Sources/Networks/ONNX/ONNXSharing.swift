internal import Interchange
internal import Tensors

/// Which layers have one tensor of the file together, as modules that are called twice or are tied.
///
/// PyTorch's exporters keep one of several tensors of equal numbers, too, so that normalizations that were
/// not trained yet, and biases of zeros, look as if they were one: those are told apart below.
struct ONNXSharing {
  /// By the name of a layer's tensor that of the file's.
  private var sources: [String: String] = [:]
  /// What a node without arithmetic gives, by what it reads.
  private var aliases: [String: String] = [:]

  /// Whether a node only hands numbers on, perhaps in another shape or order.
  static func keepsNumbers(_ node: ONNXNode) -> Bool {
    ["Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten"].contains(node.type)
  }

  mutating func alias(_ node: ONNXNode) {
    guard let input = node.input(0), let output = node.outputs.first else { return }
    aliases[output] = aliases[input] ?? input
  }

  mutating func note(_ parameter: String, _ source: String) { sources[parameter] = source }

  /// One label for each tensor that several layers have, by the names that they have for it.
  func labels(
    among layers: [Network.Layer], _ weights: [String: WeightEntry]
  ) -> [String: String] {
    var first: [String: String] = [:]
    var labels: [String: String] = [:]
    for layer in layers {
      func source(_ part: String) -> String? { sources["\(layer.name).\(part)"] }
      guard let weight = source("weight") ?? source("bias") else { continue }
      let name = source("weight") == nil ? "bias" : "weight"
      let parts: [String]
      let key: String
      if case .batchNormalization = layer.operation {
        // One that shares all four has been called twice, unless its own are equal among themselves.
        parts = ["weight", "bias", "running_mean", "running_var"]
        let all = parts.compactMap(source)
        guard Set(all).count == 4 else { continue }
        key = all.joined(separator: "\u{0}")
      } else {
        // Kernels of equal numbers are one; of single lists, whoever is handed on has been another.
        let isKernel = (weights["\(layer.name).\(name)"]?.shape.rank ?? 0) > 1
        key = isKernel ? aliases[weight] ?? weight : weight
        parts = ["weight", "bias"]
      }
      guard let other = first[key] else {
        first[key] = layer.name
        continue
      }
      for part in parts {
        guard let own = source(part), own == sources["\(other).\(part)"] || part == name else {
          continue
        }
        labels["\(other).\(part)"] = "\(other).\(part)"
        labels["\(layer.name).\(part)"] = "\(other).\(part)"
      }
    }
    return labels
  }
}
