import ExerciseKit
import Tensors

/// Slide the kernel `w` along the row `x` and return the dot product at each place where it fits.
///
/// The kernel is not turned around. With i numbers in `x` and k in `w` there are i − k + 1 places;
/// `x` is never shorter than `w`.
///
///     correlate1D([1, 2, 3, 4, 5], [1, 0, -1])   // [-2, -2, -2]
///     // the first: 1·1 + 2·0 + 3·(-1) = -2
public func correlate1D(_ x: [Int], _ w: [Int]) throws -> [Int] {
  // solution
  (0...x.count - w.count).map { o in
    w.indices.reduce(0) { sum, k in sum + x[o + k] * w[k] }
  }
  // end of solution
}
