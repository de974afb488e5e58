import ConvolutionArithmetic
import Tensors

/// Changes one layer after another until a picture's extent does what it should.
///
/// Each change must meet the first demand that is not met, without failing one before it; so the layers
/// are gone through once.
struct Repair {
  private var line: NetworkAxis
  private let input: Int
  private let goal: NetworkAxis.Goal
  private var changes: [(layer: String, words: String)] = []
  /// Walks that may still be made, so that a large network is not tried for minutes.
  private var walks: Int

  init(_ line: NetworkAxis, input: Int, goal: NetworkAxis.Goal) {
    (self.line, self.input, self.goal) = (line, input, goal)
    walks = min(4000, 200_000 / line.network.layers.count)
  }

  /// Makes the changes of one kind; false if they do not lead to the goal.
  mutating func make(_ kind: Remedy.Kind) -> Bool {
    while let demand = unmet(line) {
      let isDone =
        switch kind {
        case .outputPadding: padOutput(demand)
        case .ceil: roundUp(demand)
        case .crop: crop(demand)
        case .pad, .cut: false
        }
      guard isDone, changes.count <= 64 else { return false }
    }
    return output(line) != nil
  }

  func remedy(_ kind: Remedy.Kind) -> Remedy {
    var words = changes.map { $0.words }
    if kind == .outputPadding { words[0] = "output padding \(words[0])" }
    if kind == .ceil, words[0].hasPrefix("in ") { words[0] = "ceil \(words[0])" }
    return Remedy(
      kind: kind, layers: changes.map { $0.layer }, sentence: words.joined(separator: ", and "),
      input: input, output: output(line))
  }

  private func output(_ line: NetworkAxis) -> Int? { line.output(input: input) }

  private func unmet(_ line: NetworkAxis) -> NetworkAxis.Demand? {
    guard let demands = try? line.demands(input: input) else { return nil }
    return NetworkAxis.unmet(demands, goal)
  }

  /// Takes a changed network over if with it the demand is met, and no earlier one fails.
  private mutating func take(
    _ network: Network, meeting demand: NetworkAxis.Demand, _ layer: String, _ words: String
  ) -> Bool {
    guard let next = progress(network, beyond: demand) else { return false }
    line = next
    changes.append((layer, words))
    return true
  }

  private mutating func progress(
    _ network: Network, beyond demand: NetworkAxis.Demand
  ) -> NetworkAxis? {
    guard walks > 0 else { return nil }
    walks -= 1
    let next = line.with(network)
    guard let demands = try? next.demands(input: input) else { return nil }
    guard let other = NetworkAxis.unmet(demands, goal) else { return next }
    func name(_ demand: NetworkAxis.Demand, _ line: NetworkAxis) -> String {
      line.network.layers[demand.layer].name
    }
    // Layers that were put in before it move a layer's place.
    let place = next.network.layers.firstIndex { $0.name == name(demand, line) } ?? 0
    let isBehind =
      other.isStrict == demand.isStrict
      ? other.layer > place || other.layer == place && other.kind != demand.kind
      : other.isStrict
    return isBehind ? next : nil
  }

  /// The streams that a demand compares, the longer one first; nil if it compares none.
  private func streams(_ demand: NetworkAxis.Demand) -> (long: Int, short: Int)? {
    let read = line.inputs[demand.layer]
    switch demand.kind {
    case .equal(let stream):
      guard let extents = try? line.walk(input: input).extents,
        let cells = extents[read[stream]],
        let first = read.first(where: { extents[$0] == cells - demand.amount })
      else { return nil }
      return demand.amount > 0 ? (read[stream], first) : (first, read[stream])
    case .room: return read.count > 1 ? (read[1], read[0]) : nil
    case .output:
      let last = line.network.layers.count - 1
      return demand.amount > 0 ? (last, 0) : (0, last)
    case .whole: return nil
    }
  }

  /// Lengthens what is too short by output padding, at the nearest layer that can have it.
  private mutating func padOutput(_ demand: NetworkAxis.Demand) -> Bool {
    guard let (long, short) = streams(demand) else { return false }
    let network = line.network
    let own = line.ancestors(of: short).subtracting(line.ancestors(of: long))
    /// The same with output padding at a layer, so many cells.
    func padded(_ place: Int, _ line: NetworkAxis) -> [(padding: Int, network: Network)] {
      let layer = line.network.layers[place]
      guard case .transposedConvolution(let convolution, let outputs, let bias) = layer.operation
      else { return [] }
      let window = line.axis == .height ? convolution.rows : convolution.columns
      let limit = max(window.stride, window.dilation, window.outputPadding + 1)
      return ((window.outputPadding + 1)..<limit).compactMap { padding in
        guard let longer = try? window.transposed(outputPadding: padding),
          let changed = try? Convolution(
            rows: line.axis == .height ? longer : convolution.rows,
            columns: line.axis == .width ? longer : convolution.columns, groups: convolution.groups)
        else { return nil }
        return (
          padding,
          line.network.changing(
            place, .transposedConvolution(changed, outputs: outputs, bias: bias))
        )
      }
    }
    for place in own.sorted(by: >) {
      let name = network.layers[place].name
      for (padding, changed) in padded(place, line)
      where take(changed, meeting: demand, name, "\(padding) at \(name)") { return true }
    }
    // One layer alone cannot: as much as may be at the coarsest, and so on to the finest.
    let before = self
    for place in own.sorted() {
      let name = network.layers[place].name
      for (padding, changed) in padded(place, line).reversed() {
        if take(changed, meeting: demand, name, "\(padding) at \(name)") { return true }
        let next = line.with(changed)
        guard let rest = unmet(next), rest.layer == demand.layer, rest.kind == demand.kind,
          rest.amount.signum() == demand.amount.signum()
        else { continue }
        line = next
        changes.append((name, "\(padding) at \(name)"))
        break
      }
    }
    self = before
    return false
  }

  /// Rounds a pool up, and crops what then is longer than it should be, if it must.
  private mutating func roundUp(_ demand: NetworkAxis.Demand) -> Bool {
    let network = line.network
    var places: [Int] = []
    if case .whole = demand.kind {
      places = [demand.layer]
    } else if let (long, short) = streams(demand) {
      places = line.ancestors(of: short).subtracting(line.ancestors(of: long)).sorted(by: >)
    }
    // One that leaves nothing over gives as many cells, however it rounds.
    guard let extents = try? line.walk(input: input).extents else { return false }
    let rounded = places.compactMap { place in
      roundedUp(network, place, extents).map { (place: place, network: $0) }
    }
    for (place, changed) in rounded {
      let name = network.layers[place].name
      if take(changed, meeting: demand, name, "in \(name)") { return true }
    }
    // More than needed may come of it, of one or of all of them, and be cut off.
    let before = self
    for place in rounded.map({ $0.place }) + [-1] {
      var names: [String] = []
      // From the finest on, whose cells those behind it read.
      var extents = extents
      for other in place == -1 ? places.sorted() : [place] {
        guard walks > 0, let changed = roundedUp(line.network, other, extents) else { continue }
        walks -= 1
        line = line.with(changed)
        guard let next = try? line.walk(input: input).extents else { break }
        extents = next
        names.append(network.layers[other].name)
      }
      guard !names.isEmpty else { continue }
      changes.append((names.joined(separator: ", "), "in \(names.joined(separator: ", "))"))
      guard let other = unmet(line) else { return true }
      if other.layer == demand.layer, other.kind == demand.kind,
        other.amount.signum() != demand.amount.signum(), crop(other)
      {
        return true
      }
      self = before
    }
    return false
  }

  /// The same with a pool that rounds up; nil if there is none, or it gives no more cells so.
  private func roundedUp(_ network: Network, _ place: Int, _ extents: [Int?]) -> Network? {
    func rounded(_ pooling: Pooling) -> Pooling? {
      let window = line.axis == .height ? pooling.rows : pooling.columns
      guard window.rounding == .floor, let read = line.inputs[place].first,
        let cells = extents[read],
        (try? window.rounding(.ceil).outputSize(input: cells)) != extents[place]
      else { return nil }
      return Pooling(
        rows: line.axis == .height ? window.rounding(.ceil) : pooling.rows,
        columns: line.axis == .width ? window.rounding(.ceil) : pooling.columns,
        countIncludePad: pooling.countIncludePad)
    }
    return switch network.layers[place].operation {
    case .maxPool(let pooling): rounded(pooling).map { network.changing(place, .maxPool($0)) }
    case .averagePool(let pooling):
      rounded(pooling).map { network.changing(place, .averagePool($0)) }
    default: nil
    }
  }

  /// Crops the longer stream to the shorter one; or a crop that has no room, earlier.
  private mutating func crop(_ demand: NetworkAxis.Demand) -> Bool {
    guard let (long, short) = streams(demand),
      let extents = try? line.walk(input: input).extents, let whole = extents[long],
      let part = extents[short]
    else { return false }
    var network = line.network
    let layer = network.layers[demand.layer]
    if demand.kind == .room {
      // Here the short one is the one that is cut.
      guard part >= whole else { return false }
      let offset = part - whole
      network = network.changing(demand.layer, .crop(offset: Size(offset)))
      return take(
        network, meeting: demand, layer.name,
        "crop at \(offset) in \(layer.name), not over each other")
    }
    let (longName, shortName) = (network.layers[long].name, network.layers[short].name)
    let derived = try? cropOffset(
      of: network.coordinateMap(of: longName, along: line.axis),
      to: network.coordinateMap(of: shortName, along: line.axis))
    let isOver = derived.map { $0 + part <= whole } ?? false
    let offset = isOver ? derived! : (whole - part) / 2
    let words =
      "crop \(longName) at \(offset) to the \(counted(part, "cell")) of \(shortName)"
      + (isOver ? "" : ", in the middle")
    var layers = network.layers
    let cut = Network.Layer(
      name: "\(layer.name) crop \(changes.count)", operation: .crop(offset: Size(offset)),
      inputs: [longName, shortName])
    if demand.kind == .output {
      layers.append(cut)
    } else {
      layers[demand.layer] = Network.Layer(
        name: layer.name, operation: layer.operation,
        inputs: layer.inputs.map { $0 == longName ? cut.name : $0 })
      layers.insert(cut, at: demand.layer)
    }
    return take(network.with(layers), meeting: demand, longName, words)
  }
}

extension Network {
  /// The same with another operation at a place.
  fileprivate func changing(_ place: Int, _ operation: Operation) -> Network {
    var layers = layers
    layers[place] = Layer(
      name: layers[place].name, operation: operation, inputs: layers[place].inputs)
    return with(layers)
  }
}
