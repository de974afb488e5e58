import ExerciseKit
import Tensors

/// Compute two outputs of a kernel of three with four multiplications instead of six: F(2,3).
///
/// `x` has four numbers, `w` three. Return the four products and the two outputs:
///
///     m0 = (x0 − x2) · w0                m1 = (x1 + x2) · (w0 + w1 + w2)/2
///     m3 = (x1 − x3) · w2                m2 = (x2 − x1) · (w0 − w1 + w2)/2
///     y0 = m0 + m1 + m2                  y1 = m1 − m2 − m3
///
/// The factors of `w` are computed once for a whole picture, and halving is no multiplication.
///
///     x = 1 2 3 4, w = 1 0 −1   // m −2 0 0 2, y −2 −2: the sliding dot product of lesson 1
public func winograd1D(_ x: [Fraction], _ w: [Fraction]) throws -> FourProducts {
  // solution
  let half = Fraction(1, 2)
  let m = [
    (x[0] - x[2]) * w[0], (x[1] + x[2]) * ((w[0] + w[1] + w[2]) * half),
    (x[2] - x[1]) * ((w[0] - w[1] + w[2]) * half), (x[1] - x[3]) * w[2],
  ]
  return FourProducts(products: m, outputs: [m[0] + m[1] + m[2], m[1] - m[2] - m[3]])
  // end of solution
}
