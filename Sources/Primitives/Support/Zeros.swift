import ConvolutionArithmetic
import Tensors

/// A stack of maps of zeros, or the error that so many cells cannot be held.
func zeros<Scalar: Numeric>(
  _ batch: Int, _ channels: Int, _ size: Size, like _: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  do {
    let shape = try Shape(validating: [batch, channels, size.height, size.width])
    guard shape.count <= largestCellCount else { throw ShapeError.tooManyCells(shape.dimensions) }
    return .zeros(shape)
  } catch {
    throw GeometryError(
      "the output of \(batch) × \(channels) maps of \(size) is too large; "
        + "at most \(largestCellCount) cells are computed")
  }
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
  do {
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
