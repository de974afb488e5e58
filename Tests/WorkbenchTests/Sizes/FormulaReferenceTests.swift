import Foundation
@testable import Workbench
import Testing

@Suite struct FormulaReferenceTests {
  @Test func `the committed page is what is generated`() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../Docs/Formulas.md")
    let committed = try String(contentsOf: page, encoding: .utf8)
    let (got, expected) = (
      committed.split(separator: "\n"), formulaReference().split(separator: "\n")
    )
    let line = zip(got, expected).first { $0 != $1 }
    #expect(
      committed == formulaReference(),
      """
      Docs/Formulas.md is out of date; run: swift run convbook formulas > Docs/Formulas.md
      the first line that differs: \(line?.0 ?? "(the length)"), expected \(line?.1 ?? "")
      """)
  }

  @Test func `it answers what is asked most`() {
    let page = formulaReference()
    for answer in [
      "| FCN-32s | upscore | x + 19 | input | x | 19 |",
      "| 1 | 193 |", "| 100 | 1 |", "436 in 8 and 468 in 24",
      "transposed convolution, 7 to 14 | kernel 2, stride 2 |",
    ] {
      #expect(page.contains(answer), "\(answer)")
    }
  }
}
