import Tensors
import Testing

@testable import Interchange

@Suite struct WeightFileTests {
  private func problem(_ bytes: [UInt8]) -> String {
    sentence { try WeightFile.open(FileContents(bytes, name: "x.pth")) }
  }

  @Test func `what cannot be opened and what is malformed are different errors`() {
    #expect(throws: FileProblem.self) { try WeightFile.open("/nowhere/x.pth") }
    #expect(throws: FileProblem.self) { try WeightFile.open(ArrayFixtures.path("weights")) }
    #expect(throws: InterchangeError.self) {
      try WeightFile.open(ArrayFixtures.path("make_weights.py"))
    }
  }

  @Test func `content decides, and what is none of ours says so`() {
    #expect(problem([]) == "x.pth: it is empty")
    #expect(
      problem(Array("version https://git-lfs.github.com/spec/v1".utf8)).contains("git lfs pull"))
    #expect(problem(Array("<!DOCTYPE html>".utf8)).contains("it is no weight file"))
    #expect(problem(NPYHeader.magic + [1, 0]).contains("use an .npz"))
    #expect(
      problem([0x80, 2, UInt8(ascii: "N"), UInt8(ascii: ".")]).contains("none that torch.save"))
  }
}

@Suite struct WeightStatisticsTests {
  @Test func `of a few values`() throws {
    let values: [Float] = [1, 3, .nan, 5, -.infinity, 7]
    let entry = WeightEntry(name: "a", tensor: Tensor(shape: [6], elements: values))
    let statistics = try entry.statistics()
    #expect(statistics.minimum == 1)
    #expect(statistics.maximum == 7)
    let mean: Double = (1 + 3 + 5 + 7) / 4
    #expect(statistics.mean == mean)
    // Distances from the mean: −3, −1, 1, 3.
    let variance: Double = (9 + 1 + 1 + 9) / 4
    #expect(statistics.standardDeviation == variance.squareRoot())
    #expect(statistics.nonFinite == 2)
  }

  @Test func `of no values`() throws {
    let empty = WeightEntry(name: "a", tensor: Tensor(shape: [0], elements: []))
    #expect(
      try empty.statistics()
        == WeightStatistics(
          minimum: 0, maximum: 0, mean: 0, standardDeviation: 0, zeros: 0, nonFinite: 0))
  }
}
