internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// What comes into a net.
extension CaffeBuilder {
  /// The blobs that the first generation of files names before all layers.
  mutating func addInputs(of file: CaffeFile) throws {
    let inputs = file.message.all("input")
    let (extents, shapes) = (file.message.all("input_dim"), file.message.all("input_shape"))
    guard shapes.isEmpty || shapes.count == inputs.count,
      extents.isEmpty || extents.count == 4 * inputs.count, shapes.isEmpty || extents.isEmpty
    else {
      throw TextProblem(
        "the shape of each input is one input_shape or four times input_dim, and there are "
          + "\(counted(inputs.count, "input")), \(shapes.count) of the one and \(extents.count) of the other",
        at: (shapes.first ?? extents[0]).place)
    }
    for (index, field) in inputs.enumerated() {
      let name = try CaffeLayer.name(field)
      var shape: [Int]?
      if !shapes.isEmpty { shape = try CaffePicture.shape(shapes[index]) }
      if !extents.isEmpty {
        shape = try CaffePicture.extents(Array(extents[4 * index..<4 * index + 4]))
      }
      guard blobs[name] == nil else {
        throw TextProblem("there are two inputs called \(name)", at: field.place)
      }
      lines[name] = field.place.line
      blobs[name] = try addPicture(name, CaffePicture(shape: shape))
    }
  }

  /// What a layer brings in that reads nothing: pictures, and labels, which nothing here reads.
  mutating func addSource(_ layer: CaffeLayer) throws {
    let kept = layer.tops.filter { read.contains($0.name) }
    for (index, top) in layer.tops.enumerated() {
      guard read.contains(top.name) else {
        leftOut[top.name] = layer
        continue
      }
      let name =
        kept.count == 1 || top.name == layer.name ? layer.name : unused(top.name)
      let isLabel = index > 0 && top.name.lowercased().hasPrefix("label")
      guard layer.type != "Parameter", !isLabel else {
        try make(top, try append(name, .unknown(layer.type), []), layer)
        continue
      }
      try make(top, try addPicture(name, try CaffePicture(layer, top: index)), layer)
    }
  }

  /// Adds a picture; one that has another size than the first is none.
  private mutating func addPicture(
    _ name: String, _ picture: CaffePicture
  ) throws(TextProblem) -> Blob {
    guard picture.isMaps else {
      note("of another shape than a picture, so that nobody knows what comes of them: ", name)
      return try append(name, .unknown("input"), [])
    }
    let channels = asked.channels ?? picture.channels ?? usual.channels ?? 3
    let size = asked.size ?? picture.size ?? pictureSize ?? usual.size ?? 224
    if let pictureSize, size != pictureSize {
      note("\(size) where the picture is \(pictureSize), so that they have no size here: ", name)
      return try append(name, .unknown("input"), [])
    }
    let assumed = [
      picture.size == nil && asked.size == nil && pictureSize == nil && usual.size == nil
        ? "\(size)" : nil,
      picture.channels == nil && asked.channels == nil && usual.channels == nil
        ? "\(counted(channels, "channel"))" : nil,
    ].compactMap(\.self)
    if !assumed.isEmpty {
      note(
        "the file does not tell the shape, \(assumed.joined(separator: " and ")) are taken, and "
          + "convbook network --input CxHxW shows it with others: ", name)
    }
    (pictureSize, self.channels[name]) = (size, channels)
    let layer = Network.Layer(name: name, operation: .input(channels: channels), inputs: [])
    pictures.append(layer)
    sizes.append(layer)
    return Blob(layer: name)
  }

  /// Why there is no network.
  func missingPicture() -> TextProblem {
    func problem(_ message: String, at place: TextPlace? = nil) -> TextProblem {
      TextProblem(message, at: place ?? TextPlace(line: 1, column: 1))
    }
    guard pictures.isEmpty else {
      return problem("no layer makes maps of the picture, \(pictures[0].name)")
    }
    if let other = layers.first(where: { $0.operation == .unknown("input") }) {
      return problem(
        "no layer of the net brings in a picture; the shape of \(other.name) must have four numbers, a "
          + "batch, channels, height and width")
    }
    for layer in source where layer.bottoms.isEmpty {
      guard let top = layer.tops.first(where: { !read.contains($0.name) }) else { continue }
      return problem(
        "no layer reads the picture, \(top.name); one that does is, for instance, layer { name: "
          + "\"pool1\" type: \"Pooling\" bottom: \"\(top.name)\" top: \"pool1\" … }",
        at: layer.place)
    }
    return problem(
      "no layer of the net brings in a picture, as layer { name: \"data\" type: \"Input\" top: "
        + "\"data\" … } does, or input: \"data\"")
  }
}
