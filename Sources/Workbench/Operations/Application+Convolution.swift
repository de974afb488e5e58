import ConvolutionArithmetic
import FastKernels
import Interchange
import Primitives
import Tensors

extension Application {
  /// A convolution or a transposed one, of maps or sequences, of a stack or a single one.
  func convolved() throws -> Applied {
    let weight = weight!
    let rank = weight.shape.rank
    let isSequence = rank == 3
    // A picture without a batch dimension can be told from the rank of the weights.
    let isSingle = input.shape.rank == rank - 1
    guard rank == 3 || rank == 4, isSingle || input.shape.rank == rank else {
      throw ExitStatus.data(
        "the input has shape \(input.shape) and the weights \(weight.shape); both must be of rank 4 "
          + "(batch, channel, height, width), or both of rank 3 (batch, channel, length)")
    }
    let batched = isSingle ? input.shape.inserting(axis: 0) : input.shape
    let xShape = isSequence ? batched.inserting(axis: 2) : batched
    let wShape = isSequence ? weight.shape.inserting(axis: 2) : weight.shape
    let kernelSize = Size(height: wShape[2], width: wShape[3])
    let size = Size(height: xShape[2], width: xShape[3])
    try checkKernel(kernelSize, weight.shape, isSequence)
    let convolution = try options.convolution(
      kernelSize: kernelSize, input: size, isSequence: isSequence)
    let channels = try ChannelGroups(
      convolution, input: xShape, weight: wShape, bias: bias?.shape.count)
    try checkSize([xShape[0], channels.output], convolution.outputSize(input: size))
    let y = try convolved(input.reshaped(xShape), weight.reshaped(wShape), convolution)
    let shape = isSequence ? y.shape.removing(axis: 2) : y.shape
    return y.reshaped(isSingle ? shape.removing(axis: 0) : shape)
  }

  /// By the fast kernels or by the definition.
  private func convolved(
    _ x: NumericArray, _ w: NumericArray, _ convolution: Convolution
  ) throws -> Applied {
    guard engine == .fast else {
      return .doubles(
        try convolve(
          x.rounded(to: Double.self), w.rounded(to: Double.self),
          bias: bias?.rounded(to: Double.self).elements, by: convolution))
    }
    let (x, w) = (x.rounded(to: Float.self), w.rounded(to: Float.self))
    // Shortcuts that add and subtract cells would spread an infinity or a NaN to its neighbours.
    let isFinite = x.elements.allSatisfy(\.isFinite) && w.elements.allSatisfy(\.isFinite)
    return .floats(
      try convolve(
        x, w, bias: bias?.rounded(to: Float.self).elements, by: convolution, exact: !isFinite))
  }

  /// A kernel size beside the weights must be theirs.
  private func checkKernel(_ size: Size, _ weight: Shape, _ isSequence: Bool) throws(ExitStatus) {
    guard let given = try options.kernel?.size("kernel", isSequence: isSequence, neutral: 1),
      given != size
    else { return }
    throw .data(
      "--kernel is \(given), but the weights \(weight) have kernels of \(size); leave --kernel out "
        + "or make them equal")
  }
}
