public import ConvolutionArithmetic
public import Tensors

/// Returns the sum cell by cell: how FCN fuses the scores of a skip with those from deeper layers.
///
/// ```swift
/// try fuseBySum(Tensor(row: [1, 2]), Tensor(row: [10, 20]))   // 11 22
/// ```
///
/// Its gradient by either input is the gradient by the output, unchanged.
///
/// - Throws: `GeometryError` if the shapes differ.
public func fuseBySum<Scalar: Numeric>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  guard a.shape == b.shape else {
    throw GeometryError(
      "maps of shape \(a.shape) and \(b.shape) are to be summed; the shapes must be equal, so one "
        + "of them may have to be cropped first")
  }
  return Tensor(shape: a.shape, elements: zip(a.elements, b.elements).map { $0 + $1 })
}

/// Returns the channels of all inputs one after the other: how U-Net fuses its skips.
///
/// ```swift
/// try fuseByConcatenation([Tensor(row: [1, 2]), Tensor(row: [10, 20])])   // (1, 2, 1, 2)
/// ```
///
/// - Throws: `GeometryError` if there is no input, or batches or sizes differ.
public func fuseByConcatenation<Scalar>(
  _ parts: [Tensor<Scalar>]
) throws(GeometryError) -> Tensor<Scalar> {
  guard let first = parts.first else {
    throw GeometryError("there is nothing to concatenate; at least one stack of maps is expected")
  }
  try requireMaps("the first input", first)
  for part in parts {
    try requireMaps("an input", part)
    try requireShape(
      "an input", part.shape, [first.batch, part.channels, first.height, first.width])
  }
  let channels = parts.reduce(0) { $0 + $1.channels }
  let elements = (0..<first.batch).flatMap { n in
    parts.flatMap { part in
      let length = part.channels * part.size.area
      return part.elements[(n * length)..<((n + 1) * length)]
    }
  }
  return Tensor(shape: [first.batch, channels, first.height, first.width], elements: elements)
}

/// Returns the channels cut into runs of the given lengths: the inverse of concatenation, and so its
/// gradient.
///
/// ```swift
/// try splitChannels(Tensor<Int>.ramp([1, 3, 1, 1]), into: [1, 2])   // 1, then 2 3
/// ```
///
/// - Throws: `GeometryError` if the lengths do not sum to the number of channels.
public func splitChannels<Scalar>(
  _ x: Tensor<Scalar>, into lengths: [Int]
) throws(GeometryError) -> [Tensor<Scalar>] {
  try requireMaps("the input", x)
  guard lengths.allSatisfy({ $0 >= 0 }), lengths.reduce(0, +) == x.channels else {
    throw GeometryError(
      "\(x.channels) channels are to be split into \(lengths); the lengths must be 0 or more and "
        + "sum to \(x.channels)")
  }
  let area = x.size.area
  var first = 0
  return lengths.map { length in
    defer { first += length }
    let elements = (0..<x.batch).flatMap { n in
      let start = (n * x.channels + first) * area
      return x.elements[start..<(start + length * area)]
    }
    return Tensor(shape: [x.batch, length, x.height, x.width], elements: elements)
  }
}

/// Returns the part of each map that begins at `offset` and has the given size.
///
///     y[n, c, r, s] = x[n, c, offset + r, offset + s]
///
/// ```swift
/// try crop(Tensor([[1, 2, 3], [4, 5, 6]]), offset: Size(height: 0, width: 1), size: 2)   // 2 3 / 5 6
/// ```
///
/// - `offset`: rows and columns left out at the top and the left.
/// - `size`: the size of the result; what is beyond it is left out at the bottom and the right.
/// - Throws: `GeometryError` if the part is not inside the maps.
public func crop<Scalar: Numeric>(
  _ x: Tensor<Scalar>, offset: Size, size: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireInside(offset, size, x.size)
  var y = try zeros(x.batch, x.channels, size, like: x)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for row in 0..<size.height {
        for column in 0..<size.width {
          y[n, c, row, column] = x[n, c, offset.height + row, offset.width + column]
        }
      }
    }
  }
  return y
}

/// Returns the gradient of a crop by its input: the output's gradient in its place, zeros around.
///
/// - Parameters:
///   - gradient: the gradient by the output.
///   - offset: where the crop began.
///   - inputSize: the size of the maps that were cropped.
/// - Throws: `GeometryError` if the part is not inside the maps.
public func cropGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, offset: Size, inputSize: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the gradient by the output", gradient)
  try requireInside(offset, gradient.size, inputSize)
  var x = try zeros(gradient.batch, gradient.channels, inputSize, like: gradient)
  for n in 0..<gradient.batch {
    for c in 0..<gradient.channels {
      for row in 0..<gradient.height {
        for column in 0..<gradient.width {
          x[n, c, offset.height + row, offset.width + column] = gradient[n, c, row, column]
        }
      }
    }
  }
  return x
}

private func requireInside(_ offset: Size, _ size: Size, _ whole: Size) throws(GeometryError) {
  func fits(_ offset: Int, _ part: Int, _ whole: Int) -> Bool {
    part >= 0 && 0 <= offset && part <= whole && offset <= whole - part
  }
  guard fits(offset.height, size.height, whole.height), fits(offset.width, size.width, whole.width)
  else {
    throw GeometryError(
      "a crop of \(size) at offset (\(offset.height), \(offset.width)) is not inside maps of "
        + "\(whole); offset plus size may be at most that, and the offset at least 0")
  }
}
