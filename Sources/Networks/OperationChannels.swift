import ConvolutionArithmetic
import Tensors

/// How many channels layers give, and which they can take.
extension Network.Operation {
  /// How many channels come out; nil if nobody knows.
  func channels(of inputs: [Int]) -> Int? {
    switch self {
    case .input(let count): count
    case .convolution(_, let outputs, _, _), .transposedConvolution(_, let outputs, _): outputs
    case .channels(let range): range.count
    case .concatenate: inputs.reduce(0, +)
    case .product: inputs.max()
    case .pixelShuffle(let block): inputs[0] / block.area
    case .pixelUnshuffle(let block): inputs[0] * block.area
    case .unknown: nil
    default: inputs[0]
    }
  }

  /// How many channels come out, for a network that somebody else wrote; nil if nobody knows.
  ///
  /// - Throws: `GeometryError` if groups do not divide them, or if they, or the weights, are more than
  ///   any network has.
  func checkedChannels(of inputs: [Int]) throws(GeometryError) -> Int? {
    switch self {
    case .convolution(let convolution, let outputs, _, _),
      .transposedConvolution(let convolution, let outputs, _):
      let groups = convolution.groups
      guard inputs[0] % groups == 0, outputs % groups == 0 else {
        throw GeometryError(
          "\(groups) groups must divide the \(counted(inputs[0], "channel")) that come in and the \(outputs) that "
            + "go out")
      }
      let size = convolution.kernelSize
      // Outputs and inputs are at most 2²⁰ and 2²⁴, so that only the last product may overflow.
      let (count, overflows) = (Int64(outputs) * Int64(inputs[0] / groups))
        .multipliedReportingOverflow(by: Int64(size.area))
      guard !overflows, count <= Int64(1) << 40 else {
        throw GeometryError(
          "\(outputs) kernels of \(inputs[0] / groups) channels and \(size) cells are more than 2⁴⁰ "
            + "weights")
      }
    case .pixelUnshuffle(let block):
      let (count, overflows) = inputs[0].multipliedReportingOverflow(by: block.area)
      guard !overflows, count <= 1 << 24 else {
        throw GeometryError(
          "\(inputs[0]) maps of \(block) cells are more than 2²⁴ numbers in a row")
      }
    case .concatenate:
      let sum = inputs.reduce(0, +)
      guard sum <= 1 << 24 else { throw GeometryError("\(sum) channels are more than 2²⁴") }
    default: break
    }
    return channels(of: inputs)
  }
}

extension Network.Layer {
  /// Refuses channels that a layer cannot take.
  func check(channels: [Int]) throws(GeometryError) {
    switch operation {
    case .convolution(let convolution, let outputs, _, _),
      .transposedConvolution(let convolution, let outputs, _):
      let groups = convolution.groups
      guard channels[0] % groups == 0, outputs % groups == 0 else {
        throw GeometryError(
          "\(groups) groups must divide its \(counted(channels[0], "input channel")) and \(counted(outputs, "output"))"
        )
      }
    case .shuffle(let groups):
      guard groups >= 1, channels[0] % groups == 0 else {
        throw GeometryError("\(groups) groups must divide its \(counted(channels[0], "channel"))")
      }
    case .pixelShuffle(let block):
      guard channels[0] % block.area == 0 else {
        throw GeometryError("blocks of \(block) must divide its \(channels[0]) channels")
      }
    case .channels(let range):
      guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= channels[0] else {
        throw GeometryError(
          "channels \(range.lowerBound) to below \(range.upperBound) are not among its "
            + "\(channels[0])")
      }
    case .sum(let coefficients) where ![0, channels.count].contains(coefficients.count):
      throw GeometryError(
        "there are \(counted(coefficients.count, "coefficient")) for a sum of \(channels.count)")
    case .sum, .maximum, .product:
      let isProduct = operation == .product
      let counts = isProduct ? channels.filter { $0 != 1 } : channels
      if let other = counts.first(where: { $0 != counts[0] }) {
        let what = isProduct ? "product" : operation == .maximum ? "maximum" : "sum"
        throw GeometryError(
          "a \(what) is of equally many channels, and these are \(counts[0]) and \(other)")
      }
    default: break
    }
  }
}
