internal import ConvolutionArithmetic
internal import Interchange
public import Tensors
internal import WeightFiles

/// What a `.prototxt` of Caffe describes: a network, the size of its picture, and what a person should
/// know who reads its table.
///
/// ```swift
/// let net = try CaffeNet(text: Array(text.utf8), name: "deploy.prototxt", size: 500)
/// try net.network.shapes(input: net.size)
/// ```
///
/// Layers have the names that they have in the file; a layer reads what last made the blob that it
/// names, so that a ReLU in place stands between its neighbours.
public struct CaffeNet: Sendable {
  public let network: Network
  public let size: Size
  /// What was assumed, derived, left out or not understood: a sentence each.
  public let notes: [String]

  /// Bytes of the longest file that is read.
  public static let longest = TextMessage.longest

  /// - Parameters:
  ///   - name: what the network is called if the file does not say.
  ///   - phase: which of the file's nets; if nil the one that is tested, or, where nothing comes into
  ///     that, the one that is trained.
  ///   - channels: of the picture, instead of what the file says.
  ///   - size: of the picture, instead of what the file says.
  ///   - usual: its channels and its size if the file does not say them.
  /// - Throws: `NetworkTextError`, with the place; `GeometryError` where no map is left for a fully
  ///   connected layer.
  public init(
    text: [UInt8], name: String, phase: CaffePhase? = nil, channels: Int? = nil, size: Size? = nil,
    usual: (channels: Int?, size: Size?) = (nil, nil)
  ) throws {
    do {
      let file = try CaffeFile(text: text)
      let chosen = try file.phase(asked: phase)
      var builder = try CaffeBuilder(
        file.name ?? name, layers: file.layers(in: chosen), all: file.layers, in: chosen,
        channels: channels, size: size, usual: usual)
      if phase == nil, chosen != file.statedPhase ?? .test {
        builder.notes.append(
          "no picture comes into the net that is tested; this is the one that is trained")
      }
      builder.notes += try file.stageNotes(in: chosen)
      try builder.addInputs(of: file)
      for (index, layer) in builder.source.enumerated() { try builder.add(layer, at: index) }
      (network, self.size, notes) = try builder.finished()
    } catch let problem as TextProblem {
      throw NetworkTextError(
        line: problem.place.line, column: problem.place.column, message: problem.message)
    }
  }
}

/// A file's layers, of all its nets, and what it says of the whole.
struct CaffeFile {
  let name: String?
  let layers: [CaffeLayer]
  let message: TextMessage.Part
  /// The phase that the file states for itself.
  let statedPhase: CaffePhase?
  private var stages: Set<String> = []
  private var level = 0

  init(text: [UInt8]) throws(TextProblem) {
    let start = TextPlace(line: 1, column: 1)
    message = try TextMessage.Part(
      TextMessage(text: text), called: "the net", at: start,
      knowing: [
        "name", "layer", "layers", "input", "input_dim", "input_shape", "state", "force_backward",
        "debug_info",
      ])
    name = try message.one("name").map { (field) throws(TextProblem) in
      try CaffeLayer.name(field)
    }
    let fields = (message.all("layer") + message.all("layers"))
      .sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
    guard !fields.isEmpty else {
      if let net = message.all("net").first ?? message.all("train_net").first {
        throw TextProblem(
          "these are a solver's settings; the network is in the file \(try net.text().printable)",
          at: net.place)
      }
      throw TextProblem("there is no layer, as in layer { name: \"conv1\" … }", at: start)
    }
    let most = Network.mostLayers
    guard fields.count <= most else {
      throw TextProblem("there are more than \(most) layers", at: fields[most].place)
    }
    var layers: [CaffeLayer] = []
    for (index, field) in fields.enumerated() {
      layers.append(try CaffeLayer(field, number: index + 1))
    }
    self.layers = layers
    let state = try message.part("state", knowing: ["phase", "level", "stage"])
    statedPhase = try state.one("phase").map { (field) throws(TextProblem) in
      try CaffeLayer.phase(field)
    }
    level = try state.wholeNumber("level", in: Int(Int32.min)...Int(Int32.max)) ?? 0
    for stage in state.all("stage") { stages.insert(try stage.text()) }
  }

  /// The layers of one of the nets.
  func layers(in phase: CaffePhase) throws(TextProblem) -> [CaffeLayer] {
    let state = CaffeState(phase: phase, level: level, stages: stages)
    var layers: [CaffeLayer] = []
    for layer in self.layers where try layer.belongs(to: state) { layers.append(layer) }
    return layers
  }

  /// What is said of layers that are for stages in which the net is not.
  func stageNotes(in phase: CaffePhase) throws(TextProblem) -> [String] {
    let taken = Set(try layers(in: phase).map(\.name))
    var missed: [(stage: String, layer: String)] = []
    for layer in layers where !taken.contains(layer.name) {
      for stage in try layer.stages().sorted() where !stages.contains(stage) {
        missed.append((stage, layer.name))
      }
    }
    guard let first = missed.first else { return [] }
    let names = missed.map { "\($0.layer) (\($0.stage.printable))" }
    return [
      "for stages in which the net is not, and left out as Caffe does it: \(names.summary); state { stage: "
        + "\"\(first.stage.printable)\" } in the file says that it is"
    ]
  }

  /// The phase that is meant if `asked` is.
  func phase(asked: CaffePhase?) throws(TextProblem) -> CaffePhase {
    let usual = asked ?? statedPhase ?? .test
    func hasSource(_ phase: CaffePhase) throws(TextProblem) -> Bool {
      try layers(in: phase).contains { $0.bottoms.isEmpty }
    }
    let other: CaffePhase = usual == .test ? .train : .test
    guard asked == nil, !message.has("input"), try !hasSource(usual), try hasSource(other) else {
      return usual
    }
    return other
  }
}

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

/// The end of reading a net.
extension CaffeBuilder {
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
