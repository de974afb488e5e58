public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var winograd1D: Exercise<([Fraction], [Fraction]), FourProducts> {
    Exercise(
      "winograd1D", lesson: 37, title: "two outputs of a kernel of three with four multiplications",
      hints: [
        "Which products of x and w does y0 need? Multiply out m0 + m1 + m2 on paper.",
        "The six lines of the task are the formula; w's sums are halved.",
        "let m = [(x[0] - x[2]) * w[0], …] with Fraction(1, 2) for the half; then "
          + "FourProducts(products: m, outputs: [m[0] + m[1] + m[2], m[1] - m[2] - m[3]]).",
      ],
      cases: {
        [
          ([1, 2, 3, 4], [1, 0, -1]), ([1, 0, 0, 0], [2, 3, 5]), ([0, 1, 0, 0], [2, 3, 5]),
          ([4, 1, 3, 9], [1, 2, 7]), (quarters(4, 93), quarters(3, 94)),
          (quarters(4, 95), quarters(3, 96)),
        ]
      },
      show: { x, w in [Shown("x", x), Shown("w", w)] },
      expected: { x, w in try tile(x, w) },
      arithmetic: { input, cell in
        let (x, w) = input
        let right = try tile(x, w)
        let m = right.products
        switch cell[0] {
        case 0: return ["(\(x[0]) − \(factor(x[2])))·\(factor(w[0])) = \(m[0])"]
        case 1:
          return [
            "(\(x[1]) + \(factor(x[2])))·(\(w[0]) + \(factor(w[1])) + \(factor(w[2])))/2 = \(m[1])"
          ]
        case 2:
          return [
            "(\(x[2]) − \(factor(x[1])))·(\(w[0]) − \(factor(w[1])) + \(factor(w[2])))/2 = \(m[2])"
          ]
        case 3: return ["(\(x[1]) − \(factor(x[3])))·\(factor(w[2])) = \(m[3])"]
        case 4:
          return ["\(m[0]) + \(factor(m[1])) + \(factor(m[2])) = \(right.outputs[0])"]
        default:
          return ["\(m[1]) − \(factor(m[2])) − \(factor(m[3])) = \(right.outputs[1])"]
        }
      },
      decoys: [
        Decoy("half forgotten", "m1 and m2 take half of the sums of w.") { x, w in
          let right = try tile(x, w)
          let m = [
            right.products[0], right.products[1] * 2, right.products[2] * 2, right.products[3],
          ]
          return joined(m)
        },
        Decoy("m3 added", "y1 = m1 − m2 − m3.") { x, w in
          var wrong = try tile(x, w)
          wrong.outputs[1] = wrong.outputs[1] + wrong.products[3] * 2
          return wrong
        },
        Decoy("m2 with the other sign", "m2 = (x2 − x1) · …, not (x1 − x2).") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1], -m[2], m[3]])
        },
        Decoy("kernel flipped", "w0 meets x0.") { x, w in try tile(x, w.reversed()) },
        Decoy("quarters for halves", "m1 and m2 take the half of the sums of w, once.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1] / 2, m[2] / 2, m[3]])
        },
        Decoy("half forgotten in m1", "m1 takes the half of w0 + w1 + w2.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1] * 2, m[2], m[3]])
        },
        Decoy("half forgotten in m2", "m2 takes the half of w0 − w1 + w2.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1], m[2] * 2, m[3]])
        },
        Decoy("only w2 halved", "The whole sum of w is halved.") { x, w in
          let m = try tile(x, w).products
          return joined([
            m[0], (x[1] + x[2]) * (w[0] + w[1] + w[2] / 2),
            (x[2] - x[1]) * (w[0] - w[1] + w[2] / 2),
            m[3],
          ])
        },
        Decoy("m0 with a sum", "m0 = (x0 − x2) · w0.") { x, w in
          let m = try tile(x, w).products
          return joined([(x[0] + x[2]) * w[0], m[1], m[2], m[3]])
        },
        Decoy("m1 with a difference", "m1 = (x1 + x2) · (w0 + w1 + w2)/2.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], (x[1] - x[2]) * (w[0] + w[1] + w[2]) / 2, m[2], m[3]])
        },
        Decoy("m2 with the sum of w", "m2 = (x2 − x1) · (w0 − w1 + w2)/2.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1], (x[2] - x[1]) * (w[0] + w[1] + w[2]) / 2, m[3]])
        },
        Decoy("m3 with the other sign", "m3 = (x1 − x3) · w2.") { x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1], m[2], -m[3]])
        },
        Decoy("m2 and m3 exchanged", "The third product is m2, the fourth m3.") { x, w in
          let m = try tile(x, w).products
          let right = joined(m)
          return FourProducts(products: [m[0], m[1], m[3], m[2]], outputs: right.outputs)
        },
        Decoy("m2 and m3 exchanged throughout", "m2 and m3 stand where the task has them.") {
          x, w in
          let m = try tile(x, w).products
          return joined([m[0], m[1], m[3], m[2]])
        },
        Decoy("m2 added in y1", "y1 = m1 − m2 − m3.") { x, w in
          var wrong = try tile(x, w)
          wrong.outputs[1] = wrong.outputs[1] + wrong.products[2] * 2
          return wrong
        },
        Decoy("m2 subtracted in y0", "y0 = m0 + m1 + m2.") { x, w in
          var wrong = try tile(x, w)
          wrong.outputs[0] = wrong.outputs[0] - wrong.products[2] * 2
          return wrong
        },
        Decoy("y0 and y1 exchanged", "y0 comes first.") { x, w in
          let right = try tile(x, w)
          return FourProducts(products: right.products, outputs: right.outputs.reversed())
        },
      ])
  }
}

private func joined(_ m: [Fraction]) -> FourProducts {
  FourProducts(products: m, outputs: [m[0] + m[1] + m[2], m[1] - m[2] - m[3]])
}

/// The outputs by the sliding dot product, the middle products from what the outputs leave over.
private func tile(_ x: [Fraction], _ w: [Fraction]) throws -> FourProducts {
  let y = try convolve(Tensor(row: x), Tensor(row: w)).elements
  let (m0, m3) = ((x[0] - x[2]) * w[0], (x[1] - x[3]) * w[2])
  // y0 − m0 = m1 + m2 and y1 + m3 = m1 − m2.
  let (sum, difference) = (y[0] - m0, y[1] + m3)
  return FourProducts(
    products: [m0, (sum + difference) / 2, (sum - difference) / 2, m3], outputs: y)
}

private func quarters(_ count: Int, _ seed: UInt64) -> [Fraction] {
  numbers(count, seed: seed).map { Fraction($0, 4) }
}
