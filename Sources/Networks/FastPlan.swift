public import ConvolutionArithmetic
import FastKernels
public import Tensors

/// Where each step's map lies in one piece of memory, for one size of picture.
///
/// A map lives from the step that makes it to the last that reads it; maps that do not live at the
/// same time share memory.
final class FastPlan {
  let input: Size
  let maps: [String: FeatureMap]
  let result: FeatureMap

  init(_ outline: FastOutline, input: Size) throws(GeometryError) {
    let (layout, steps) = (try FastPlan.layout(of: outline, input: input), outline.steps)
    let buffer = Buffer(count: layout.count)
    self.input = input
    var maps: [String: FeatureMap] = [:]
    for place in layout.places {
      maps[place.name] = FeatureMap(
        channels: place.shape.channels, size: place.shape.size, in: buffer, at: place.start)
    }
    for (name, home) in steps.homes { maps[name] = maps[home]! }
    self.maps = maps
    result = maps[steps.last!.output]!
  }

  struct Place {
    let name: String
    let shape: MapShape
    let start: Int
  }

  /// The places of all maps, and the floats that they take together.
  static func layout(
    of outline: FastOutline, input: Size
  ) throws(GeometryError) -> (places: [Place], count: Int) {
    let (steps, network) = (outline.steps, outline.network)
    let shapes = try outline.shapes(input: input)
    for (layer, shape) in zip(network.layers, shapes)
    where shape.channels > largestMap / shape.size.area {
      throw GeometryError(
        "\(network.name) on a picture of \(input), layer \(layer.name): maps of \(shape) have more than "
          + "2⁴⁸ numbers")
    }
    let shapeOf = Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), shapes))
    let homes = steps.homes
    var lastUse: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      for name in step.inputs + [step.output] { lastUse[homes[name] ?? name] = index }
    }
    lastUse[homes[steps.last!.output] ?? steps.last!.output] = steps.count
    var layout = BufferLayout()
    var places: [Place] = []
    for (index, step) in steps.enumerated() where homes[step.output] == nil {
      let shape = shapeOf[step.output]!
      let start = layout.place(
        FeatureMap.count(channels: shape.channels, size: shape.size), from: index,
        through: lastUse[step.output]!)
      places.append(Place(name: step.output, shape: shape, start: start))
    }
    return (places, layout.count)
  }
}

/// Places in one piece of memory for things that live for some steps: those that do not live at the same
/// time may share theirs.
package struct BufferLayout {
  /// The floats that all places take together.
  package private(set) var count = 0
  private var places: [(start: Int, end: Int, lastUse: Int)] = []

  package init() {}

  /// Finds room for `need` floats that are written in step `first` and last used in step `last`; steps
  /// must come in order. Returns the first gap that is large enough.
  package mutating func place(_ need: Int, from first: Int, through last: Int) -> Int {
    places.removeAll { $0.lastUse < first }
    var start = 0
    for place in places.sorted(by: { $0.start < $1.start }) where place.start < start + need {
      start = max(start, place.end)
    }
    places.append((start, start + need, last))
    count = max(count, start + need)
    return start
  }
}

/// More numbers than any machine holds, and few enough to be added up.
private let largestMap = 1 << 48

/// The bytes that a network needs on the fast kernels for one picture, computed before anything is
/// packed.
public struct MemoryNeed: Sendable {
  /// The packed weights.
  public let weights: Int
  /// The maps that live at the same time, the picture and its scores.
  public let maps: Int

  /// All bytes.
  public var total: Int { weights + maps }

  /// The need of a network for pictures of this size.
  ///
  /// - Throws: `GeometryError` if the picture is too small for the network.
  public init(
    _ network: Network, input: Size, batch: Int = 1, exact: Bool = false
  ) throws(GeometryError) {
    try self.init(FastOutline(network, input: input, exact: exact), input: input, batch: batch)
  }

  /// The same of an outline.
  public init(
    _ outline: FastOutline, input: Size, batch: Int = 1
  ) throws(GeometryError) {
    let (network, outlines, exact) = (outline.network, outline.steps, outline.exact)
    let plan = try FastPlan.layout(of: outline, input: input).count
    let channels = network.channels
    let shapes = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), try outline.shapes(input: input)))
    func floats(_ name: String) -> Int {
      FeatureMap.count(channels: shapes[name]!.channels, size: shapes[name]!.size)
    }
    var (packed, unpooled) = (0, 0)
    for outline in outlines.flatMap({ $0.before + [$0] }) {
      guard case .convolution(let layer, _, let pool, _) = outline.work,
        case .convolution(let convolution, let outputs, _, _) = layer.operation
      else { continue }
      let (inputs, size) = (channels[layer.inputs[0]]!, shapes[layer.name]!.size)
      packed += PreparedConvolution.packedCount(
        convolution, inputs: inputs, outputs: outputs, exact: exact, output: size)
      let method = PreparedConvolution.method(
        convolution, inputs: inputs, outputs: outputs, exact: exact, output: size)
      // A direct sum is pooled afterwards, from a map of its own.
      if pool && method != .winograd { unpooled = max(unpooled, floats(layer.name)) }
    }
    let last = shapes[network.layers.last!.name]!
    let picture = network.inputChannels * input.area
    for outline in outlines {
      // Channels that begin inside of a block are joined by way of planes.
      switch outline.work {
      case .concatenate: unpooled = max(unpooled, floats(outline.output))
      // As tensors the inputs and the output once more.
      case .readable:
        unpooled = max(
          unpooled, 2 * (outline.inputs.map(floats).reduce(0, +) + floats(outline.output)))
      default: break
      }
    }
    weights = 4 * packed
    maps = 4 * (plan + unpooled + batch * (picture + last.channels * last.size.area))
  }
}
