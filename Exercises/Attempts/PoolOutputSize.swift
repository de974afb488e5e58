import ExerciseKit
import Tensors

/// Return the output size of a pooling along one axis.
///
/// Without `ceil` the last window must lie within the padded row. With it, a window that hangs over
/// the end counts as well, unless it would begin at or after the end of the input and the padding
/// before it: i + p (PyTorch's rule). The kernel always fits once, and the padding is at most half of it,
/// as PyTorch asks.
///
///     poolOutputSize(input: 175, kernelSize: 2, stride: 2, padding: 0, ceil: false)   // 87
///     poolOutputSize(input: 175, kernelSize: 2, stride: 2, padding: 0, ceil: true)    // 88
///     poolOutputSize(input: 5, kernelSize: 2, stride: 2, padding: 1, ceil: true)      // 4, cut to 3
///
/// Lesson 8: Pooling: floor, ceil and Caffe's rule.
public func poolOutputSize(
  input: Int, kernelSize: Int, stride: Int, padding: Int, ceil: Bool
) throws -> Int {
  throw Unsolved()
}
