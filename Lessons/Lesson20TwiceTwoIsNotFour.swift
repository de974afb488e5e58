import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 20: upsampling in stages.
  static var twiceTwoIsNotFour: Lesson {
    Lesson(
      number: 20, slug: "twice-two-is-not-four", title: "Twice two is not four",
      part: .upsampling,
      question: "Is upsampling by 2, and by 2 again, the same as upsampling by 4?",
      corrects: "Two bilinear steps of 2 make one of 4."
    ) { _ in
      let two = Tensor(row: bilinearWeights(4))
      let four = Tensor(row: bilinearWeights(8))
      let impulse = Tensor<Fraction>(row: [1])
      let once = try transposedConvolve(impulse, two, stride: across(2))
      let twice = try transposedConvolve(once, two, stride: across(2))
      let direct = try transposedConvolve(impulse, four, stride: across(4))

      prose(
        "Send a single 1 through both and look. The kernel of factor 2 has 4 cells, that of factor 4 has "
          + "8. First in two steps:")
      grids(
        Grid(.input, impulse), Grid(.output, once, title: "once by 2"), between: "→")
      predict(
        "In one step of 4 the same 1 gives \(sixteenths(direct)), in sixteenths. How many cells do the two "
          + "steps give?",
        answer: "\(twice.width)", why: "2·(4 − 1) + 4 = \(twice.width), and not \(direct.width).")
      let second = try TraceCase.transposed(
        once.map { $0 * 4 }, two.map { $0 * 4 }, stride: across(2))
      prose("The second step, with everything times 16 so that whole numbers remain:")
      trace(try second.trace(.scatter))
      table(
        ["way", "in sixteenths", "cells", "highest"],
        rows: [
          ["2, then 2", sixteenths(twice), "\(twice.width)", "\(twice.elements.max()!)"],
          ["4 at once", sixteenths(direct), "\(direct.width)", "\(direct.elements.max()!)"],
        ])
      claim("they are not of one width", twice.width, differsFrom: direct.width)
      claim(
        "but of one weight: each sums to 4", [twice, direct].map { $0.elements.reduce(0, +) },
        equals: [4, 4])

      heading("What is the same")
      let line = Tensor<Fraction>(row: [0, 1, 2, 3, 4, 5, 6, 7])
      let factor2 = across(2, down: 1)
      let slow = try upsampleBilinear(try upsampleBilinear(line, factor: factor2), factor: factor2)
      let fast = try upsampleBilinear(line, factor: across(4, down: 1))
      let inside = 8..<(fast.width - 8)
      prose(
        "On a straight line both agree, away from the border: a line mixed with itself is a line.")
      claim(
        "upsampling \(cellsText(line)) by 2 and 2, and by 4: equal inside",
        evidence:
          "cells \(inside.lowerBound) to \(inside.upperBound - 1), from \(fast[inside.lowerBound]) to "
          + "\(fast[inside.upperBound - 1])",
        holds: slow.elements[inside] == fast.elements[inside])
      let kink = Tensor<Fraction>(row: [0, 0, 0, 0, 8, 8, 8, 8])
      let slowKink = try upsampleBilinear(
        try upsampleBilinear(kink, factor: factor2), factor: factor2)
      let fastKink = try upsampleBilinear(kink, factor: across(4, down: 1))
      prose("Where the line bends they part. An edge, upsampled both ways, around its middle:")
      table(
        ["way", "cells 12 to 19"],
        rows: [
          ["2, then 2", slowKink.elements[12..<20].map(\.description).joined(separator: " ")],
          ["4 at once", fastKink.elements[12..<20].map(\.description).joined(separator: " ")],
        ])
      claim(
        "an edge shows it", Array(slowKink.elements[12..<20]),
        differsFrom: Array(fastKink.elements[12..<20]))

      heading("The rule")
      prose(
        "The first step sets new points on the straight lines between the old ones. The second draws "
          + "straight lines between those. No new point lies exactly where an old one did (an even kernel "
          + "has no middle), so the peak is cut off:")
      formula(
        "peak of 2, then 2:  \(twice.elements.max()!) = ¾·¾ + ¼·¾",
        "peak of 4 at once:  \(direct.elements.max()!)")
      claim(
        "¾·¾ + ¼·¾", twice.elements.max()!,
        equals: Fraction(3, 4) * Fraction(3, 4) + Fraction(1, 4) * Fraction(3, 4))

      heading("Where it breaks down altogether: at the border")
      let ones = Tensor<Fraction>(row: [1, 1, 1])
      let slowOnes = try upsampleBilinear(
        try upsampleBilinear(ones, factor: factor2), factor: factor2)
      let fastOnes = try upsampleBilinear(ones, factor: across(4, down: 1))
      prose("Each step fades its own border, so two steps fade it twice:")
      table(
        ["way", "three ones become"],
        rows: [["2, then 2", cellsText(slowOnes)], ["4 at once", cellsText(fastOnes)]])
      claim("the borders differ", slowOnes, differsFrom: fastOnes)

      heading("In FCN")
      let stages = try transposedConvolve(
        once, Tensor(row: bilinearWeights(32)), stride: across(16))
      let single = Tensor(row: bilinearWeights(64))
      let (p, q) = (stages.elements.max()!, single.elements.max()!)
      prose(
        "FCN-32s upsamples by 32 at once, FCN-16s by 2 and then by 16, with the pool4 skip (lesson 28) added "
          + "between. If the skip is all zeros, are their outputs equal? In both directions, an impulse's peak is"
      )
      formula(
        "32 at once:  \(q)·\(q) = \(q * q) \(rounded(q * q))",
        "2, then 16:  \(p)·\(p) = \(p * p) \(rounded(p * p))")
      claim("so a zero skip is not quite FCN-32s", p * p, differsFrom: q * q)
      prose(
        "And neither knows more than the other: both spread the same numbers over the picture. What "
          + "FCN-16s and FCN-8s gain must come from the skips.")
      ownNumbers("The second step, times 16:", second.command(.scatter))
    }
  }
}

/// The cells times 16, which are whole numbers here.
private func sixteenths(_ x: Tensor<Fraction>) -> String { cellsText(x.map { $0 * 16 }) }

/// Four decimals of a number from 0 to 1, after the sign that fits.
private func rounded(_ value: Fraction) -> String {
  let digits = String((value * 10_000 + Fraction(1, 2)).floor)
  let sign = (value * 10_000).isInteger ? "=" : "≈"
  return "\(sign) 0." + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
