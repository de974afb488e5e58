import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// Models whose numbers lie in a second file, as PyTorch's exporter writes them.
@Suite struct ONNXCompanionTests: ONNXWriting {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "convbook-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func save(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A tensor of two floats whose numbers lie elsewhere.
  private func outside(_ texts: [(String, String)]) -> [UInt8] {
    tensor(
      "w", [1, 1, 1, 2],
      texts.flatMap { field(13, field(1, $0.0) + field(2, $0.1)) } + field(14, 1))
  }

  private func outsideModel(_ texts: [(String, String)]) -> [UInt8] {
    model(node("Conv", ["x", "w"], "y") + outside(texts))
  }

  private func open(_ bytes: [UInt8]) throws -> ONNXNetwork {
    try save("m.onnx", bytes)
    return try ONNXNetwork(path: folder.appending(path: "m.onnx").path)
  }

  /// What is said when the numbers are asked for.
  private func problem(_ texts: [(String, String)]) -> String {
    do {
      _ = try open(outsideModel(texts)).weights[0].values()
      return "nothing was wrong"
    } catch { return "\(error)" }
  }

  @Test func `numbers are read from their place in the second file`() throws {
    defer { remove() }
    try save("m.data", [9, 9, 9] + bytes(of: [0.5, -2, 7]))
    let network = try open(
      outsideModel([("location", "m.data"), ("offset", "3"), ("length", "8")]))
    #expect(network.network.layers.last?.name == "y")
    #expect(try network.weights[0].values() == [0.5, -2])
    // Without a length it is what the shape needs.
    #expect(
      try open(outsideModel([("location", "m.data"), ("offset", "7")])).weights[0].values() == [
        -2, 7,
      ])
  }

  @Test func `sizes need no second file, and numbers are told to be missing`() throws {
    defer { remove() }
    let network = try open(outsideModel([("location", "m.onnx.data")]))
    let shapes = try network.network.shapes(input: network.size)
    #expect(shapes.last == MapShape(channels: 1, size: Size(height: 4, width: 3)))
    let sentence = problem([("location", "m.onnx.data")])
    #expect(
      sentence.contains("a second file, m.onnx.data, which is not in the folder \(folder.path)"))
    #expect(sentence.contains("put it beside the model"))
  }

  @Test func `weights made of numbers that are missing are missing themselves`() throws {
    defer { remove() }
    let graph =
      node("ReduceL2", ["w"], "n", attributes: [ints("axes", [1, 2, 3])])
      + node("Div", ["w", "n"], "u")
      + node("Conv", ["x", "u"], "y") + outside([("location", "m.data")])
    let network = try open(model(graph))
    #expect(network.notes == [])
    #expect(network.weights.map(\.shape) == [[1, 1, 1, 2]])
    #expect(throws: FileProblem.self) { try network.weights[0].values() }
    try save("m.data", bytes(of: [3, -4]))
    // ‖(3, −4)‖ = 5
    #expect(try open(model(graph)).weights[0].values() == [3.0 / 5, -4.0 / 5])
  }

  @Test func `a shape whose numbers are missing cannot be told`() throws {
    defer { remove() }
    let shape = field(
      5,
      field(1, 2) + field(2, 7) + field(8, "s")
        + field(13, field(1, "location") + field(2, "m.data"))
        + field(14, 1))
    #expect(throws: FileProblem.self) { try open(model(node("Reshape", ["x", "s"], "y") + shape)) }
    try save("m.data", [1] + Array(repeating: 0, count: 7) + Array(repeating: 0xFF, count: 8))
    let read = try open(model(node("Reshape", ["x", "s"], "y") + shape))
    #expect(read.network.layers.last?.operation == .identity("flatten"))
  }

  @Test(arguments: ["/etc/passwd", "../m.data", "a/../../m.data", "", "a//b", "a\0b"])
  func `a name that leads out of the folder is refused`(location: String) throws {
    defer { remove() }
    let sentence = problem([("location", location)])
    #expect(sentence.contains("only files in the model's own folder are read"), "\(sentence)")
  }

  @Test func `a link that leads out of the folder is refused, one within is followed`() throws {
    defer { remove() }
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "out").path, withDestinationPath: "/etc/passwd")
    #expect(problem([("location", "out")]).contains("a link that leads out of the folder"))
    try save("m.data", bytes(of: [1, 2]))
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "in").path, withDestinationPath: "m.data")
    #expect(try open(outsideModel([("location", "in")])).weights[0].values() == [1, 2])
    #expect(problem([("location", ".")]).contains("is no file"))
  }

  @Test func `places are held to the file and to the shape`() throws {
    defer { remove() }
    try save("m.data", bytes(of: [1, 2]))
    #expect(
      problem([("location", "m.data"), ("offset", "1")]).contains("which has 8; it is cut off"))
    #expect(
      problem([("location", "m.data"), ("length", "4")])
        .contains("has 4 bytes in m.data, and its shape needs 8"))
    for number in ["-1", "x", "99999999999999999999", ""] {
      #expect(problem([("location", "m.data"), ("offset", number)]).contains("as the offset"))
    }
    #expect(problem([]).contains("does not say in which"))
    let huge = tensor(
      "w", [1 << 20, 1 << 20, 1 << 20, 2], field(13, field(1, "location") + field(2, "m.data")))
    #expect(throws: InterchangeError.self) {
      try open(model(node("Conv", ["x", "w"], "y") + huge))
    }
  }
}
