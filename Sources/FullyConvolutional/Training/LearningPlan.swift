import ConvolutionArithmetic
import FastKernels
import Tensors

/// The maps of one picture on its way forward and back, for one size of picture.
///
/// Forward every map is kept, for the way back reads it. A gradient lives from the first step back that
/// adds to it to the step that made its map; gradients that do not live at the same time share memory.
final class LearningPlan {
  let input: Size
  let maps: [String: FeatureMap]
  let gradients: [String: FeatureMap]

  init(
    _ steps: [StepOutline], _ network: Network, input: Size, reusing old: LearningPlan?
  ) throws(GeometryError) {
    let shapes = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), try network.shapes(input: input)))
    var homes: [String: String] = [:]
    for step in steps where step.isInPlace {
      homes[step.output] = homes[step.inputs[0]] ?? step.inputs[0]
    }
    func home(_ name: String) -> String { homes[name] ?? name }
    func floats(_ name: String) -> Int {
      FeatureMap.count(channels: shapes[name]!.channels, size: shapes[name]!.size)
    }

    var starts: [String: Int] = [:]
    var count = 0
    for step in steps where !step.isInPlace {
      starts[step.output] = count
      count += floats(step.output)
    }

    // Backwards: a gradient is born where its map is last read, and dies where its map was made.
    let made = Dictionary(
      uniqueKeysWithValues: steps.enumerated().filter { !$1.isInPlace }.map { ($1.output, $0) })
    var arena = Arena()
    var gradientStarts: [String: Int] = [:]
    for (index, step) in steps.enumerated().reversed() {
      for name in [step.output] + step.inputs.reversed() where name != "input" {
        let name = home(name)
        guard gradientStarts[name] == nil else { continue }
        gradientStarts[name] = arena.place(
          floats(name), from: steps.count - index, through: steps.count - made[name]!)
      }
    }

    self.input = input
    let kept = LearningPlan.buffer(count, old?.mapBuffer)
    let shared = LearningPlan.buffer(arena.count, old?.gradientBuffer)
    (mapBuffer, gradientBuffer) = (kept, shared)
    func all(_ starts: [String: Int], in buffer: Buffer) -> [String: FeatureMap] {
      var maps: [String: FeatureMap] = [:]
      for (name, start) in starts {
        maps[name] = FeatureMap(
          channels: shapes[name]!.channels, size: shapes[name]!.size, in: buffer, at: start)
      }
      for step in steps where step.isInPlace { maps[step.output] = maps[home(step.output)] }
      return maps
    }
    maps = all(starts, in: kept)
    gradients = all(gradientStarts, in: shared)
  }

  private let mapBuffer: Buffer
  private let gradientBuffer: Buffer

  private static func buffer(_ count: Int, _ old: Buffer?) -> Buffer {
    if let old, old.count >= count { old } else { Buffer(count: count) }
  }
}
