import ExerciseKit
import Tensors

/// Return the offset at which the map at the end of `path` must be cropped so that it lies cell on cell
/// over the map at the end of `reference`. Both paths begin at the picture; an empty path is the
/// picture itself. Return nil where no whole offset of 0 or more does it.
///
/// Along a path, cell i lies at a·i + b in the picture, at first with a = 1, b = 0. A layer with
/// r = d(k−1)/2 − p changes that:
/// a convolution or pooling to b + a·r, then a·s; a transposed one to a/s, then b − a·r with the new a.
/// Both maps need the same a; then the offset is (b of reference − b of path)/a.
///
///     path: k=3 s=1 p=2, reference: empty   // r = 1 − 2 = −1: cell i lies at i − 1, so crop at 1
///
/// For FCN-32s this is 19. `offset.isInteger` and `offset.numerator` help at the end.
///
/// Lesson 25: Coordinate maps and crops.
public func cropOffset(
  of path: [LayerGeometry], against reference: [LayerGeometry]
) throws -> Int? {
  throw Unsolved()
}
