import ExerciseKit
import Tensors

/// Return the kernels `w`, which lie in memory as `source` says, laid out as `target` says. Every
/// weight keeps its out channel, in channel, row and column; only its place changes.
///
/// The layouts name their four dimensions in order: `.outInHeightWidth` (PyTorch, Caffe, ONNX),
/// `.heightWidthInOut` (Keras, TensorFlow), `.inOutHeightWidth` (transposed convolutions of PyTorch).
///
///     w of shape (4, 3, 5, 7) from .outInHeightWidth to .heightWidthInOut   // shape (5, 7, 3, 4)
///     // result[row, column, in, out] = w[out, in, row, column]
///
/// Lesson 16: Weight layouts.
public func convertLayout(
  _ w: Tensor<Int>, from source: KernelLayout, to target: KernelLayout
) throws -> Tensor<Int> {
  throw Unsolved()
}
