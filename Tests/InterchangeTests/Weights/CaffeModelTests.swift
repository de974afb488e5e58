import Tensors
import Testing

@testable import Interchange

@Suite struct CaffeModelTests {
  private func ramp(_ count: Int) -> [Float] {
    (0..<count).map(Float.init)
  }

  @Test(arguments: ["first", "second"])
  func `both versions of the message, with both kinds of shape`(version: String) throws {
    let file = try WeightFile.open(ArrayFixtures.path("weights/\(version).caffemodel"))
    #expect(file.format == .caffemodel)
    let expected: [(name: String, shape: Shape)] = [
      ("conv1_1.weight", [2, 3, 1, 2]), ("conv1_1.bias", [2]), ("fc6.weight", [3, 4]),
      ("fc6.bias", [3]), ("upscore2.weight", [2, 1, 2, 2]),
    ]
    #expect(file.entries.map(\.name) == expected.map(\.name))
    for (entry, expected) in zip(file.entries, expected) {
      #expect(entry.shape == expected.shape, "\(expected.name)")
      #expect(try entry.values() == ramp(expected.shape.count), "\(expected.name)")
    }
    #expect(file["upscore2.weight"]?.type == (version == "second" ? .float64 : .float32))
  }

  @Test func `numbers that are not packed`() throws {
    let file = try WeightFile.open(ArrayFixtures.path("weights/loose.caffemodel"))
    #expect(file["conv.weight"]?.shape == [1, 6])
    #expect(try file["conv.weight"]?.values() == ramp(6))
  }

  private func problem(_ bytes: [UInt8]) -> String {
    sentence { try WeightFile.open(FileContents(bytes, name: "x.caffemodel")) }
  }

  @Test func `malformed messages are refused with the reason`() {
    // A V2 layer (field 100) named "a" with one blob.
    func net(_ blob: [UInt8]) -> [UInt8] {
      let layer = [0x0A, 1, 0x61, 0x3A, UInt8(blob.count)] + blob
      return [0xA2, 0x06, UInt8(layer.count)] + layer
    }
    #expect(
      problem(net([0x3A, 2, 0x08, 3, 0x2A, 4, 0, 0, 0, 0])).contains("has 1 numbers, and its"))
    #expect(problem(net([0x3A, 2, 0x08, 1, 0x2A, 3, 0, 0, 0])).contains("3 bytes of numbers of 4"))
    #expect(problem(net([0x2A, 90])).contains("a.weight needs 90 more bytes"))
    #expect(
      problem([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).contains(
        "64 bits"))
    #expect(problem([0x0A, 1, 0x61, 0x03]).contains("field of number 0"))
    #expect(problem([0x0A, 1, 0x61, 0x0B]).contains("wire type 3"))
    #expect(problem([0x0A, 1, 0x61]).contains("no layers with weights"))
  }
}
