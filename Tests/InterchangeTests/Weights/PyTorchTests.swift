import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct PyTorchTests {
  private func open(_ name: String) throws -> WeightFile {
    try WeightFile.open(ArrayFixtures.path("weights/\(name)"))
  }

  private func problem(_ name: String) -> String {
    sentence { try open(name) }
  }

  private func ramp(_ count: Int) -> [Float] {
    (0..<count).map(Float.init)
  }

  @Test(arguments: ["state.pth", "state-legacy.pth"])
  func `every kind of tensor, in both formats of the file`(name: String) throws {
    let file = try open(name)
    #expect(file.format == (name == "state.pth" ? .pytorchZip : .pytorchLegacy))
    let expected: [(name: String, shape: Shape, values: [Float])] = [
      ("plain", [2, 3], ramp(6)),
      ("offset", [2, 3], (5..<11).map(Float.init)),
      ("transposed", [3, 2], [0, 3, 1, 4, 2, 5]),
      // Rows 0 and 2 of (4, 6), columns 1, 3 and 5.
      ("strided", [2, 3], [0 * 6 + 1, 0 * 6 + 3, 0 * 6 + 5, 2 * 6 + 1, 2 * 6 + 3, 2 * 6 + 5]),
      ("shared", [4, 6], ramp(24)),
      ("expanded", [2, 2], [7, 7, 7, 7]),
      ("scalar", [], [2.5]),
      ("empty", [0, 3], []),
      ("parameter", [3], ramp(3)),
      ("half", [3], ramp(3)),
      ("bfloat", [3], ramp(3)),
      ("double", [3], [0, 1.0 / 3, 2.0 / 3]),
      ("long", [3], ramp(3)),
      ("int", [3], ramp(3)),
      ("short", [3], ramp(3)),
      ("char", [3], [0, -1, -2]),
      ("byte", [3], ramp(3)),
      ("bool", [3], [0, 1, 1]),
    ]
    #expect(file.entries.map(\.name) == expected.map(\.name))
    for (entry, expected) in zip(file.entries, expected) {
      #expect(entry.shape == expected.shape, "\(expected.name)")
      #expect(try entry.values() == expected.values, "\(expected.name)")
      #expect(try entry.withUnsafeFloats { Array($0) } == expected.values, "\(expected.name)")
    }
    #expect(file["half"]?.type == .float16)
    #expect(file["long"]?.type == .int64)
  }

  @Test(arguments: ["checkpoint.pth", "checkpoint-legacy.pth"])
  func `a checkpoint's model is found among its other values`(name: String) throws {
    let file = try open(name)
    #expect(
      file.entries.map(\.name) == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
    #expect(file["0.weight"]?.shape == [3, 2, 1, 2])
    #expect(try file["0.weight"]?.values() == ramp(12))
    #expect(try file["0.bias"]?.values() == ramp(3))
  }

  @Test func `nests within nests are unwrapped`() throws {
    #expect(try open("nested.pth")["deep"]?.values() == [0, 1])
  }

  @Test func `big-endian files`() throws {
    let file = try open("big.pth")
    #expect(try file["plain"]?.values() == ramp(6))
    #expect(try file["double"]?.values() == [0, 1.0 / 3, 2.0 / 3])
    for name in ["long", "short", "half", "bfloat"] {
      #expect(try file[name]?.values() == ramp(3), "\(name)")
    }
  }

  @Test func `the oldest form: four arguments, a view, and names of Python 2`() throws {
    let entry = try #require(try open("old-form.pth")["old"])
    #expect(entry.shape == [2, 3])
    // The view begins at element 2, the tensor one element later.
    #expect(try entry.values() == [3, 4, 5, 6, 7, 8])
  }

  @Test func `files saved without checksums`() throws {
    #expect(try open("no-checksums.pth")["a"]?.values() == ramp(6))
  }

  @Test func `a damaged value is noticed when it is read`() throws {
    var bytes = try ArrayFixtures.bytes("weights/no-checksums.pth")
    let intact = try ArrayFixtures.bytes("weights/nested.pth")
    let place = try #require(
      (0..<intact.count - 8).first { intact[$0..<$0 + 8] == [0, 0, 0, 0, 0, 0, 0x80, 0x3F] })
    bytes = intact
    bytes[place + 7] ^= 1
    let entry = try #require(try WeightFile.open(FileContents(bytes, name: "x.pth"))["deep"])
    #expect(sentence { try entry.values() }.hasPrefix("x.pth: of deep, its data is damaged"))
  }

  @Test func `whole modules, bare tensors and dicts without tensors are refused`() {
    #expect(
      problem("module.pth").contains("it holds a whole torch.nn.modules.container.Sequential and"))
    #expect(problem("tensor.pth").contains("it holds no dict of tensors"))
    #expect(problem("no-tensors.pth").contains("its dict holds no tensors, only 'epoch'"))
  }

  @Test func `tar files of 2016 are refused with what to do`() throws {
    var bytes = [UInt8](repeating: 0, count: 1024)
    bytes.replaceSubrange(0..<3, with: Array("sys".utf8))
    bytes.replaceSubrange(257..<262, with: Array("ustar".utf8))
    let problem = sentence { try WeightFile.open(FileContents(bytes, name: "x.pth")) }
    #expect(problem.contains("it is a tar file") && problem.contains("load and save it again"))
  }
}
