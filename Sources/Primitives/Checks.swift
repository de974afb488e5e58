public import ConvolutionArithmetic
public import Tensors

/// The error that an array has another rank than the operation reads.
func wrongRank(_ name: String, _ shape: Shape, expected: Int) -> GeometryError {
  let meaning = expected == 4 ? " (batch, channels, height, width)" : ""
  return GeometryError("\(name) has shape \(shape); rank \(expected)\(meaning) is expected")
}

/// Checks that an array is a stack of maps.
func requireMaps<Scalar>(_ name: String, _ x: Tensor<Scalar>) throws(GeometryError) {
  guard x.shape.rank == 4 else { throw wrongRank(name, x.shape, expected: 4) }
}

/// Checks that an array has the one shape that fits the others.
func requireShape(_ name: String, _ got: Shape, _ expected: Shape) throws(GeometryError) {
  guard got == expected else {
    throw GeometryError("\(name) has shape \(got); \(expected) is expected")
  }
}

/// Checks that `axis` names a dimension of `shape`, and returns it counted from the front.
///
/// A negative axis counts from the end: −1 is the last.
func resolvedAxis(_ axis: Int, of shape: Shape) throws(GeometryError) -> Int {
  let resolved = axis < 0 ? axis + shape.rank : axis
  guard 0 <= resolved && resolved < shape.rank else {
    throw GeometryError(
      "axis \(axis) does not exist in the shape \(shape); "
        + "it must be from \(-shape.rank) to \(shape.rank - 1)")
  }
  return resolved
}

/// A stack of maps of zeros, or the error that so many cells cannot be held.
func zeros<Scalar: Numeric>(
  _ batch: Int, _ channels: Int, _ size: Size, like _: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  do throws(ShapeError) {
    let shape = try Shape(validating: [batch, channels, size.height, size.width])
    guard shape.count <= largestCellCount else { throw ShapeError.tooManyCells(shape.dimensions) }
    return .zeros(shape)
  } catch {
    throw GeometryError(
      "the output of \(batch) × \(channels) maps of \(size) is too large; "
        + "at most \(largestCellCount) cells are computed")
  }
}

/// The error that a label is that of no class.
package func wrongLabel(_ label: Int, classes: Int, ignored: Int) -> GeometryError {
  GeometryError(
    "a label is \(label); it must be from 0 to \(classes - 1), or \(ignored), which is ignored")
}

/// A matrix of zeros, or the error that so many cells cannot be held.
func zeros<Scalar: Numeric>(
  _ rows: Int, _ columns: Int, like _: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  guard rows == 0 || columns <= largestCellCount / rows else {
    throw GeometryError(
      "the matrix of \(rows) rows and \(columns) columns is too large; "
        + "at most \(largestCellCount) cells are computed")
  }
  return .zeros([rows, columns])
}

/// The product of extents, or the error that so many cells cannot be held.
func cellCount(_ extents: Int...) throws(GeometryError) -> Int {
  do throws(ShapeError) {
    let count = try Shape(validating: extents).count
    guard count <= largestCellCount else { throw ShapeError.tooManyCells(extents) }
    return count
  } catch {
    throw GeometryError(
      "the result would have \(extents.map(String.init).joined(separator: " · ")) cells along one "
        + "dimension; at most \(largestCellCount) cells are computed")
  }
}

/// The most cells that one result may have: 2²⁸, which is 1 GiB of 32-bit numbers. These are the
/// definitions; a geometry that needs more is nearly always a slip, and should be told so.
let largestCellCount = 1 << 28

/// Which channels meet which: the channel counts of a convolution, checked against each other.
///
/// With g groups, input and output channels are cut into g runs of equal length, and each output
/// channel sees only the inputs of its own run.
public struct ChannelGroups: Hashable, Sendable {
  public let input: Int
  public let output: Int
  public let groups: Int

  /// The channels of a convolution, or of a transposed one, from the shapes of its arrays.
  ///
  /// A convolution's weights are (out, in / groups, height, width); a transposed convolution's are
  /// those of the forward convolution, which in its own words is (in, out / groups, height, width).
  ///
  /// - Throws: `GeometryError` if a rank is not 4, the groups do not divide the channels, the weights
  ///   expect other channels than the input has, or there is not one bias for each output channel.
  public init(
    _ convolution: Convolution, input: Shape, weight: Shape, bias: Int? = nil
  ) throws(GeometryError) {
    try self.init(
      input: input, weight: weight, bias: bias, groups: convolution.groups,
      isTransposed: convolution.isTransposed)
    let size = Size(height: weight[2], width: weight[3])
    guard size == convolution.kernelSize else {
      throw GeometryError(
        "the weights \(weight) have kernels of \(size); \(convolution.kernelSize) is expected")
    }
  }

  init(
    input: Shape, weight: Shape, bias: Int?, groups: Int, isTransposed: Bool
  ) throws(GeometryError) {
    guard input.rank == 4, weight.rank == 4 else {
      throw GeometryError(
        "the input has shape \(input) and the weights \(weight); both must be of rank 4")
    }
    for (name, channels) in [("input", input[1]), ("weights", weight[0]), ("weights", weight[1])]
    where channels > largestExtent {
      throw GeometryError("the \(name) have \(channels) channels; at most \(largestExtent) will do")
    }
    self.groups = groups
    self.input = input[1]
    output = isTransposed ? weight[1] * groups : weight[0]
    guard self.input % groups == 0, output % groups == 0 else {
      throw GeometryError(
        "\(groups) groups do not divide \(self.input) input and \(output) output channels")
    }
    let expected = isTransposed ? weight[0] : weight[1] * groups
    guard self.input == expected else {
      throw GeometryError(
        "the input has \(counted(self.input, "channel")), but the weights \(weight) with "
          + "\(counted(groups, "group")) expect \(expected)")
    }
    if let bias, bias != output {
      throw GeometryError(
        "the bias has \(counted(bias, "number")); one for each of "
          + "\(counted(output, "output channel")) is expected")
    }
  }

  /// The input channels that output channel `m` sees.
  public func inputs(ofOutput m: Int) -> Range<Int> {
    let length = input / groups
    let first = m / (output / groups) * length
    return first..<(first + length)
  }
}
