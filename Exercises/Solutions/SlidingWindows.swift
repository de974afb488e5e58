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
public func slidingWindows(_ x: Tensor<Int>, size: Size, stride: Int) throws -> Tensor<Int> {
  // solution
  let rows = (x.height - size.height) / stride + 1
  let columns = (x.width - size.width) / stride + 1
  var windows = Tensor<Int>.zeros([rows * columns, x.channels, size.height, size.width])
  for row in 0..<rows {
    for column in 0..<columns {
      for channel in 0..<x.channels {
        for down in 0..<size.height {
          for right in 0..<size.width {
            windows[row * columns + column, channel, down, right] =
              x[0, channel, row * stride + down, column * stride + right]
          }
        }
      }
    }
  }
  return windows
  // end of solution
}
