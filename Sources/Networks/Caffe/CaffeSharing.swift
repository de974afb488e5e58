internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// Weights that several layers have together.
extension CaffeLayer {
  /// The names under which a layer shares its blobs, by their numbers; and whether it takes one of another
  /// shape with as many numbers.
  func shares() throws(TextProblem) -> [Int: (label: String, isPermissive: Bool)] {
    var shares: [Int: (label: String, isPermissive: Bool)] = [:]
    let modes = fields("blob_share_mode")
    for (index, field) in fields("param").enumerated() {
      var label: String?
      var mode: String?
      if case .message = field.value {
        let part = try field.part(knowing: ["name", "share_mode", "lr_mult", "decay_mult"])
        (label, mode) = (try part.text("name"), try part.word("share_mode"))
      } else {
        // The first generation.
        label = try field.text()
        if index < modes.count { mode = try modes[index].word() }
      }
      guard let label, !label.isEmpty else { continue }
      shares[index] = (label, ["PERMISSIVE", "1"].contains(mode))
    }
    return shares
  }
}

extension CaffeBuilder {
  /// Which tensors of the network are one and the same, as the layers' `param { name: … }` say; and those
  /// of a layer that does the same to several blobs.
  ///
  /// - Throws: `TextProblem` if they have different shapes.
  func sharing() throws(TextProblem) -> [String: String] {
    let network = network
    let tensors = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), network.parametersByLayer))
    var sharing: [String: String] = [:]
    var owners: [String: (layer: String, shape: Shape)] = [:]
    for layer in source {
      let shares = try layer.shares()
      let copies = copies[layer.name] ?? []
      guard !shares.isEmpty || !copies.isEmpty else { continue }
      for name in [layer.name] + copies {
        for (index, tensor) in (tensors[name] ?? []).enumerated() {
          guard
            let label = shares[index]?.label ?? (copies.isEmpty ? nil : "\(layer.name) \(index)")
          else { continue }
          sharing[tensor.name] = label
          guard let owner = owners[label] else {
            owners[label] = (name, tensor.shape)
            continue
          }
          let isPermissive = shares[index]?.isPermissive ?? false
          guard
            isPermissive ? tensor.shape.count == owner.shape.count : tensor.shape == owner.shape
          else {
            throw TextProblem(
              "\(tensor.name) is to be the same as in \(owner.layer), \(label.printable), and their "
                + "shapes are \(tensor.shape) and \(owner.shape)", at: layer.place)
          }
        }
      }
    }
    return sharing
  }
}
