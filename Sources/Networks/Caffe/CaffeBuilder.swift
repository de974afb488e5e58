internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Builds a network out of the layers of one of a file's nets, one after another.
struct CaffeBuilder {
  /// What a blob's name means at a moment.
  struct Blob {
    /// The layer of the network that made it.
    let layer: String
    /// Whether all its maps were laid out as one row of numbers. The network keeps them as maps, which
    /// a fully connected layer reads in the same order.
    var isFlat = false
  }

  let name: String
  /// The layers of the net in the file's order.
  let source: [CaffeLayer]
  /// The layers of all the file's nets.
  let all: [CaffeLayer]
  let phase: CaffePhase
  /// The picture as the person who asks says it.
  let asked: (channels: Int?, size: Size?)
  /// The same if neither that person nor the file says it.
  let usual: (channels: Int?, size: Size?)
  /// The blobs that a layer reads which makes maps of them.
  let read: Set<String>

  /// The pictures, which come first in the network, and the other layers.
  var pictures: [Network.Layer] = []
  var layers: [Network.Layer] = []
  var blobs: [String: Blob] = [:]
  /// The layers that made blobs, and those that were left out, by the names of their blobs.
  var makers: [String: CaffeLayer] = [:]
  var leftOut: [String: CaffeLayer] = [:]
  /// The lines on which the names of layers stand.
  var lines: [String: Int] = [:]
  var pictureSize: Size?
  /// Where the layer begins that is being added.
  private var place = TextPlace(line: 1, column: 1)
  var sizes = GrowingSizes()
  /// What follows the size of the picture; see ``Network/stretching``.
  var stretching: [String: Network.Operation] = [:]
  /// The layers of the network that do for further blobs what a layer of the file does for its first.
  var copies: [String: [String]] = [:]
  /// The channels of the network's layers, where they are known.
  var channels: [String: Int] = [:]
  /// Layers for a note at the end, by what is to be noted.
  var noted: [(what: String, layers: [String])] = []
  var notes: [String] = []

  init(
    _ name: String, layers: [CaffeLayer], all: [CaffeLayer], in phase: CaffePhase, channels: Int?,
    size: Size?, usual: (channels: Int?, size: Size?)
  ) throws(TextProblem) {
    (self.name, source, self.all, self.phase) = (name, layers, all, phase)
    (asked, self.usual) = ((channels, size), usual)
    read = Set(layers.filter { !$0.isMeasure }.flatMap { $0.bottoms.map(\.name) })
  }

  // MARK: Layers

  mutating func add(_ layer: CaffeLayer, at index: Int) throws {
    if let line = lines.updateValue(layer.place.line, forKey: layer.name) {
      throw TextProblem(
        "there are two layers called \(layer.name), this one and that of line \(line); each has a "
          + "name of its own", at: layer.place)
    }
    place = layer.place
    try checkCount(of: layer)
    if layer.bottoms.isEmpty { return try addSource(layer) }
    if layer.isMeasure || layer.tops.isEmpty {
      for bottom in layer.bottoms where leftOut[bottom.name] == nil {
        _ = try blob(bottom, of: layer, at: index)
      }
      for top in layer.tops { leftOut[top.name] = layer }
      note("left out, for no map comes from them: ", "\(layer.name) (\(layer.type))")
      return
    }
    var inputs: [Blob] = []
    for bottom in layer.bottoms { inputs.append(try blob(bottom, of: layer, at: index)) }
    switch layer.type {
    case "Axpy":
      let product = try append(unused("\(layer.name)/product"), .product, [inputs[1], inputs[0]])
      try make(layer.tops[0], try append(layer.name, .sum, [product, inputs[2]]), layer)
    case "Split":
      let blob = try append(layer.name, .identity("split"), [inputs[0]], isFlat: inputs[0].isFlat)
      for top in layer.tops { try make(top, blob, layer) }
    case "Slice":
      try addSlices(of: inputs[0], layer)
    case "Convolution" where inputs.count > 1, "Deconvolution" where inputs.count > 1:
      // The same kernels for each blob.
      for (top, input) in zip(layer.tops, inputs) {
        let name =
          top.name == layer.tops[0].name ? layer.name : unused("\(layer.name)/\(top.name)")
        if name != layer.name { copies[layer.name, default: []].append(name) }
        let operation = try self.operation(of: layer, reading: [input]) ?? .unknown(layer.type)
        if case .unknown = operation { noteUnknown(layer, operation) }
        try noteUnreadFields(layer)
        try make(top, try append(name, operation, [input]), layer)
      }
    default:
      inputs[0] = try cropped(inputs, layer)
      inputs = try inRows(inputs, layer)
      let known = try self.operation(of: layer, reading: inputs)
      let operation = known ?? .unknown(layer.type)
      if case .unknown = known {
        noteUnknown(layer, operation)
      } else {
        try noteStatistics(layer)
        try noteUnreadFields(layer)
      }
      stretching[layer.name] = try known.flatMap { (operation) throws in
        try stretched(operation, layer)
      }
      let isFlat =
        switch operation {
        case .identity("flatten"): true
        case .convolution, .unknown: false
        default: inputs[0].isFlat
        }
      try make(layer.tops[0], try append(layer.name, operation, inputs, isFlat: isFlat), layer)
      for top in layer.tops.dropFirst() { try addUnknown(top, layer, inputs) }
    }
  }

  /// What a crop reads, with as many channels as its second blob where it cuts along them too; of any
  /// other layer its first blob.
  private mutating func cropped(_ inputs: [Blob], _ layer: CaffeLayer) throws -> Blob {
    guard let first = try layer.firstChannelOfCrop(), inputs.count == 2,
      let own = channels[inputs[0].layer], let kept = channels[inputs[1].layer],
      first > 0 || kept != own
    else { return inputs[0] }
    guard first + kept <= own else {
      throw TextProblem(
        "\(layer.name) keeps \(counted(kept, "channel")) from channel \(first) on, and its first blob has \(own)",
        at: layer.place)
    }
    return try append(
      unused("\(layer.name)/channels"), .channels(first..<first + kept), [inputs[0]])
  }

  /// A further blob of a layer, such as the places of a pool's largest cells, if it is read.
  private mutating func addUnknown(
    _ top: (name: String, place: TextPlace), _ layer: CaffeLayer, _ inputs: [Blob]
  ) throws {
    guard read.contains(top.name) else {
      leftOut[top.name] = layer
      return
    }
    try make(
      top, try append(unused("\(layer.name)/\(top.name)"), .unknown(layer.type), inputs), layer)
  }

  /// One layer for each blob that a slice gives.
  private mutating func addSlices(of input: Blob, _ layer: CaffeLayer) throws {
    let ranges = try slices(of: layer, reading: input)
    for (index, top) in layer.tops.enumerated() {
      let name = lines[top.name] == nil ? top.name : "\(layer.name)/\(top.name)"
      let operation = ranges.map { Network.Operation.channels($0[index]) } ?? .unknown(layer.type)
      if ranges == nil, channels[input.layer] != nil { noteUnknown(layer, operation) }
      try make(top, try append(unused(name), operation, [input]), layer)
    }
  }

  /// Adds a layer to the network.
  ///
  /// - Throws: `TextProblem` if its channels cannot be.
  mutating func append(
    _ name: String, _ operation: Network.Operation, _ inputs: [Blob], isFlat: Bool = false
  ) throws(TextProblem) -> Blob {
    let read = inputs.compactMap { channels[$0.layer] }
    if read.count == inputs.count {
      do throws(GeometryError) {
        channels[name] = try operation.checkedChannels(of: read)
      } catch {
        throw TextProblem("\(name): \(error)", at: place)
      }
    }
    let layer = Network.Layer(name: name, operation: operation, inputs: inputs.map(\.layer))
    layers.append(layer)
    sizes.append(layer)
    return Blob(layer: name, isFlat: isFlat)
  }

  /// The shape of a blob for the picture; nil if nobody knows.
  ///
  /// - Throws: `GeometryError` that names the layer in which no window fits any more.
  mutating func shape(of blob: Blob) throws(GeometryError) -> MapShape? {
    guard let channels = channels[blob.layer] else { return nil }
    do {
      return try sizes.size(of: blob.layer, input: size)
        .map { MapShape(channels: channels, size: $0) }
    } catch {
      // The same in more words.
      _ = try network.knownShapes(input: size)
      throw error
    }
  }

  /// What has the extents that a layer would have for any picture, if it was made for this one.
  private func stretched(
    _ operation: Network.Operation, _ layer: CaffeLayer
  ) throws -> Network.Operation? {
    switch (layer.type, operation) {
    case ("InnerProduct", _): return .globalPool(.mean)
    case ("Interp", .resize):
      let part = try layer.parameters("interp_param", knowing: [])
      guard let zoom = try part.wholeNumber("zoom_factor", in: 1...1024), !part.has("height")
      else { return nil }
      return .transposedConvolution(
        try Convolution(kernelSize: 1, stride: Size(zoom)).transposed(), outputs: 1, bias: false)
    default: return nil
    }
  }

  /// Whether the channels of a blob are another thing in Caffe than here.
  mutating func isMapsInARow(_ blob: Blob) throws(GeometryError) -> Bool {
    guard blob.isFlat, let shape = try shape(of: blob) else { return false }
    return shape.size != 1
  }

  /// A name that no layer has.
  mutating func unused(_ name: String) -> String {
    var (result, number) = (name, 2)
    while lines[result] != nil || source.contains(where: { $0.name == result }) {
      (result, number) = ("\(name)_\(number)", number + 1)
    }
    lines[result] = 0
    return result
  }
}

/// What a person should know of a net, and what is there so far.
extension CaffeBuilder {
  mutating func note(_ what: String, _ layer: String) {
    if let index = noted.firstIndex(where: { $0.what == what }) {
      if !noted[index].layers.contains(layer) { noted[index].layers.append(layer) }
    } else {
      noted.append((what, [layer]))
    }
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

  /// The network so far.
  var network: Network {
    Network(
      name, layers: pictures + layers, isOneDimensional: false, sharing: [:],
      stretching: stretching)
  }

  /// The size of the picture.
  var size: Size { pictureSize ?? 224 }
}
