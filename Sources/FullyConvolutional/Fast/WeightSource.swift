public import FastKernels
public import Tensors

/// Weights packed for the kernels, by the name of the convolution.
public typealias PackedWeights = [String: Buffer]

/// Where a network's weights come from: calls `body` with the numbers of one tensor in row-major order.
///
/// A memory-mapped file hands out its own pages, so that nothing is copied before it is packed.
public struct WeightSource {
  /// The shape of the tensor of this name, or nil if there is none.
  public let shape: (_ name: String) -> Shape?
  /// Calls `body` with the numbers of the tensor of this name.
  public let read:
    (_ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

  /// A source made of two closures.
  public init(
    shape: @escaping (String) -> Shape?,
    read: @escaping (String, (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
  ) {
    self.shape = shape
    self.read = read
  }

  /// Tensors in memory.
  public init(_ weights: Weights<Float>) {
    self.init(
      shape: { weights[$0]?.shape },
      read: { name, body in
        try weights[name]!.elements.withUnsafeBufferPointer(body)
      })
  }
}
