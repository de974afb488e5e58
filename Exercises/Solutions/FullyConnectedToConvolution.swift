import ExerciseKit
import Tensors

/// Return the kernels (out, channels, height, width) of the convolution that computes what a fully
/// connected layer computes on an input of `channels` maps of this `size`.
///
/// `w` has rank 2: a row for each output, and in each row the weights for the input's cells in its own
/// order, channel by channel, row by row. So the numbers keep their order in memory.
///
///     w of shape (4096, 25088), 512 channels of 7×7   // (4096, 512, 7, 7), same memory
public func fullyConnectedToConvolution(
  _ w: Tensor<Int>, channels: Int, size: Size
) throws -> Tensor<Int> {
  // solution
  w.reshaped([w.shape[0], channels, size.height, size.width])
  // end of solution
}
