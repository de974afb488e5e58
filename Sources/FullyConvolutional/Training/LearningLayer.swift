import ConvolutionArithmetic
import FastKernels
import Tensors

/// A step of a network that learns: what it computes forward, and what it needs for the way back.
struct LearningStep {
  let outline: StepOutline
  let layer: LearningLayer?
}

/// A layer with weights: packed for the way forward and for the way back, and packed again when the
/// weights have moved.
final class LearningLayer {
  let layer: Layer
  let kind: Kind
  /// Whether its weights learn, and its bias.
  let learns: (weight: Bool, bias: Bool)
  /// Where its sums lie in the gradient of one picture: the kernels', then the bias's.
  let sumStart: Int
  let factor: Float

  enum Kind {
    /// Forward, the gradient by the input (nil for the first layer), and the gradient by the kernels.
    case convolution(PreparedConvolution, PreparedConvolution?, KernelGradient)
    /// Bilinear and fixed: each channel by itself.
    case fixedUpsampling(PreparedTransposedConvolution)
    /// Kernels between all channels; `nil` for the last if nothing is learned.
    case transposedConvolution(PreparedTransposedConvolution, PreparedConvolution, KernelGradient?)
  }

  init(
    _ layer: Layer, kind: Kind, learns: (weight: Bool, bias: Bool), sumStart: Int, factor: Float
  ) {
    (self.layer, self.kind, self.learns) = (layer, kind, learns)
    (self.sumStart, self.factor) = (sumStart, factor)
  }

  var weightName: String { "\(layer.name).weight" }
  var biasName: String { "\(layer.name).bias" }

  /// The gradient by the kernels, if the layer learns.
  var kernelGradient: KernelGradient? {
    switch kind {
    case .convolution(_, _, let gradient): learns.weight ? gradient : nil
    case .fixedUpsampling: nil
    case .transposedConvolution(_, _, let gradient): gradient
    }
  }

  /// The transposed convolution, if it is one.
  var transposed: PreparedTransposedConvolution? {
    switch kind {
    case .convolution: nil
    case .fixedUpsampling(let forward), .transposedConvolution(let forward, _, _): forward
    }
  }

  /// The channels of what the layer gives.
  private var outputs: Int {
    switch kind {
    case .convolution(let forward, _, _): forward.outputs
    case .fixedUpsampling(let forward): forward.outputs
    case .transposedConvolution(let forward, _, _): forward.outputs
    }
  }

  /// Where the sums of the bias lie, behind those of the kernels.
  var biasStart: Int { sumStart + roundedUp(kernelGradient?.sumCount ?? 0) }

  /// The floats of all sums.
  var sumCount: Int { biasStart - sumStart + (learns.bias ? roundedUp(outputs) : 0) }

  /// A whole number of cache lines.
  private func roundedUp(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Packs weights that have moved.
  func repack(_ store: ParameterStore, threads: Threads) {
    guard learns.weight else { return }
    let weight = UnsafePointer(store.weight(weightName))
    switch kind {
    case .convolution(let forward, let backward, _):
      let bias = UnsafePointer(store.weight(biasName))
      LearningLayer.withScaled(weight, forward, factor) { weight in
        forward.repack(weights: weight, bias: bias, threads: threads)
        backward?.repack(weights: weight, bias: nil, threads: threads)
      }
    case .fixedUpsampling: break
    case .transposedConvolution(let forward, let backward, _):
      forward.repack(
        weights: weight, bias: learns.bias ? UnsafePointer(store.weight(biasName)) : nil,
        threads: threads)
      backward.repack(weights: weight, bias: nil, threads: threads)
    }
  }

  /// Calls `body` with the weights times the factor of a scale layer before.
  static func withScaled(
    _ weight: UnsafePointer<Float>, _ shape: PreparedConvolution, _ factor: Float,
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    guard factor != 1 else { return body(weight) }
    let count = shape.outputs * (shape.inputs / shape.groups) * shape.kernelSize.area
    let scaled = UnsafeBufferPointer(start: weight, count: count).map { $0 * factor }
    scaled.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
