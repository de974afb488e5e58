internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

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

/// How many blobs a layer reads and makes.
extension CaffeBuilder {
  /// Refuses a layer that reads or makes more or fewer blobs than its type does.
  func checkCount(of layer: CaffeLayer) throws(TextProblem) {
    guard CaffeLayer.isKnown(layer.type), !layer.isMeasure else { return }
    func check(_ count: Int, _ range: ClosedRange<Int>, _ does: String) throws(TextProblem) {
      guard !range.contains(count) else { return }
      let right =
        range.count == 1
        ? "\(range.lowerBound)"
        : range.upperBound == Self.most
          ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
      let example = does == "makes" && count == 0 ? ", as in top: \"\(layer.name)\"" : ""
      throw TextProblem(
        "\(layer.name) \(does) \(count == 0 ? "no blob" : counted(count, "blob")); \(layer.type) "
          + "\(does) \(right)\(example)", at: layer.place)
    }
    let (bottoms, tops) = (layer.bottoms.count, layer.tops.count)
    if ["Convolution", "Deconvolution"].contains(layer.type), bottoms > 1 {
      guard tops != bottoms else { return }
      throw TextProblem(
        "\(layer.name) reads \(counted(bottoms, "blob")) and makes \(tops); \(layer.type) makes one of each",
        at: layer.place)
    }
    let sources = [
      "Data", "DummyData", "HDF5Data", "ImageData", "Input", "MemoryData", "WindowData",
    ]
    if sources.contains(layer.type) {
      try check(bottoms, 0...0, "reads")
      return try check(tops, 1...Self.most, "makes")
    }
    try check(bottoms, Self.inputs[layer.type] ?? 1...1, "reads")
    try check(tops, Self.outputs[layer.type] ?? 1...1, "makes")
  }

  /// How many blobs a type reads, and how many it makes, where that is not one.
  private static let inputs: [String: ClosedRange<Int>] = [
    "Eltwise": 2...most, "Concat": 1...most, "Crop": 2...2, "Scale": 1...2, "Bias": 1...2,
    "Axpy": 3...3, "Interp": 1...2,
  ]
  private static let outputs: [String: ClosedRange<Int>] = [
    "Pooling": 1...2, "Slice": 1...most, "Split": 1...most,
  ]
  private static let most = 4096
}

extension CaffeLayer {
  func makes(_ blob: String) -> Bool { tops.contains { $0.name == blob } }

  /// Whether it measures what the net says, and gives no map: a loss, or the part that is right.
  var isMeasure: Bool {
    type.hasSuffix("Loss") || ["Accuracy", "Silence", "HDF5Output"].contains(type)
  }
}

extension CaffeBuilder {
  /// What a concatenation reads: maps that were laid out in rows and are not equally large, as one cell of
  /// so many channels each. Equal ones lie in the same order behind each other as maps.
  mutating func inRows(_ inputs: [Blob], _ layer: CaffeLayer) throws -> [Blob] {
    guard layer.type == "Concat", inputs.contains(where: \.isFlat) else { return inputs }
    var sizes: [Size] = []
    for input in inputs {
      guard let shape = try shape(of: input) else { return inputs }
      sizes.append(shape.size)
    }
    guard Set(sizes).count > 1 else { return inputs }
    var result: [Blob] = []
    for (input, size) in zip(inputs, sizes) {
      guard input.isFlat, size != 1 else {
        result.append(Blob(layer: input.layer))
        continue
      }
      let name = unused("\(layer.name)/\(input.layer)")
      result.append(try append(name, .pixelUnshuffle(size), [input]))
      stretching[name] = .globalPool(.mean)
    }
    return result
  }
}

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
