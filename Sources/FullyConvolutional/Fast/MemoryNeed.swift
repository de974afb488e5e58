public import ConvolutionArithmetic
import FastKernels
public import Tensors

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
    let outlines = try StepPlanner.outlines(of: network)
    let channels = network.channels
    let shapes = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), try network.shapes(input: input)))
    func floats(_ name: String) -> Int {
      FeatureMap.count(channels: shapes[name]!.channels, size: shapes[name]!.size)
    }
    var (packed, unpooled) = (0, 0)
    for outline in outlines {
      guard case .convolution(let layer, let pool, _) = outline.work,
        case .convolution(_, let kernelSize, let stride, _, let groups, _) = layer.operation
      else { continue }
      let count = network.parameters(of: layer)[0].shape.count
      let isWinograd =
        !exact && stride == 1 && groups == 1 && channels[layer.inputs[0]]! >= 8
        && (kernelSize == 3 || kernelSize == 7)
      // F(4×4, 3×3) has 6·6 numbers for 3·3, F(2×2, 7×7) has 8·8 for 7·7.
      packed += isWinograd ? (kernelSize == 3 ? count * 4 : count * 64 / 49) : count
      // A direct sum is pooled afterwards, from a map of its own.
      if pool && !isWinograd { unpooled = max(unpooled, floats(layer.name)) }
    }
    let last = shapes[network.layers.last!.name]!
    let picture = channels["input"]! * input.area
    let plan = try FastPlan.layout(of: outlines, network, input: input).count
    weights = 4 * packed
    maps = 4 * (plan + unpooled + batch * (picture + last.channels * last.size.area))
  }
}
