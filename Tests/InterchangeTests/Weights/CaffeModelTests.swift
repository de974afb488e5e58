import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

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

  /// A `NetParameter` of one layer of the second generation, with blobs of one axis.
  private func net(_ type: String, _ blobs: [[Float]]) -> [UInt8] {
    func field(_ key: UInt8, _ content: [UInt8]) -> [UInt8] {
      [key, UInt8(content.count)] + content
    }
    var layer = field(0x0A, [0x61]) + field(0x12, Array(type.utf8))
    for blob in blobs {
      let numbers = blob.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
      layer += field(0x3A, field(0x3A, [0x08, UInt8(blob.count)]) + field(0x2A, numbers))
    }
    return [0xA2, 0x06, UInt8(layer.count)] + layer
  }

  @Test func `a batch normalization keeps sums, and of how much they are`() throws {
    func read(_ type: String, _ blobs: [[Float]]) throws -> [String: [Float]] {
      let file = try WeightFile.open(FileContents(net(type, blobs), name: "x.caffemodel"))
      return try Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, try $0.values()) })
    }
    let (sums, squares): ([Float], [Float]) = ([4, -2], [8, 1])
    let (means, variances): ([Float], [Float]) = ([4 / 4, -2 / 4], [8 / 4, 1 / 4])
    #expect(
      try read("BatchNorm", [sums, squares, [4]])
        == ["a.running_mean": means, "a.running_var": variances])
    #expect(
      try read("BatchNorm", [sums, squares, [1]])
        == ["a.running_mean": sums, "a.running_var": squares])
    // Nothing was summed yet.
    #expect(
      try read("BatchNorm", [sums, squares, [0]])
        == ["a.running_mean": [0, 0], "a.running_var": [0, 0]])
    #expect(try read("BatchNorm", [sums, squares]).keys.sorted() == ["a.bias", "a.weight"])
    #expect(try read("Bias", [sums]) == ["a.bias": sums])
    #expect(try read("Scale", [sums, squares]) == ["a.weight": sums, "a.bias": squares])
    #expect(
      try read("BN", [sums, squares, sums, squares]).keys.sorted()
        == ["a.bias", "a.running_mean", "a.running_var", "a.weight"])
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
      problem(net([0x3A, 2, 0x08, 3, 0x2A, 4, 0, 0, 0, 0])).contains("has 1 number, and its"))
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
