import ExerciseKit
import Tensors

/// Return the mean intersection over union, exactly, from the table of `counts` (rank 2):
/// `counts[i, j]` pixels of class i were predicted as class j.
///
/// For each class the intersection is counts[i, i], the union its row plus its column less the
/// intersection. Classes with an empty union do not take part in the mean; if none is left, return nil.
///
///     3 1 / 2 2   // 3/(4 + 5 − 3) = ½ and 2/(4 + 3 − 2) = 2/5, mean 9/20
public func meanIU(_ counts: Tensor<Int>) throws -> Fraction? {
  // solution
  let classes = counts.shape[0]
  var ratios: [Fraction] = []
  for i in 0..<classes {
    let truth = (0..<classes).reduce(0) { $0 + counts[i, $1] }
    let predicted = (0..<classes).reduce(0) { $0 + counts[$1, i] }
    let union = truth + predicted - counts[i, i]
    if union > 0 { ratios.append(Fraction(counts[i, i], union)) }
  }
  return ratios.isEmpty ? nil : ratios.reduce(0, +) / Fraction(ratios.count)
  // end of solution
}
