import ExerciseKit
import Tensors

/// Convolve the maps `x` (1, channels, height, width) with the kernels `w`
/// (out, channels / groups, kernel height, kernel width), stride 1, no padding, and add `bias`.
///
/// Each output map is a sum over its input maps, plus its own bias once. With g groups, input and
/// output maps are cut into g runs of equal length, and an output sees the inputs of its own run only.
///
///     x = 1 2 | 3 4 | 5 6 (three maps of 1×2), w[0] = 1 | 1 | 2, bias = [10], groups = 1
///     // 10 + 1·1 + 3·1 + 5·2 = 24,  10 + 2·1 + 4·1 + 6·2 = 28
public func convolveChannels(
  _ x: Tensor<Int>, _ w: Tensor<Int>, bias: [Int], groups: Int
) throws -> Tensor<Int> {
  // solution
  let (height, width) = (x.height - w.height + 1, x.width - w.width + 1)
  let outputsInGroup = w.batch / groups
  var y = Tensor<Int>.zeros([1, w.batch, height, width])
  for out in 0..<w.batch {
    let first = out / outputsInGroup * w.channels
    for row in 0..<height {
      for column in 0..<width {
        var sum = bias[out]
        for channel in 0..<w.channels {
          for down in 0..<w.height {
            for right in 0..<w.width {
              sum +=
                x[0, first + channel, row + down, column + right] * w[out, channel, down, right]
            }
          }
        }
        y[0, out, row, column] = sum
      }
    }
  }
  return y
  // end of solution
}
