import CommandLineKit
import ConvolutionArithmetic
import Primitives
import Tensors

/// What an operation gives: numbers, or positions.
enum Applied {
  case numbers(Tensor<Double>)
  case indices(Tensor<Int>)
}

/// One operation on arrays as they came out of their files.
struct Application {
  let options: OperationOptions
  let input: Tensor<Double>
  let weight: Tensor<Double>?
  let bias: [Double]?

  /// The most cells of one result, and the most along one axis: far above any picture, and little
  /// enough to be held in memory.
  static let mostCells = 1 << 28
  static let longestAxis = 1 << 24

  /// Computes the result.
  func result() throws -> Applied {
    switch options.operation {
    case .conv, .convTranspose: .numbers(try convolved())
    case .maxPool, .avgPool: .numbers(try pooled())
    case .bilinear: .numbers(try interpolated())
    case .linear: .numbers(try connected())
    case .softmax: .numbers(try softmax(input, axis: axis))
    case .argmax: .indices(try argmax(input, axis: axis, keepingAxis: false))
    }
  }

  /// The axis that was given, or the channels.
  private var axis: Int { options.axis ?? min(1, input.shape.rank - 1) }

  private func convolved() throws -> Tensor<Double> {
    let weight = weight!
    let isSequence = weight.shape.rank == 3
    // A picture without a batch dimension can be told from the rank of the weights.
    let isSingle = input.shape.rank == weight.shape.rank - 1
    guard weight.shape.rank == 3 || weight.shape.rank == 4,
      isSingle || input.shape.rank == weight.shape.rank
    else {
      throw ExitStatus.data(
        "the input has shape \(input.shape) and the weights \(weight.shape); both must be of rank 4 "
          + "(batch, channel, height, width), or both of rank 3 (batch, channel, length)")
    }
    let batched = isSingle ? input.inserting(axis: 0) : input
    let (x, w) =
      isSequence ? (batched.inserting(axis: 2), weight.inserting(axis: 2)) : (batched, weight)
    let isTransposed = options.operation == .convTranspose
    let channels = try ChannelGroups(
      input: x.shape, weight: w.shape, bias: bias?.count, groups: options.groups,
      transposed: isTransposed)
    if let kernel = options.kernel {
      let given = try kernel.size("kernel", isSequence: isSequence, neutral: 1)
      guard given == w.size else {
        throw ExitStatus.data(
          "--kernel is \(given), but the weights \(weight.shape) have kernels of \(w.size); leave "
            + "--kernel out or make them equal")
      }
    }
    let window = try ResolvedWindow(
      options, kernelSize: w.size, input: x.size, isSequence: isSequence)
    try checkSize([x.batch, channels.output], window.outputSize)
    let y =
      isTransposed
      ? try transposedConvolve(
        x, w, bias: bias, stride: window.stride, padding: window.padding,
        outputPadding: window.outputPadding, dilation: window.dilation, groups: options.groups)
      : try convolve(
        x, w, bias: bias, stride: window.stride, padding: window.padding,
        dilation: window.dilation, groups: options.groups)
    let shaped = isSequence ? y.removing(axis: 2) : y
    return isSingle ? shaped.removing(axis: 0) : shaped
  }

  private func connected() throws -> Tensor<Double> {
    let weight = weight!
    let cells = weight.shape.rank == 2 ? input.shape.count / max(1, weight.shape[1]) : 0
    try checkSize(
      [cells, 1], Size(height: 1, width: max(1, weight.shape.rank == 2 ? weight.shape[0] : 1)))
    // Weights of rank 1 are one row, and its result stands without an axis of its own.
    guard weight.shape.rank == 1 else { return try linear(input, weight, bias: bias) }
    let y = try linear(input, weight.inserting(axis: 0), bias: bias)
    return y.removing(axis: y.shape.rank - 1)
  }

  private func pooled() throws -> Tensor<Double> {
    guard let kernel = options.kernel else {
      throw ExitStatus.usage("--kernel is missing: the size of the pooling window")
    }
    return try overMaps { x, isSequence in
      let window = try ResolvedWindow(
        options, kernelSize: try kernel.size("kernel", isSequence: isSequence, neutral: 1),
        input: x.size, isSequence: isSequence)
      try checkSize([x.batch, x.channels], window.outputSize)
      return options.operation == .maxPool
        ? try maxPool(
          x, kernelSize: window.kernelSize, stride: window.stride, padding: window.padding,
          dilation: window.dilation, rounding: options.rounding)
        : try averagePool(
          x, kernelSize: window.kernelSize, stride: window.stride, padding: window.padding,
          dilation: window.dilation, rounding: options.rounding,
          countIncludePad: options.countsPadding)
    }
  }

  private func interpolated() throws -> Tensor<Double> {
    guard let scale = options.scale else {
      throw ExitStatus.usage("--scale is missing: the whole factor by which the map grows")
    }
    return try overMaps { x, isSequence in
      let factor = try scale.size("scale", isSequence: isSequence, neutral: 1)
      // The transpose of a window as large as its stride covers each input cell factor times.
      let size = try TransposedWindow2D(kernelSize: factor, stride: factor).outputSize(
        input: x.size)
      try checkSize([x.batch, x.channels], size)
      return try interpolateBilinear(x, scale: factor, alignCorners: options.alignsCorners)
    }
  }

  /// An operation on maps, of an input that may be a stack of sequences.
  private func overMaps(
    _ operate: (Tensor<Double>, _ isSequence: Bool) throws -> Tensor<Double>
  ) throws -> Tensor<Double> {
    // Two numbers for the window tell a single picture from a stack of sequences.
    let isPicture = (options.kernel ?? options.scale).map { $0.numbers.count == 2 } ?? false
    switch (input.shape.rank, isPicture) {
    case (4, _): return try operate(input, false)
    case (3, true): return try operate(input.inserting(axis: 0), false).removing(axis: 0)
    case (3, false): return try operate(input.inserting(axis: 2), true).removing(axis: 2)
    case (2, false):
      let x = input.inserting(axis: 1).inserting(axis: 0)
      return try operate(x, true).removing(axis: 2).removing(axis: 0)
    default:
      throw ExitStatus.data(
        "the input has shape \(input.shape); it must be of rank 4 (batch, channel, height, width) "
          + "or 3 (batch, channel, length)")
    }
  }

  /// Checks, before anything is computed, that the result can be held.
  private func checkSize(_ maps: [Int], _ size: Size) throws(ExitStatus) {
    let count = (maps + [size.height, size.width]).reduce(1 as Int?) { product, extent in
      guard let (value, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow
      else { return nil }
      return value
    }
    guard let count, count <= Self.mostCells, max(size.height, size.width) <= Self.longestAxis
    else {
      throw .data(
        "the output would have \(maps[0]) × \(maps[1]) maps of \(size); at most \(Self.mostCells) "
          + "cells, and \(Self.longestAxis) along one axis, are computed")
    }
  }
}
