import ExerciseKit
import Tensors

/// Return how many input cells a dilated kernel spans, from its first cell to its last, the holes
/// included. `dilation` is the distance of neighbouring kernel cells; 1 means there are no holes.
///
///     effectiveKernelSize(kernelSize: 3, dilation: 1)   // 3
///     effectiveKernelSize(kernelSize: 3, dilation: 2)   // 5: x . x . x
public func effectiveKernelSize(kernelSize: Int, dilation: Int) throws -> Int {
  // solution
  dilation * (kernelSize - 1) + 1
  // end of solution
}
