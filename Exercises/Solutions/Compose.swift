import ExerciseKit
import Tensors

/// Return the one kernel with which a single transposed convolution does what two do after each
/// other: first with the kernel `first`, then with the kernel `second` and this `stride`.
///
/// It is what the second makes of the first kernel's stamp: each number of `first` stamps `second`,
/// `stride` cells apart. The result has s(k₁ − 1) + k₂ numbers. (Its own stride is the product of
/// both strides; that of the first does not matter here.)
///
///     compose([1, 3, 3, 1], [1, 3, 3, 1], stride: 2)   // 1 3 6 10 12 12 10 6 3 1
///
/// Divided by 16 that is 2× after 2×. The 4× kernel is 2 6 10 14 14 10 6 2: twice two is not four.
public func compose(_ first: [Int], _ second: [Int], stride: Int) throws -> [Int] {
  // solution
  var result = Array(repeating: 0, count: stride * (first.count - 1) + second.count)
  for (i, a) in first.enumerated() {
    for (k, b) in second.enumerated() {
      result[i * stride + k] += a * b
    }
  }
  return result
  // end of solution
}
