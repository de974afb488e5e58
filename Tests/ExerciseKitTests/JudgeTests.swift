import ExerciseKit
import Tensors
import Testing

/// Doubles a list; the known mistake is to square.
private let doubled = Exercise<[Int], [Int]>(
  "doubled", lesson: 1, title: "doubles", hints: ["a", "b", "c"],
  cases: { [[2], [1, 3], [4, 5, 6]] },
  show: { [Shown("x", $0)] },
  expected: { $0.map { 2 * $0 } },
  arithmetic: { x, cell in ["2·\(x[cell[0]])"] },
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

  @Test func `a known mistake is named, an unknown one is not`() {
    #expect(doubled.judge { $0.map { $0 * $0 } }.diagnosis == "squared")
    #expect(doubled.judge { $0 }.diagnosis == "unchanged")
    #expect(doubled.judge { $0.map { $0 + 1 } }.diagnosis == nil)
  }

  @Test func `a wrong shape in a later case comes before a wrong number in an earlier one`() {
    let verdict = doubled.judge { $0.count == 3 ? [] : $0 }
    #expect(verdict.outcome == .wrongShape && verdict.caseNumber == 3)
    #expect(verdict.detail == "the shape is 0 numbers, expected 3 numbers")
  }

  @Test func `an error comes before everything, and Unsolved is no failure`() {
    let thrown = doubled.judge { x in
      if x.count == 2 { throw Trouble() }
      return x
    }
    #expect(thrown.outcome == .threw && thrown.caseNumber == 2)
    #expect(thrown.detail == "the function threw an error: trouble")
    let unsolved = doubled.judge { _ in throw Unsolved() }
    #expect(unsolved.outcome == .unsolved && !unsolved.isFailure)
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
}
