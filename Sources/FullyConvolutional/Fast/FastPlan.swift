import ConvolutionArithmetic
import FastKernels
import Tensors

/// Where each step's map lies in one piece of memory, for one size of picture.
///
/// A map lives from the step that makes it to the last that reads it; maps that do not live at the
/// same time share memory.
final class FastPlan {
  let input: Size
  let maps: [String: FeatureMap]
  let result: FeatureMap

  init(_ steps: [StepOutline], _ network: Network, input: Size) throws(GeometryError) {
    let layout = try FastPlan.layout(of: steps, network, input: input)
    let buffer = Buffer(count: layout.count)
    self.input = input
    var maps: [String: FeatureMap] = [:]
    for place in layout.places {
      maps[place.name] = FeatureMap(
        channels: place.shape.channels, size: place.shape.size, in: buffer, at: place.start)
    }
    for step in steps where step.isInPlace { maps[step.output] = maps[step.inputs[0]]! }
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
    of steps: [StepOutline], _ network: Network, input: Size
  ) throws(GeometryError) -> (places: [Place], count: Int) {
    let shapes = try network.shapes(input: input)
    let shapeOf = Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), shapes))
    // A sum lives where its first input does.
    var home: [String: String] = [:]
    var lastUse: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      if step.isInPlace { home[step.output] = home[step.inputs[0]] ?? step.inputs[0] }
      for name in step.inputs + [step.output] { lastUse[home[name] ?? name] = index }
    }
    lastUse[home[steps.last!.output] ?? steps.last!.output] = steps.count
    var arena = Arena()
    var places: [Place] = []
    for (index, step) in steps.enumerated() where home[step.output] == nil {
      let shape = shapeOf[step.output]!
      let start = arena.place(
        FeatureMap.count(channels: shape.channels, size: shape.size), from: index,
        through: lastUse[step.output]!)
      places.append(Place(name: step.output, shape: shape, start: start))
    }
    return (places, arena.count)
  }
}
