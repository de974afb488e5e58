import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// What is said of ONNX models that are damaged, or of which the book can make nothing.
@Suite struct ONNXMistakeTests: ONNXWriting {
  // MARK: Mistakes

  @Test func `what is written here is read`() throws {
    let network = try read(model(relu)).network
    #expect(network.layers.map(\.name) == ["input", "y"])
    #expect(network.layers.last?.operation == .relu)
  }

  @Test func `a tensor that claims 10¹⁵ numbers is held to its bytes`() {
    let graph = node("Conv", ["x", "w"], "y")
    let many = tensor("w", [1_000_000, 1000, 1000, 1000], field(9, [0, 0, 0, 0]))
    #expect(problem(model(graph + many)).contains("has 1 number, and its shape"))
    let uncountable = tensor("w", [1 << 40, 1 << 40], [])
    #expect(problem(model(graph + uncountable)).contains("more cells than can be counted"))
    let ragged = tensor("w", [1], field(9, [0, 0, 0]))
    #expect(problem(model(graph + ragged)).contains("3 bytes of numbers of 4"))
  }

  @Test func `nodes that go in a circle are named`() {
    let circle =
      node("Add", ["x", "b"], "a", name: "first") + node("Relu", ["a"], "b", name: "second")
    let sentence = problem(model(circle, output: "b"))
    #expect(
      sentence.contains(
        "go in a circle: the node first (Add) reads the node second (Relu) reads the node first"))
  }

  @Test func `nodes may stand in any order`() throws {
    let network = try read(model(node("Relu", ["a"], "y") + node("Sigmoid", ["x"], "a"))).network
    #expect(network.layers.map(\.name) == ["input", "a", "y"])
  }

  @Test func `values that nothing gives, or two do`() {
    #expect(problem(model(node("Relu", ["z"], "y"))).contains("reads z, which nothing gives"))
    #expect(problem(model(relu + relu)).contains("which something else gives already"))
    #expect(problem(model(relu, output: "z")).contains("the output z is given by nothing"))
  }

  @Test func `sizes that are left open must be told`() throws {
    let open = model(relu, input: ["N", 1, "height", "width"])
    #expect(problem(open).contains("is (N, 1, height, width), and leaves its size open"))
    let read = try ONNXNetwork(FileContents(open, name: "m.onnx")) { _ in (nil, 7) }
    #expect(read.size == 7)
    #expect(
      problem(model(relu, input: [1, "channels", 4, 4])).contains("leaves its channels open"))
    #expect(problem(model(relu, input: [1, 1, 4, 4, 4])).contains("(batch, channels, length)"))
  }

  @Test func `an attribute of another type is named with its node`() {
    let text = field(1, "strides") + field(4, "2") + field(20, 3)
    let weights = tensor("w", [1, 1, 1, 1], field(9, [0, 0, 0, 0]))
    let conv = { attributes in
      problem(model(node("Conv", ["x", "w"], "y", name: "c", attributes: attributes) + weights))
    }
    #expect(
      conv([text]).contains("the node c (Conv) has a text as strides, expected whole numbers"))
    #expect(conv([ints("strides", [1])]).contains("strides [1], expected 2 numbers for 2 axes"))
    #expect(conv([ints("strides", [0, 1])]).contains("the stride is 0; it must be from 1"))
    #expect(conv([ints("kernel_shape", [3, 3])]).contains("and its weights are (1, 1, 1, 1)"))
    #expect(
      conv([field(1, "auto_pad") + field(4, "SAME")]).contains("expected NOTSET, SAME_UPPER"))
    #expect(conv([field(1, "group") + field(3, 2)]).contains("in 2 groups are for 2"))
  }

  @Test func `what a picture is too small for is told with the size that would do`() {
    let weights = tensor("w", [1, 1, 3, 3], field(9, [UInt8](repeating: 0, count: 36)))
    let two =
      node("MaxPool", ["x"], "a", attributes: [ints("kernel_shape", [3, 3])])
      + node("Conv", ["a", "w"], "y") + weights
    let sentence = problem(model(two))
    #expect(sentence.contains("layer y: no window fits"))
    #expect(sentence.contains("the picture needs at least 5 pixels each way"))
  }

  @Test(arguments: ["Concat", "Add"]) func `streams that do not meet are told with their sizes`(
    type: String
  ) {
    let axis = type == "Concat" ? [field(1, "axis") + field(3, 1) + field(20, 2)] : []
    let graph =
      node("MaxPool", ["x"], "a", attributes: [ints("kernel_shape", [2, 2])])
      + node(type, ["x", "a"], "y", name: "join", attributes: axis)
    let sentence = problem(model(graph))
    #expect(sentence.contains("layer join"), "\(sentence)")
    #expect(sentence.contains("the streams have different sizes, 4×4 and 3×3"), "\(sentence)")
  }

  @Test func `an operator that the book lacks is shown by its name, and so is what is around it`()
    throws
  {
    let graph =
      node("Relu", ["x"], "a", name: "before") + node("Rotate", ["a"], "b", name: "turn")
      + node("Relu", ["b"], "c", name: "after") + node("Add", ["c", "x"], "y", name: "sum")
    let read = try read(model(graph))
    #expect(read.network.layers.map(\.name) == ["input", "before", "turn", "after", "sum"])
    #expect(read.network.unknownLayer?.name == "turn")
    let rows = try NetworkTable(read.network, input: 4).rows
    #expect(rows.map { $0.output != nil } == [true, true, false, false, false])
    #expect(read.notes.count == 1)
    #expect(read.notes[0].hasPrefix("Rotate (turn) is no operation of the book"))
  }

  @Test func `several inputs, none, or operators of long ago`() {
    let second = model(node("Add", ["x", "z"], "y") + port(11, "z", [1, 1, 4, 4]))
    #expect(problem(second).contains("it has 2 inputs, z, x; networks with one picture"))
    #expect(problem(model(relu, opset: 6)).contains("operators' version 6, and those from 7 on"))
    let constant = node(
      "Constant", [], "y", attributes: [field(1, "value_int") + field(3, 1) + field(20, 2)])
    #expect(problem(model(constant)).contains("it has no input that anything reads"))
  }

  @Test func `files that are no model`() {
    #expect(problem([]).contains("it is empty"))
    #expect(problem(Array("hello".utf8)).contains("it is no ONNX model"))
    #expect(problem(field(1, 7) + field(2, "pytorch")).contains("has no graph"))
  }

  // MARK: Damage

  @Test func `cut at every byte it is refused or still a network`() throws {
    for name in ["conv", "shape arithmetic", "fields of their type"] {
      let whole = ONNXTests.named(name).model
      for count in 0..<whole.count { _ = try outcome(Array(whole[..<count])) }
    }
  }

  /// With `CONVBOOK_LONG_TESTS=1` for a minute.
  @Test func `models with flipped bits, lengths that lie and pieces lost do no harm`() throws {
    let isLong = ProcessInfo.processInfo.environment["CONVBOOK_LONG_TESTS"] == "1"
    let clock = ContinuousClock()
    let end = clock.now + .seconds(isLong ? 60 : 0)
    var random = SplitMix64(seed: 13)
    var read = 0
    repeat {
      for model in ONNXTests.cases {
        for _ in 0..<30 {
          var bytes = model.model
          for _ in 0..<random.integer(in: 1...3) {
            let place = random.integer(in: 0...bytes.count - 1)
            switch random.integer(in: 0...3) {
            case 0: bytes[place] ^= 1 << UInt8(random.integer(in: 0...7))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.integer(in: 0...4)]
            case 2:
              let end = min(place + random.integer(in: 1...8), bytes.count)
              if end - place < bytes.count { bytes.removeSubrange(place..<end) }
            default:
              // The largest number of variable length, where some number stands.
              let huge = [UInt8](repeating: 0xFF, count: 8) + [0x7F]
              bytes.replaceSubrange(place..<place + 1, with: huge)
            }
          }
          read += try outcome(bytes) ? 1 : 0
        }
      }
    } while clock.now < end
    // Damage in weights and names harms nothing.
    #expect(read > 100)
  }

  /// Whether the bytes were read; an error of another type than ours is thrown on.
  private func outcome(_ bytes: [UInt8]) throws -> Bool {
    do {
      let network = try ONNXNetwork(FileContents(bytes, name: "m.onnx")) { _ in (nil, nil) }
      _ = try NetworkTable(network.network, input: network.size)
      for weight in network.weights where weight.shape.count < 1 << 20 { _ = try weight.values() }
      return true
    } catch is InterchangeError {
      return false
    } catch let error where "\(type(of: error))" == "GeometryError" {
      return false
    }
  }

  @Test func `a line whose length is open is read as a line of the usual length`() throws {
    let relu = node("Relu", ["x"], "y")
    let bytes = model(relu, input: [1, 2, "length"])
    let line = try ONNXNetwork(FileContents(bytes, name: "m.onnx"), usual: 256)
    #expect(line.network.isOneDimensional && line.size == Size(height: 1, width: 256))
  }
}
