import ConvolutionArithmetic
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
    let channels = try ChannelGroups(
      input: xShape, weight: wShape, bias: bias?.shape.count, groups: options.groups,
      transposed: options.operation == .convTranspose)
    let kernelSize = Size(height: wShape[2], width: wShape[3])
    try checkKernel(kernelSize, weight.shape, isSequence)
    let window = try ResolvedWindow(
      options, kernelSize: kernelSize, input: Size(height: xShape[2], width: xShape[3]),
      isSequence: isSequence)
    try checkSize([xShape[0], channels.output], window.outputSize)
    let (x, w) = (input.reshaped(xShape), weight.reshaped(wShape))
    let y = engine == .fast ? try fast(x, w, window) : try defined(x, w, window)
    let shape = isSequence ? y.shape.removing(axis: 2) : y.shape
    return y.reshaped(isSingle ? shape.removing(axis: 0) : shape)
  }

  /// By the definition.
  private func defined(
    _ x: NumericArray, _ w: NumericArray, _ window: ResolvedWindow
  ) throws -> Applied {
    let (x, w) = (x.rounded(to: Double.self), w.rounded(to: Double.self))
    let bias = bias?.rounded(to: Double.self).elements
    return .doubles(
      options.operation == .convTranspose
        ? try transposedConvolve(
          x, w, bias: bias, stride: window.stride, padding: window.padding,
          outputPadding: window.outputPadding, dilation: window.dilation, groups: options.groups)
        : try convolve(
          x, w, bias: bias, stride: window.stride, padding: window.padding,
          dilation: window.dilation, groups: options.groups))
  }

  /// By the fast kernels.
  private func fast(
    _ x: NumericArray, _ w: NumericArray, _ window: ResolvedWindow
  ) throws -> Applied {
    let (x, w) = (x.rounded(to: Float.self), w.rounded(to: Float.self))
    let bias = bias?.rounded(to: Float.self).elements
    return .floats(
      options.operation == .convTranspose
        ? try FastEngine.transposedConvolution(x, w, bias: bias, window, groups: options.groups)
        : try FastEngine.convolution(x, w, bias: bias, window, groups: options.groups))
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
