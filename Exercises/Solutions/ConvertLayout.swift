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
public func convertLayout(
  _ w: Tensor<Int>, from source: KernelLayout, to target: KernelLayout
) throws -> Tensor<Int> {
  // solution
  // Where out, in, height and width stand in each layout.
  func places(_ layout: KernelLayout) -> [Int] {
    switch layout {
    case .outInHeightWidth: [0, 1, 2, 3]
    case .heightWidthInOut: [3, 2, 0, 1]
    case .inOutHeightWidth: [1, 0, 2, 3]
    }
  }
  let (from, to) = (places(source), places(target))
  var extents = [0, 0, 0, 0]
  for name in 0..<4 { extents[to[name]] = w.shape[from[name]] }
  var result = Tensor<Int>.zeros(Shape(extents))
  for position in w.elements.indices {
    let old = w.coordinates(of: position)
    var new = [0, 0, 0, 0]
    for name in 0..<4 { new[to[name]] = old[from[name]] }
    result[new[0], new[1], new[2], new[3]] = w.elements[position]
  }
  return result
  // end of solution
}
