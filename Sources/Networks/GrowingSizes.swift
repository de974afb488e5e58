import ConvolutionArithmetic
import Tensors

/// The sizes of a network's maps while it is being read: those of every layer are computed once, when a
/// kernel or a padding behind it depends on them.
///
/// Whether streams that meet are equally large is left to ``Network/shapes(input:)``; a join goes on with
/// the first.
struct GrowingSizes {
  private var waiting: [Network.Layer] = []
  /// Missing are those that nobody knows.
  private var sizes: [String: Size] = [:]
  private var single: Set<String> = []

  mutating func append(_ layer: Network.Layer) { waiting.append(layer) }

  /// The size of a layer's maps for a picture of this size; nil if nobody knows.
  ///
  /// - Throws: `GeometryError` if a layer before it has no window.
  mutating func size(of name: String, input: Size) throws(GeometryError) -> Size? {
    for layer in waiting {
      let read = layer.inputs.compactMap { sizes[$0] }
      if layer.hasOneCell(behind: single) { single.insert(layer.name) }
      if case .unknown = layer.operation { continue }
      guard read.count == layer.inputs.count else { continue }
      guard !read.isEmpty else {
        sizes[layer.name] = input
        continue
      }
      let first = layer.wideInputs(single)[0]
      sizes[layer.name] = Size(
        height: try layer.extent(inputs: read.map { $0.height }, along: .height, first: first),
        width: try layer.extent(inputs: read.map { $0.width }, along: .width, first: first))
    }
    waiting = []
    return sizes[name]
  }
}

extension Network.Layer {
  /// Whether its maps have one cell whatever the picture, behind layers of which some do.
  func hasOneCell(behind single: Set<String>) -> Bool {
    switch operation {
    case .input, .unknown: false
    case .globalPool: true
    case _ where operation.takesSizeOfSecond: single.contains(inputs[1])
    case .cut(_, let size): size == 1
    case .resize(let resize) where resize.target == .size(1): true
    default:
      inputs.allSatisfy(single.contains)
        && (try? extent(inputs: inputs.map { _ in 1 }, along: .height)) == 1
        && (try? extent(inputs: inputs.map { _ in 1 }, along: .width)) == 1
    }
  }

  /// The inputs whose size a join takes: all but those of one cell, which goes with every cell of others.
  func wideInputs(_ single: Set<String>) -> [Int] {
    let all = Array(inputs.indices)
    guard operation != .concatenate else { return all }
    let wide = all.filter { !single.contains(inputs[$0]) }
    return wide.isEmpty ? all : wide
  }

  /// The cells that come out along an axis, of a join those of its first stream.
  func extent(
    inputs: [Int], along axis: Network.Axis, first: Int = 0
  ) throws(GeometryError) -> Int {
    if let window = try operation.window(along: axis) {
      return try window.outputSize(input: inputs[0])
    }
    return switch operation {
    case .globalPool: 1
    case _ where operation.takesSizeOfSecond: inputs[1]
    case .resize(let resize): try resize.outputSize(input: inputs[0], along: axis)
    case .cut(_, let size): size[axis]
    default: inputs[first]
    }
  }
}
