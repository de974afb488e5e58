import ConvolutionArithmetic
public import FastKernels
import Primitives
public import Tensors

/// The tensors of a network by parameter name.
public typealias Weights<Scalar> = [String: Tensor<Scalar>]

/// Weights packed for the kernels, by the name of the convolution.
public typealias PackedWeights = [String: Buffer]

/// Where a network's weights come from: calls `body` with the numbers of one tensor in row-major order, and
/// with what it may call to say that it needs some of them no more.
///
/// A memory-mapped file hands out its own pages, so that nothing is copied before it is packed.
public struct WeightSource {
  /// The shape of the tensor of this name, or nil if there is none.
  public let shape: (_ name: String) -> Shape?
  /// Calls `body` with the numbers of the tensor of this name.
  public let read: (_ name: String, _ body: Reading) throws -> Void

  /// What reads the numbers of a tensor; those of a range that it gives to `forget` it will not read again.
  public typealias Reading =
    (_ numbers: UnsafeBufferPointer<Float>, _ forget: @escaping (Range<Int>) -> Void) throws -> Void

  /// A source made of two closures.
  public init(
    shape: @escaping (String) -> Shape?,
    read: @escaping (String, Reading) throws -> Void
  ) {
    self.shape = shape
    self.read = read
  }

  /// Tensors in memory.
  public init(_ weights: Weights<Float>) {
    self.init(
      shape: { weights[$0]?.shape },
      read: { name, body in
        try weights[name]!.elements.withUnsafeBufferPointer { try body($0) { _ in } }
      })
  }
}

extension WeightSource {
  /// Seeded weights for measuring: evenly spread with He's variance, biases zero, transposed
  /// convolutions bilinear. A tensor is made when it is read and forgotten afterwards.
  public static func random(_ network: Network, seed: UInt64 = 0) -> WeightSource {
    let shapes = network.parameterShapes
    let order = Dictionary(
      uniqueKeysWithValues: network.parameters.enumerated().map { ($1.name, UInt64($0)) })
    return WeightSource(shape: { shapes[$0] }) { name, body in
      let shape = shapes[name]!
      if network.isUpsampling(name) {
        return try bilinear(shape).elements.withUnsafeBufferPointer { try body($0) { _ in } }
      }
      // A batch normalization that changes nothing.
      let isFactor =
        shape.rank == 1 && (name.hasSuffix(".weight") || name.hasSuffix(".running_var"))
      let memory = Buffer(count: shape.count)
      let numbers = UnsafeMutableBufferPointer(start: memory.pointer, count: shape.count)
      if shape.rank == 4 {
        // Even from −a to a has the variance a² / 3; He's is 2 / inputs of one output cell.
        let limit = (6 / Float(shape[1] * shape[2] * shape[3])).squareRoot()
        fillEvenly(numbers, seed: seed &* 0x9E37_79B9 &+ order[name]! << 32, limit: limit)
      } else {
        numbers.update(repeating: isFactor ? 1 : 0)
      }
      try body(UnsafeBufferPointer(numbers), memory.forget)
    }
  }

  /// This source, with bilinear kernels for the transposed convolutions that it lacks.
  public func fillingBilinear(_ network: Network) -> WeightSource {
    let shapes = network.parameterShapes
    func isMissing(_ name: String) -> Bool { shape(name) == nil && network.isUpsampling(name) }
    return WeightSource(shape: { isMissing($0) ? shapes[$0] : shape($0) }) { name, body in
      guard isMissing(name) else { return try read(name, body) }
      try WeightSource.bilinear(shapes[name]!).elements.withUnsafeBufferPointer {
        try body($0) { _ in }
      }
    }
  }

  private static func bilinear(_ shape: Shape) -> Tensor<Float> {
    bilinearKernels(
      classes: shape[0], kernelSize: Size(height: shape[2], width: shape[3]),
      fill: shape[1] == 1 ? .perGroup : .diagonal)
  }
}

extension Network {
  var parameterShapes: [String: Shape] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.shape) })
  }

  /// Whether a parameter is the weight of a transposed convolution between class scores, which is
  /// bilinear unless it was learned.
  public func isUpsampling(_ parameter: String) -> Bool {
    layers.contains { layer in
      guard
        case .transposedConvolution(let convolution, let outputs, bias: false) = layer.operation,
        [1, outputs].contains(convolution.groups), parameter == "\(layer.name).weight"
      else { return false }
      return channels[layer.inputs[0]] == outputs
    }
  }
}
