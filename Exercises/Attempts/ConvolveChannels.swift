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
///
/// Lesson 7: Channels, bias, groups.
public func convolveChannels(
  _ x: Tensor<Int>, _ w: Tensor<Int>, bias: [Int], groups: Int
) throws -> Tensor<Int> {
  throw Unsolved()
}
