import ConvolutionArithmetic
import FastKernels
import Networks
import Tensors

/// The parameters of a network, and the velocities with which they move, one behind the other.
final class ParameterStore {
  let parameters: [Network.Parameter]
  private let ranges: [String: Range<Int>]
  let weights: Buffer
  let velocities: Buffer

  init(_ network: Network, weights: Weights<Float>, velocities: Weights<Float>) {
    parameters = network.parameters
    var (ranges, end) = ([String: Range<Int>](), 0)
    for parameter in parameters {
      ranges[parameter.name] = end..<(end + parameter.shape.count)
      end += parameter.shape.count
    }
    self.ranges = ranges
    self.weights = Buffer(count: end)
    self.velocities = Buffer(count: end)
    self.velocities.clear()
    fill(self.weights, weights)
    fill(self.velocities, velocities)
  }

  /// The first number of a parameter's weights.
  func weight(_ name: String) -> UnsafeMutablePointer<Float> {
    weights.pointer + ranges[name]!.lowerBound
  }

  /// The first number of a parameter's velocities.
  func velocity(_ name: String) -> UnsafeMutablePointer<Float> {
    velocities.pointer + ranges[name]!.lowerBound
  }

  /// The largest number of numbers that a parameter has.
  var largestCount: Int { parameters.map(\.shape.count).max() ?? 0 }

  /// The tensors that a buffer of the store holds.
  func tensors(_ buffer: Buffer) -> Weights<Float> {
    Dictionary(
      uniqueKeysWithValues: parameters.map { parameter in
        let numbers = UnsafeBufferPointer(
          start: buffer.pointer + ranges[parameter.name]!.lowerBound,
          count: parameter.shape.count)
        return (parameter.name, Tensor(shape: parameter.shape, elements: Array(numbers)))
      })
  }

  private func fill(_ buffer: Buffer, _ tensors: Weights<Float>) {
    for parameter in parameters {
      guard let tensor = tensors[parameter.name] else { continue }
      tensor.elements.withUnsafeBufferPointer {
        (buffer.pointer + ranges[parameter.name]!.lowerBound).update(
          from: $0.baseAddress!, count: $0.count)
      }
    }
  }
}
