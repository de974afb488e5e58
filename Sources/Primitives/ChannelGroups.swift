public import ConvolutionArithmetic
public import Tensors

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
