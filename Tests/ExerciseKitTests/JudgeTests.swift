import ExerciseKit
import Tensors
import Testing

/// Doubles a list; the known mistake is to square.
private let doubled = Exercise<[Int], [Int]>(
  "doubled", lesson: 1, title: "doubles", hints: ["a", "b", "c"],
  cases: { [[2], [1, 3], [4, 5, 6]] },
  show: { [Shown("x", $0)] },
  expected: { $0.map { 2 * $0 } },
  arithmetic: { x, cell in
    cell[0] < x.count ? ["2·\(x[cell[0]])"] : ["there are \(x.count)"]
  },
  replay: { "convbook double \($0)" },
  decoys: [
    Decoy("squared", "Twice, not times itself.") { $0.map { $0 * $0 } },
    Decoy("unchanged", "Nothing was done.") { $0 },
  ])

private struct Trouble: Error, CustomStringConvertible { let description = "trouble" }

struct JudgeTests {
  @Test func `a right answer passes every case`() {
    let verdict = doubled.judge { $0.map { $0 + $0 } }
    #expect(verdict.outcome == .passed && verdict.caseCount == 3)
  }

  @Test func `the smallest failing case is shown with its first wrong number and its arithmetic`() {
    // 2·2 is 2 + 2, so the first case passes; in the second 1·1 is wrong, and so is 3·3.
    let verdict = doubled.judge { $0.map { $0 * $0 } }
    #expect(verdict.outcome == .wrongValue && verdict.caseNumber == 2)
    #expect(verdict.detail == "number 0 (counted from 0) is 1, expected 2; 2 are wrong")
    #expect(verdict.arithmetic == ["2·1"])
    #expect(verdict.expected == Shown("expected", [2, 6]) && verdict.got == Shown("got", [1, 9]))
    #expect(verdict.replay == "convbook double [1, 3]")
  }

  @Test func `of an answer too large to be read the part around the first wrong number is shown`() {
    let list = doubled.judge { $0 == [2] ? Array(repeating: 4, count: 500_000) : [] }
    let fours = Array(repeating: "4", count: 12).joined(separator: " ")
    #expect(list.got?.lines == [fours + " (numbers 0…11 of 500000 numbers)"])
    #expect(list.expected?.lines == ["4"])

    let map = Exercise<Int, Tensor<Int>>(
      "zeros", lesson: 1, title: "makes zeros", hints: ["a", "b", "c"], cases: { [30] },
      show: { [Shown("n", $0)] }, expected: { .zeros([1, 2, $0, 10 * $0]) },
      arithmetic: { _, _ in [] }, decoys: [])
    let verdict = map.judge { n in
      var y = Tensor<Int>.zeros([1, 2, n, 10 * n])
      y[0, 1, 29, 100] = 7
      return y
    }
    // 12 rows end with the last, 30 - 1; 12 columns begin 6 before the wrong one.
    #expect(verdict.got?.lines.first == "rows 18 to 29, columns 94 to 105 of [0, 1]:")
    #expect(
      verdict.got?.lines.last?.split(separator: " ").map(String.init)
        == (94...105).map { $0 == 100 ? "7" : "0" })
    #expect(verdict.got?.lines.count == 1 + 12)
  }

  @Test func `a known mistake is named, an unknown one is not`() {
    #expect(doubled.judge { $0.map { $0 * $0 } }.diagnosis == "squared")
    #expect(doubled.judge { $0 }.diagnosis == "unchanged")
    #expect(doubled.judge { $0.map { 3 * $0 } }.diagnosis == nil)
  }

  @Test func `a mistake is not named where one number of one case tells it apart`() {
    // Squared everywhere but in the last case.
    #expect(doubled.judge { $0.map { $0 == 6 ? 0 : $0 * $0 } }.diagnosis == nil)
  }

  @Test func `what no decoy explains is described, if one thing is true of every number`() {
    #expect(doubled.judge { $0.map { 2 * $0 + 1 } }.diagnosis == "1 more")
    #expect(doubled.judge { $0.map { -2 * $0 } }.diagnosis == "the other sign")
    #expect(doubled.judge { $0.map { _ in 0 } }.diagnosis == "nothing but zeros")
    #expect(doubled.judge { $0.dropLast().map { 2 * $0 } }.diagnosis == "the last one missing")
    // 2; 2 and 2 + 6; 8, 8 + 10 and 8 + 10 + 12: the sum was declared outside of the loop.
    let sums = doubled.judge { x in
      var sum = 0
      return x.map { number in
        sum += 2 * number
        return sum
      }
    }
    #expect(sums.diagnosis == "a running total" && sums.caseNumber == 2)
  }

  @Test func `a wrong number in an earlier case comes before a wrong shape in a later one`() {
    let verdict = doubled.judge { $0.count == 3 ? [] : $0 }
    #expect(verdict.outcome == .wrongValue && verdict.caseNumber == 1)
    #expect(verdict.detail == "number 0 (counted from 0) is 2, expected 4")
  }

  @Test func `a wrong length is told with the first number that differs, is missing or too many`() {
    let short = doubled.judge { $0.count == 3 ? [8, 10] : $0.map { 2 * $0 } }
    #expect(short.outcome == .wrongShape && short.caseNumber == 3)
    #expect(
      short.detail == "the shape is 2 numbers, expected 3 numbers; "
        + "number 2 (counted from 0), expected 12, is missing")
    #expect(short.arithmetic == ["2·6"])
    let other = doubled.judge { $0.count == 3 ? [8, 9] : $0.map { 2 * $0 } }
    #expect(other.detail.hasSuffix("; number 1 (counted from 0) is 9, expected 10"))
    #expect(other.arithmetic == ["2·5"])
    let long = doubled.judge { $0.map { 2 * $0 } + [0] }
    #expect(long.detail.hasSuffix("; number 1 (counted from 0) is too many"))
    #expect(long.arithmetic == ["there are 1"])
  }

  @Test func `a map of another size is compared place by place`() {
    let identity = Exercise<Tensor<Int>, Tensor<Int>>(
      "identity", lesson: 1, title: "", hints: [], cases: { [Tensor([[1, 2], [3, 4]])] },
      show: { [Shown("x", $0)] }, expected: { $0 }, arithmetic: { _, cell in ["\(cell)"] },
      decoys: [])
    let narrow = identity.judge { _ in Tensor([[1], [3]]) }
    #expect(narrow.detail.hasSuffix("; cell (0, 0, 0, 1), expected 2, is missing"))
    #expect(narrow.arithmetic == ["[0, 0, 0, 1]"] && narrow.diagnosis == "one column too few")
    let wide = identity.judge { _ in Tensor([[1, 2, 0], [3, 5, 0]]) }
    #expect(wide.detail.hasSuffix("; cell (0, 0, 1, 1) is 5, expected 4"))
  }

  @Test func `an error is told with its case, unless an earlier case is wrong`() {
    let thrown = doubled.judge { x in
      if x.count == 2 { throw Trouble() }
      return x.map { 2 * $0 }
    }
    #expect(thrown.outcome == .threw && thrown.caseNumber == 2)
    #expect(thrown.detail == "the function threw an error: trouble")
    let later = doubled.judge { x in
      if x.count == 2 { throw Trouble() }
      return x
    }
    #expect(later.outcome == .wrongValue && later.caseNumber == 1)
    #expect(later.detail.hasSuffix("expected 4; case 2 throws an error: trouble"))
    let unsolved = doubled.judge { _ in throw Unsolved() }
    #expect(unsolved.outcome == .unsolved && !unsolved.isFailure)
  }

  @Test func `a process that ends before its time fails in its case, or in a wrong one before`() {
    let right = CaseResult.answer([4].layout)
    let alone = doubled.failure(.crashed, after: [right], detail: "gone")
    #expect(alone.outcome == .crashed && alone.caseNumber == 2 && alone.detail == "gone")
    // 2·1 is 2 and not 1.
    let wrong = CaseResult.answer([1, 6].layout)
    let after = doubled.failure(.crashed, after: [right, wrong], detail: "gone")
    #expect(after.outcome == .wrongValue && after.caseNumber == 2)
    #expect(after.detail.hasSuffix("; case 3 does not end well: gone"))
  }

  @Test func `answers that compute nothing are tried: constants, nothing, zeros, the input`() {
    let names = doubled.judgeTrivial().map(\.name)
    #expect(names.contains("the answer of case 2, always") && names.contains("zeros"))
    #expect(names.contains("argument 0 given back"))
    #expect(doubled.judgeTrivial().allSatisfy { $0.verdict.isFailure })
  }

  @Test func `a tensor whose cells do not fill its shape is a wrong shape, not a crash`() {
    let identity = Exercise<Tensor<Int>, Tensor<Int>>(
      "identity", lesson: 1, title: "", hints: [], cases: { [Tensor([[1, 2], [3, 4]])] },
      show: { [Shown("x", $0)] }, expected: { $0 }, arithmetic: { _, _ in [] }, decoys: [])
    let verdict = identity.judge { x in
      var y = x
      y.elements.removeLast()
      return y
    }
    #expect(verdict.outcome == .wrongShape && verdict.got?.lines == ["1 2 3"])
  }

  @Test func `numbers with rounding are compared within the tolerance, others exactly`() {
    let third = Exercise<Double, Double>(
      "third", lesson: 1, title: "", hints: [], tolerance: 1e-9, cases: { [3] },
      show: { [Shown("x", $0)] }, expected: { $0 / 9 }, arithmetic: { _, _ in [] }, decoys: [])
    #expect(third.judge { _ in 0.3333333333 }.outcome == .passed)
    #expect(third.judge { _ in 0.33333 }.tolerance == 1e-9)
    #expect(third.judge { _ in .nan }.outcome == .wrongValue)
  }

  @Test func `an infinite mistake explains nothing finite, and not a number only the same`() {
    let logarithm = Exercise<Double, Double>(
      "logarithm", lesson: 1, title: "", hints: [], tolerance: 1e-9, cases: { [3] },
      show: { [Shown("x", $0)] }, expected: { $0 / 9 }, arithmetic: { _, _ in [] },
      decoys: [
        Decoy("infinite", "") { _ in .infinity }, Decoy("not a number", "") { _ in .nan },
      ])
    #expect(logarithm.judge { _ in 700 }.diagnosis == nil)
    #expect(logarithm.judge { _ in .infinity }.diagnosis == "infinite")
    #expect(logarithm.judge { _ in -.infinity }.diagnosis == nil)
    #expect(logarithm.judge { _ in .nan }.diagnosis == "not a number")
  }
}
