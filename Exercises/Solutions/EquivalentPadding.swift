import ExerciseKit
import Tensors

/// Return p′, the padding of the direct convolution that equals a transposed one.
///
/// The transposed convolution has a kernel of `kernelSize` cells, `dilation` apart, and is the
/// transpose of a convolution with `padding` p. After zeros are inserted, the turned kernel slides
/// over the row with p′ zeros at each end. Where p′ is negative, cells are cut off instead.
///
///     equivalentPadding(kernelSize: 3, dilation: 1, padding: 0)   // 2: the full convolution
///     equivalentPadding(kernelSize: 3, dilation: 1, padding: 2)   // 0
public func equivalentPadding(kernelSize: Int, dilation: Int, padding: Int) throws -> Int {
  // solution
  dilation * (kernelSize - 1) - padding
  // end of solution
}
