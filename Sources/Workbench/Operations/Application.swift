import ConvolutionArithmetic
import FastKernels
import Interchange
import Primitives
import Tensors

/// One operation on arrays as they came out of their files.
struct Application {
  let options: OperationOptions
  let engine: Engine
  let input: NumericArray
  let weight: NumericArray?
  let bias: NumericArray?

  /// The most cells of one result, and the most along one axis: far above any picture, and little
  /// enough to be held in memory.
  static let mostCells = 1 << 28
  static let longestAxis = 1 << 24

  /// Computes the result.
  func result() throws -> Applied {
    switch options.operation {
    case .conv, .convTranspose: try convolved()
    case .maxPool, .avgPool: try pooled()
    case .bilinear: try interpolated()
    case .linear: try connected()
    case .softmax: .doubles(try softmax(input.rounded(to: Double.self), axis: axis))
    case .argmax: .indices(try positions())
    }
  }

  /// The axis that was given, or the channels.
  private var axis: Int {
    get throws(ExitStatus) {
      guard input.shape.rank >= 1 else {
        throw .data("the input has shape (), a single number; at least one axis is needed")
      }
      return options.axis ?? min(1, input.shape.rank - 1)
    }
  }

  /// The positions of the largest; whole numbers are compared as such, for they may be too large to
  /// be told apart otherwise.
  private func positions() throws -> Tensor<Int> {
    if case .int64 = input.values, let whole = input.exactly(Int.self) {
      return try argmax(whole, axis: axis, keepingAxis: false)
    }
    return try argmax(input.rounded(to: Double.self), axis: axis, keepingAxis: false)
  }

  private func connected() throws -> Applied {
    let (x, weight) = (input.rounded(to: Double.self), weight!.rounded(to: Double.self))
    let bias = bias?.rounded(to: Double.self).elements
    // Weights of rank 1 are one row, and its result stands without an axis of its own.
    guard weight.shape.rank == 1 else {
      if weight.shape.rank == 2, weight.shape[1] > 0 {
        try checkSize(
          [1, x.shape.count / weight.shape[1]], Size(height: 1, width: weight.shape[0]))
      }
      return .doubles(try linear(x, weight, bias: bias))
    }
    let y = try linear(x, weight.reshaped(weight.shape.inserting(axis: 0)), bias: bias)
    return .doubles(y.reshaped(y.shape.removing(axis: y.shape.rank - 1)))
  }

  private func pooled() throws -> Applied {
    try overMaps { x, isSequence in
      let pooling = try options.pooling(
        input: Size(height: x.shape[2], width: x.shape[3]), isSequence: isSequence)
      try checkSize(
        [x.shape[0], x.shape[1]],
        pooling.outputSize(input: Size(height: x.shape[2], width: x.shape[3])))
      let isMaximum = options.operation == .maxPool
      // The fast mean has no dilation.
      if engine == .fast, isMaximum || pooling.dilation == 1 {
        let x = x.rounded(to: Float.self)
        return .floats(
          isMaximum
            ? try FastKernels.maxPool(x, by: pooling) : try FastKernels.averagePool(x, by: pooling))
      }
      let x = x.rounded(to: Double.self)
      return .doubles(
        isMaximum
          ? try Primitives.maxPool(x, by: pooling) : try Primitives.averagePool(x, by: pooling))
    }
  }

  private func interpolated() throws -> Applied {
    guard let scale = options.scale else {
      throw ExitStatus.usage("--scale is missing: the whole factor by which the map grows")
    }
    return try overMaps { x, isSequence in
      let factor = try scale.size("scale", isSequence: isSequence, neutral: 1)
      try checkScale(factor)
      let size = try enlargedSize(
        Size(height: x.shape[2], width: x.shape[3]), by: factor)
      try checkSize([x.shape[0], x.shape[1]], size)
      return .doubles(
        try interpolateBilinear(
          x.rounded(to: Double.self), scale: factor, alignCorners: options.alignsCorners))
    }
  }

  /// An operation on maps, of an input that may be a stack of sequences or a single picture.
  private func overMaps(
    _ operate: (NumericArray, _ isSequence: Bool) throws -> Applied
  ) throws -> Applied {
    func run(_ shape: Shape, isSequence: Bool, removing axes: [Int]) throws -> Applied {
      let y = try operate(input.reshaped(shape), isSequence)
      return y.reshaped(axes.reduce(y.shape) { $0.removing(axis: $1) })
    }
    let shape = input.shape
    // Two numbers for the window tell a single picture from a stack of sequences.
    let isPicture = (options.kernel ?? options.scale).map { $0.numbers.count == 2 } ?? false
    switch (shape.rank, isPicture) {
    case (4, _): return try run(shape, isSequence: false, removing: [])
    case (3, true): return try run(shape.inserting(axis: 0), isSequence: false, removing: [0])
    case (3, false): return try run(shape.inserting(axis: 2), isSequence: true, removing: [2])
    case (2, false):
      return try run(
        shape.inserting(axis: 1).inserting(axis: 0), isSequence: true, removing: [2, 0])
    default:
      throw ExitStatus.data(
        "the input has shape \(shape); it must be of rank 4 (batch, channel, height, width) or 3 "
          + "(batch, channel, length)")
    }
  }

  /// Checks, before anything is computed, that the result can be held.
  func checkSize(_ maps: [Int], _ size: Size) throws(ExitStatus) {
    let count = (maps + [size.height, size.width]).reduce(SizeBound(1)) { $0 * SizeBound($1) }
    guard let cells = count.bound, cells <= Self.mostCells,
      max(size.height, size.width) <= Self.longestAxis
    else {
      throw .data(
        "the output would have \(maps[0]) × \(maps[1]) maps of \(size); at most \(Self.mostCells) "
          + "cells, and \(Self.longestAxis) along one axis, are computed")
    }
    // The definitions compute in 64 bits, and the result is written in 32.
    do {
      try SystemMemory.check(8 * input.shape.count + 12 * cells, for: "an output of \(cells) cells")
    } catch { throw .data(error.description) }
  }
}

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
    let isFinite = x.isFinite && w.isFinite
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

/// Which implementation computes.
enum Engine: String, CaseIterable {
  /// The readable definitions, in 64-bit numbers.
  case reference
  /// The fast kernels, in 32-bit numbers; what they do not have is left to the definitions.
  case fast
}

/// What an operation gives: numbers, or positions.
enum Applied {
  case floats(Tensor<Float>)
  case doubles(Tensor<Double>)
  case indices(Tensor<Int>)

  /// The same under another shape with as many cells.
  func reshaped(_ shape: Shape) -> Applied {
    switch self {
    case .floats(let tensor): .floats(tensor.reshaped(shape))
    case .doubles(let tensor): .doubles(tensor.reshaped(shape))
    case .indices(let tensor): .indices(tensor.reshaped(shape))
    }
  }

  var shape: Shape {
    switch self {
    case .floats(let tensor): tensor.shape
    case .doubles(let tensor): tensor.shape
    case .indices(let tensor): tensor.shape
    }
  }

  /// Writes an `f4` array, or `i8` for positions; the file appears whole or not at all.
  func write(to path: String) throws(FileProblem) {
    switch self {
    case .floats(let tensor): try NPYWriter.write(tensor, to: path)
    case .doubles(let tensor): try NPYWriter.write(tensor.map { Float($0) }, to: path)
    case .indices(let tensor): try NPYWriter.write(tensor, to: path)
    }
  }
}

extension NumericArray {
  /// The array under another shape with as many cells.
  func reshaped(_ shape: Shape) -> NumericArray {
    NumericArray(shape: shape, values: values)
  }
}

extension Shape {
  /// The shape with one more dimension of extent 1 before the one at `axis`.
  func inserting(axis: Int) -> Shape {
    var extents = dimensions
    extents.insert(1, at: axis)
    return Shape(extents)
  }

  /// The shape without the dimension at `axis`.
  func removing(axis: Int) -> Shape {
    var extents = dimensions
    extents.remove(at: axis)
    return Shape(extents)
  }
}
