import ConvolutionArithmetic
import Tensors

/// Why an extent of a picture does not fit, and what would help.
public struct Misfit: Hashable, Sendable {
  /// What is not as it should be.
  public enum Kind: String, Sendable {
    /// A layer has no window.
    case window
    /// The streams of a join have different extents.
    case join
    /// What is cut out does not lie in what it is cut from.
    case crop
    /// A layer that steps over cells leaves some over, on the way to a crop.
    case leftOver = "left-over"
    /// What comes out is not as large as the picture.
    case output
  }

  /// A map, by its layer, and its cells along the axis.
  public struct Stream: Hashable, Sendable {
    public let layer: String
    public let cells: Int
  }

  public let kind: Kind
  /// The layer that asks for more.
  public let layer: String
  /// What it reads.
  public let streams: [Stream]
  /// What is wrong, as a sentence without a full stop.
  public let sentence: String
  public let remedies: [Remedy]
}

/// A change with which an extent fits: it has been made, and the network walked through again.
public struct Remedy: Hashable, Sendable {
  public enum Kind: String, Sendable {
    case pad, cut, crop, ceil
    case outputPadding = "output-padding"
  }

  public let kind: Kind
  /// The layers that are told otherwise, or the picture.
  public let layers: [String]
  /// What to do, beginning with a small letter.
  public let sentence: String
  /// The picture's extent with it.
  public let input: Int
  /// What comes out; nil if the book does not know.
  public let output: Int?
}

extension Network {
  /// Why a picture of this extent does not fit along an axis; nil if it does.
  ///
  /// What does not go through is told first, then what leaves cells over on the way to a crop; and if
  /// some extents come back as large as they were, and this one does not, that.
  ///
  /// - Parameter fit: what ``fit(along:)`` gave.
  public func misfit(input: Int, along axis: Axis, in fit: NetworkFit) -> Misfit? {
    let line = NetworkAxis(self, along: axis, isStretched: true)
    let goal: NetworkAxis.Goal =
      !fit.passing.contains(input) ? .passing : !fit.fitting.contains(input) ? .fitting : .same
    let sizes =
      switch goal {
      case .passing: fit.fitting.isEmpty ? fit.passing : fit.fitting
      case .fitting: fit.fitting
      case .same: fit.same
      }
    if goal == .same && (fit.same.isEmpty || fit.same.contains(input)) { return nil }
    var remedies: [Remedy] = []
    if let next = sizes.next(atLeast: input), next > input {
      let more = next - input
      remedies.append(
        Remedy(
          kind: .pad, layers: [inputName],
          sentence:
            "pad the picture by \(more), \(more / 2) before and \(more - more / 2) behind, to "
            + "\(next)",
          input: next, output: line.output(input: next)))
    }
    if let previous = sizes.previous(atMost: input), previous < input {
      remedies.append(
        Remedy(
          kind: .cut, layers: [inputName], sentence: "cut the picture to \(previous)",
          input: previous, output: line.output(input: previous)))
    }
    let demands: [NetworkAxis.Demand]
    do throws(GeometryError) {
      demands = try line.demands(input: input)
    } catch {
      return Misfit(
        kind: .window, layer: line.layerWithoutWindow(input: input) ?? layers.last!.name,
        streams: [],
        sentence: error.description, remedies: remedies)
    }
    guard let demand = NetworkAxis.unmet(demands, goal) else { return nil }
    for kind in [Remedy.Kind.outputPadding, .ceil, .crop] {
      var repair = Repair(line, input: input, goal: goal)
      if repair.make(kind) { remedies.append(repair.remedy(kind)) }
    }
    return line.misfit(demand, input: input, in: fit, remedies: remedies)
  }
}

extension NetworkAxis {
  /// What a size is to do.
  enum Goal { case passing, fitting, same }

  /// The first demand that stands between a picture and the goal.
  static func unmet(_ demands: [Demand], _ goal: Goal) -> Demand? {
    let open = demands.filter { !$0.isMet }
    return open.first { !$0.isStrict }
      ?? open.first { ($0.kind == .output) ? goal == .same : goal == .fitting && $0.isStrict }
  }

  func output(input: Int) -> Int? {
    (try? walk(input: input))?.extents.last.flatMap { $0 }
  }

  /// The first layer that has no window for a picture of this extent.
  fileprivate func layerWithoutWindow(input: Int) -> String? {
    let layers = network.layers
    var (low, high) = (0, layers.count)
    // All before the layer go through, and none that holds it.
    while low + 1 < high {
      let middle = (low + high) / 2
      let part = Network(network.name, layers: Array(layers[..<middle]))
      if (try? NetworkAxis(part, along: axis).walk(input: input)) != nil {
        low = middle
      } else {
        high = middle
      }
    }
    return layers[low].name
  }

  /// A demand that is not met, in words.
  fileprivate func misfit(_ demand: Demand, input: Int, in fit: NetworkFit, remedies: [Remedy])
    -> Misfit
  {
    let layer = network.layers[demand.layer]
    let extents = (try? walk(input: input).extents) ?? []
    let streams = inputs[demand.layer].map { place in
      Misfit.Stream(layer: network.layers[place].name, cells: extents[place] ?? 0)
    }
    func reads(_ stream: Int) -> String { "\(streams[stream].cells) of \(streams[stream].layer)" }
    let kind: Misfit.Kind
    var sentence: String
    switch demand.kind {
    case .equal(let stream):
      kind = .join
      let first = streams.firstIndex { $0.cells == streams[stream].cells - demand.amount } ?? 0
      sentence =
        "\(layer.name) cannot join the \(counted(streams[first].cells, "cell")) of \(streams[first].layer) and the "
        + reads(stream)
    case .room:
      kind = .crop
      sentence =
        "\(layer.name) would cut \(counted(-demand.amount, "cell")) beyond the \(reads(0))"
        + (streams.count > 1 ? ", for the \(reads(1))" : "")
    case .whole(let crop):
      kind = .leftOver
      sentence =
        "\(layer.name) leaves \(demand.amount) of the \(counted(streams[0].cells, "cell")) of \(streams[0].layer) "
        + "over at the end, which the other stream of \(network.layers[crop].name) still has"
    case .output:
      kind = .output
      sentence = "\(coming(demand.amount + input)) out of \(input)"
    }
    if fit.passing.isEmpty, let later = try? walk(input: input + fit.period).extents {
      let growths = zip(inputs[demand.layer], streams).map { place, stream in
        "\(stream.layer) has \((later[place] ?? 0) - stream.cells) more"
      }
      sentence +=
        "; with \(fit.period == 1 ? "one cell" : "\(fit.period) cells") more of the picture "
        + growths.joined(separator: " and ")
    }
    return Misfit(
      kind: kind, layer: layer.name, streams: streams, sentence: sentence, remedies: remedies)
  }
}

/// `1 cell comes`, `3 cells come`.
private func coming(_ count: Int) -> String {
  "\(counted(count, "cell")) \(count == 1 ? "comes" : "come")"
}
