import LessonKit
import Tensors
import Testing

/// Answers found again from the numbers in the question, another way than the quiz finds them.
struct QuizKindTests {
  @Test func `true convolution is a sum of x[c + j] w[2 − j]`() {
    each(2) { n, _ in
      let (cell, x) = (n[n.count - 2], n[..<(n.count - 6)])
      let w = n[(n.count - 6)...]
      return Fraction((0..<3).reduce(0) { $0 + x[cell + $1] * w[w.startIndex + 2 - $1] })
    }
  }

  @Test func `a bilinear kernel falls by equal steps from its middle`() {
    each(18) { n, _ in
      let factor = (n[0] + 1) / 2
      func tent(_ j: Int) -> Fraction {
        let distance = Fraction(2 * j - (n[0] - 1), 2)
        return 1 - (distance < 0 ? 0 - distance : distance) / Fraction(factor)
      }
      return tent(n[2]) * tent(n[3])
    }
  }

  @Test func `an entry of the transpose is what a lone 1 becomes there`() {
    each(10) { n, _ in
      let (i, w) = (n[0], Array(n[1..<(n.count - 5)]))
      let (s, p, row, column) = (n[n.count - 5], n[n.count - 4], n[n.count - 3], n[n.count - 2])
      var spread = [Int](repeating: 0, count: i + 2 * p + w.count)
      for j in w.indices { spread[column * s + j] = w[j] }
      return Fraction(spread[row + p])
    }
  }

  @Test func `zeros inserted one by one`() {
    each(12) { n, text in
      let (i, k, s, p) = (n[0], n[1], n[2], n[3])
      guard text.contains("How long") else { return Fraction(k - 1 - p) }
      return Fraction(Array(stride(from: 0, through: (i - 1) * s, by: s)).last.map { $0 + 1 } ?? 0)
    }
  }

  @Test func `the sizes that share an output, and the padding that tells them apart`() {
    each(15) { n, text in
      let (k, s, p) = (n[0], n[1], n[2])
      func places(_ i: Int) -> Int {
        stride(from: 0, through: i + 2 * p - k, by: s).map { $0 }.count
      }
      if text.contains("How many") { return Fraction((1...200).count { places($0) == n[3] }) }
      let i = n[4]
      return Fraction((0..<s).first { places(i - $0 - 1) < n[3] } ?? -1)
    }
  }

  @Test func `two layers spread a cell as far as the last cell of the first reaches`() {
    each(20) { n, _ in
      let ends = (0..<n[0]).flatMap { first in (0..<n[2]).map { first * n[3] + $0 } }
      return Fraction(Set(ends).max().map { $0 + 1 } ?? 0)
    }
  }

  @Test func `losses, IU, steps, dropout and class weights`() {
    each(32) { n, text in
      text.contains("all their") ? Fraction(n[0]) : Fraction(n[0] + n[1] + n[2], n[n[3]])
    }
    each(35) { n, _ in Fraction(n[1], n[1] + n[3] + n[6]) }
    each(47) { n, _ in
      let rate = Fraction(n[3], n[4])
      // Half of the first gradient is walked once more in the second step.
      return Fraction(n[0]) - rate * (Fraction(3 * n[5], 2) + Fraction(n[6]))
    }
    each(49) { n, _ in Fraction(n[2], n[2] - n[1]) }
    each(50) { n, _ in
      1 - Fraction(n[1], n[0] * n[2] + n[1])
    }
  }

  private func each(_ lesson: Int, _ answer: ([Int], String) -> Fraction) {
    for question in Quiz(seed: UInt64(lesson), lesson: lesson).prefix(200) {
      let words = question.question.split { " ,.;\n".contains($0) }
      let numbers = words.flatMap { word in
        Fraction.plain(String(word)).split { !"-0123456789".contains($0) }.compactMap { Int($0) }
      }
      #expect(question.answer == answer(numbers, question.question), "\(question)")
    }
  }
}
