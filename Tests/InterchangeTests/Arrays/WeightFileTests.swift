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
