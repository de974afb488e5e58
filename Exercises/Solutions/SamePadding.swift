import ExerciseKit
import Tensors

/// Return the padding before and after a row that keeps its length, for a kernel of `kernelSize`
/// cells, `dilation` input cells apart; the window moves by 1.
///
/// The kernel spans d(k−1)+1 cells, so d(k−1) zeros are needed in all. An odd zero goes to the end.
///
///     samePadding(kernelSize: 3, dilation: 1)   // 1 before, 1 after
///     samePadding(kernelSize: 2, dilation: 1)   // 0 before, 1 after
public func samePadding(kernelSize: Int, dilation: Int) throws -> Ends {
  // solution
  let total = dilation * (kernelSize - 1)
  return Ends(before: total / 2, after: total - total / 2)
  // end of solution
}
