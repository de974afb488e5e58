internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// What a person should know of a net, and the end of its reading.
extension CaffeBuilder {
  mutating func note(_ what: String, _ layer: String) {
    if let index = noted.firstIndex(where: { $0.what == what }) {
      if !noted[index].layers.contains(layer) { noted[index].layers.append(layer) }
    } else {
      noted.append((what, [layer]))
    }
  }

  mutating func note(_ layer: CaffeLayer, _ what: String, _ text: String) {
    note(what, text)
  }

  mutating func noteUnknown(_ layer: CaffeLayer, _ operation: Network.Operation) {
    let known = CaffeLayer.knownTypes
    let near =
      CaffeLayer.isKnown(layer.type)
      ? nil
      : known.first { $0.lowercased() == layer.type.lowercased() }
        ?? nearest(to: layer.type, among: known)
    var reason = ""
    // Of a type that the book has it is an attribute.
    if near == nil, CaffeLayer.isKnown(layer.type), case .unknown(_, let why) = operation {
      reason = " \(why)"
    }
    note(
      "not this book's, so that they and what reads them have no size: ",
      "\(layer.name) (\(operation.kind)\(near.map { "; did you mean \($0)?" } ?? ""))\(reason)")
  }

  // MARK: The end

  /// The network, the size of its picture, and the notes.
  mutating func finished() throws -> (Network, Size, [String]) {
    guard let size = pictureSize, !layers.isEmpty else { throw missingPicture() }
    var network = alignedCrops()
    network = Network(
      network.name, layers: network.layers, isOneDimensional: false, sharing: try sharing(),
      stretching: stretching)
    notes += noted.map {
      $0.what + $0.layers.prefix(12).joined(separator: ", ")
        + ($0.layers.count > 12 ? " and \($0.layers.count - 12) more" : "")
    }
    return (network, size, notes)
  }

  /// The network so far.
  var network: Network {
    Network(
      name, layers: pictures + layers, isOneDimensional: false, sharing: [:],
      stretching: stretching)
  }

  /// The size of the picture.
  var size: Size { pictureSize ?? 224 }

  /// The network, its crops without an offset cut where they lie over their reference; at 0, as Caffe
  /// does it, where they lie nowhere on it.
  private mutating func alignedCrops() -> Network {
    var network = network
    var derived: [String] = []
    for index in layers.indices where layers[index].operation == .crop {
      let layer = layers[index]
      guard layer.inputs.allSatisfy({ channels[$0] != nil }) else { continue }
      // The offsets of those before are written by now, so that no way is gone twice.
      let offset = try? network.cropOffsets(of: layer)
      if offset == nil {
        note("no offset is written and none is right, cut at 0: ", layer.name)
      } else {
        derived.append(layer.name)
      }
      layers[index] = Network.Layer(
        name: layer.name, operation: .crop(offset: offset ?? 0), inputs: layer.inputs)
      network = self.network
    }
    if !derived.isEmpty {
      notes.append(
        "no offset is written for \(derived.summary): derived, as Caffe's coord_map does it; Caffe's "
          + "own layer would cut at 0")
    }
    return network
  }
}
