import ConvolutionArithmetic
import FastKernels
import Networks
import Synchronization
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
    let layout = try Layout(steps, network, input: input)
    self.input = input
    let kept = LearningPlan.buffer(layout.mapCount, old?.mapBuffer)
    let shared = LearningPlan.buffer(layout.gradientCount, old?.gradientBuffer)
    (mapBuffer, gradientBuffer) = (kept, shared)
    func all(_ starts: [String: Int], in buffer: Buffer) -> [String: FeatureMap] {
      var maps: [String: FeatureMap] = [:]
      for (name, start) in starts {
        maps[name] = FeatureMap(
          channels: layout.shapes[name]!.channels, size: layout.shapes[name]!.size, in: buffer,
          at: start)
      }
      for (name, home) in steps.homes { maps[name] = maps[home] }
      return maps
    }
    maps = all(layout.maps, in: kept)
    gradients = all(layout.gradients, in: shared)
  }

  /// The floats of all maps and of all gradients.
  static func floatCounts(
    _ steps: [StepOutline], _ network: Network, input: Size
  ) throws(GeometryError) -> (maps: Int, gradients: Int) {
    let layout = try Layout(steps, network, input: input)
    return (layout.mapCount, layout.gradientCount)
  }

  private let mapBuffer: Buffer
  private let gradientBuffer: Buffer

  private static func buffer(_ count: Int, _ old: Buffer?) -> Buffer {
    if let old, old.count >= count { old } else { Buffer(count: count) }
  }
}

/// Where the maps and the gradients lie, each in a piece of memory of their own.
private struct Layout {
  let shapes: [String: MapShape]
  private(set) var maps: [String: Int] = [:]
  private(set) var gradients: [String: Int] = [:]
  private(set) var mapCount = 0
  private(set) var gradientCount = 0
  private let homes: [String: String]

  init(_ steps: [StepOutline], _ network: Network, input: Size) throws(GeometryError) {
    shapes = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), try network.shapes(input: input)))
    homes = steps.homes
    for step in steps where !step.isInPlace {
      maps[step.output] = mapCount
      mapCount += floats(step.output)
    }

    // Backwards: a gradient is born where its map is last read, and dies where its map was made.
    let made = Dictionary(
      uniqueKeysWithValues: steps.enumerated().filter { !$1.isInPlace }.map { ($1.output, $0) })
    var layout = BufferLayout()
    for (index, step) in steps.enumerated().reversed() {
      for name in [step.output] + step.inputs.reversed() where name != "input" {
        let name = home(name)
        guard gradients[name] == nil else { continue }
        gradients[name] = layout.place(
          floats(name), from: steps.count - index, through: steps.count - made[name]!)
      }
    }
    gradientCount = layout.count
  }

  /// The map whose memory a layer's map takes.
  func home(_ name: String) -> String { homes[name] ?? name }

  private func floats(_ name: String) -> Int {
    FeatureMap.count(channels: shapes[name]!.channels, size: shapes[name]!.size)
  }
}

/// What is the same for every picture on the way back.
struct BackwardPlan {
  /// For each step and each of its inputs, whether the step is the first to add to the input's gradient
  /// and so writes it.
  let isFirst: [[Bool]]
  /// The steps whose output was rectified and is masked when the way back reaches them.
  let rectified: Set<Int>
  /// The pools that mask what they hand back themselves.
  let pooledRectified: Set<Int>

  init(_ steps: [StepOutline]) {
    let homes = steps.homes
    // The scores' gradient is written by the loss.
    var written: Set<String> = [homes[steps.last!.output] ?? steps.last!.output]
    var isFirst = [[Bool]](repeating: [], count: steps.count)
    for (index, step) in steps.enumerated().reversed() {
      isFirst[index] = step.inputs.map { written.insert(homes[$0] ?? $0).inserted }
    }
    self.isFirst = isFirst

    var (rectified, pooled) = (Set<Int>(), Set<Int>())
    for (index, step) in steps.enumerated() {
      guard case .convolution(_, relu: true, _, _) = step.work else { continue }
      let readers = steps.indices.filter { steps[$0].inputs.contains(step.output) }
      if readers.count == 1, case .maxPool = steps[readers[0]].work {
        pooled.insert(readers[0])
      } else {
        rectified.insert(index)
      }
    }
    (self.rectified, pooledRectified) = (rectified, pooled)
  }
}

/// What was computed once, kept for whoever asks again: the pictures of a training have few sizes, and
/// each step asks of each picture.
final class Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let values = Mutex<[Key: Value]>([:])

  func value(
    of key: Key, _ compute: () throws(GeometryError) -> Value
  ) throws(GeometryError) -> Value {
    if let known = values.withLock({ $0[key] }) { return known }
    let value = try compute()
    values.withLock { $0[key] = value }
    return value
  }
}
