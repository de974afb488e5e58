@testable import Workbench
import Testing

@Suite struct LossCurveTests {
  private func lines(_ stages: [(name: String, losses: [Float])]) -> [String] {
    LossCurve(stages: stages, width: 80, isUnicode: false).lines
  }

  @Test func `the rows are equal factors, from the largest to the smallest loss that is drawn`() {
    // 1 down to 2⁻¹¹ in 12 rows: each row half of the one above, and a loss on each.
    let halves = (0..<12).map { Float(1) / Float(1 << $0) }
    let lines = lines([("8s", halves)])
    #expect(lines.count == 12 + 1)
    for (row, line) in lines.dropLast().enumerated() {
      #expect(Array(line).lastIndex(of: "*") == 8 + row, "\(line)")
    }
    // 2⁻⁴, 2⁻⁸ and 2⁻¹¹ at the rows 4, 8 and 11.
    #expect(lines[0].hasPrefix("   1.00 "))
    #expect(lines[4].hasPrefix("  0.06"))
    #expect(lines[8].hasPrefix(" 3.9e-3 "))
    #expect(lines[11].hasPrefix(" 4.9e-4 "))
  }

  @Test func `a single batch of no loss does not widen the axis`() {
    // 700 losses in 72 columns: some ten each, of which one is 0.
    let losses = (0..<700).map { $0 % 10 == 0 ? Float(0) : $0 < 350 ? 1 : 0.5 }
    let lines = lines([("8s", losses)])
    #expect(lines[11].hasPrefix("  0.4"))
    #expect(lines.dropLast().allSatisfy { !$0.contains("0.000") })
  }

  @Test func `nothing is drawn of a loss alone, nor of none above 0`() {
    #expect(lines([("8s", [1])]).isEmpty)
    #expect(lines([("8s", [0, 0, 0])]).isEmpty)
  }
}
