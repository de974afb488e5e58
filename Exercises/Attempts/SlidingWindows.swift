import ExerciseKit
import Tensors

/// Return every window of the picture `x` (1, channels, height, width) as a picture of its own:
/// (windows, channels, window height, window width).
///
/// Windows have this `size`, stand `stride` apart and lie wholly within the picture; their order is row
/// after row. A classifier run on these gives, window by window, the cells of the map that it
/// gives as a convolution of the whole picture.
///
///     x = 1 2 3, size 1×2, stride 1   // two windows: 1 2 and 2 3
///
/// Lesson 23: The classifier slid over the picture is the FCN.
public func slidingWindows(_ x: Tensor<Int>, size: Size, stride: Int) throws -> Tensor<Int> {
  throw Unsolved()
}
