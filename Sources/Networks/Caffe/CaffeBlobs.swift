internal import Interchange
internal import Tensors

/// What the names of blobs mean, from one layer to the next.
extension CaffeBuilder {
  /// Gives a blob its meaning.
  ///
  /// - Throws: `TextProblem` if another layer made it, and this one does not change it in place.
  mutating func make(
    _ top: (name: String, place: TextPlace), _ blob: Blob, _ layer: CaffeLayer
  ) throws(TextProblem) {
    if let maker = makers[top.name], !layer.bottoms.contains(where: { $0.name == top.name }) {
      throw TextProblem(
        "\(layer.name) makes the blob \(top.name), which \(maker.name) of line \(maker.place.line) "
          + "made already; a layer may change only what it reads", at: top.place)
    }
    (makers[top.name], blobs[top.name]) = (layer, blob)
  }

  /// What a bottom means.
  mutating func blob(
    _ bottom: (name: String, place: TextPlace), of layer: CaffeLayer, at index: Int
  ) throws(TextProblem) -> Blob {
    if let blob = blobs[bottom.name] { return blob }
    if let maker = leftOut[bottom.name] {
      // It is needed after all; nobody knows its size.
      let blob = try append(unused("\(maker.name)/\(bottom.name)"), .unknown(maker.type), [])
      blobs[bottom.name] = blob
      return blob
    }
    throw TextProblem(
      "\(layer.name) reads \"\(bottom.name)\", " + whyMissing(bottom.name, layer, at: index),
      at: bottom.place)
  }

  /// Why a blob is not there.
  private func whyMissing(_ blob: String, _ layer: CaffeLayer, at index: Int) -> String {
    if layer.tops.contains(where: { $0.name == blob }) {
      return "which it makes itself, and no layer before it: a circle"
    }
    if let maker = source[index...].first(where: { $0.makes(blob) }) {
      let way = circle(from: layer, to: blob)
      return way.map { "which is made from it: a circle through \($0)" }
        ?? "which \(maker.name) makes only on line \(maker.place.line); a layer reads what those "
        + "before it made"
    }
    if let maker = all.first(where: { $0.makes(blob) }) {
      let other = phase == .test ? CaffePhase.train : .test
      return
        "which \(maker.name) of line \(maker.place.line) makes in another net of the file, and "
        + "not in that which is \(phase == .test ? "tested" : "trained"); --phase \(other.rawValue) "
        + "may be the one that is meant"
    }
    if let made = all.first(where: { $0.name == blob })?.tops.first?.name {
      return "which is no blob; the layer of that name makes \"\(made)\""
    }
    let near = nearest(to: blob, among: blobs.keys.sorted()).map { "; did you mean \"\($0)\"?" }
    return "which no layer makes" + (near ?? "")
  }

  /// The layers through which `blob` is made from what `layer` makes; nil if it is not.
  private func circle(from layer: CaffeLayer, to blob: String) -> String? {
    var way = [blob: [String]()]
    var open = [blob]
    let goal = Set(layer.tops.map(\.name))
    while let next = open.popLast() {
      for maker in source where maker.makes(next) {
        let passed = [maker.name] + way[next]!
        for bottom in maker.bottoms.map(\.name) where way[bottom] == nil {
          if goal.contains(bottom) {
            let names = [layer.name] + passed
            return names.count > 6
              ? (names.prefix(3) + ["…"] + names.suffix(2)).joined(separator: ", ")
              : names.joined(separator: ", ")
          }
          way[bottom] = passed
          open.append(bottom)
        }
      }
    }
    return nil
  }
}

extension CaffeLayer {
  func makes(_ blob: String) -> Bool { tops.contains { $0.name == blob } }

  /// Whether it measures what the net says, and gives no map: a loss, or the part that is right.
  var isMeasure: Bool {
    type.hasSuffix("Loss") || ["Accuracy", "Silence", "HDF5Output"].contains(type)
  }
}
