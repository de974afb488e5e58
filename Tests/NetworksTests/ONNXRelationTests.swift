import ConvolutionArithmetic
import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// Models in which maps take the sizes of others; see Fixtures/make-onnx-relations.py.
@Suite struct ONNXRelationTests: ONNXWriting {
  private static let file: WeightFile = {
    do {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/onnx-relations.safetensors").path
      return try WeightFile.open(path)
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  /// A model, read for a picture of one size.
  private func model(_ name: String, size: Size) throws -> ONNXNetwork {
    let bytes = try #require(Self.file["\(name).onnx"]).values().map { UInt8($0) }
    return try ONNXNetwork(FileContents(bytes, name: "m.onnx")) { _ in (nil, size) }
  }

  /// The sizes of pictures and of what onnxruntime makes of them; nil where it refuses.
  private func sizes(_ name: String) throws -> [(picture: Size, made: Size?)] {
    let entry = try #require(Self.file["\(name).sizes"])
    let numbers = try #require(try entry.wholeNumbers())
    var sizes: [(picture: Size, made: Size?)] = []
    for row in stride(from: 0, to: numbers.count, by: 4) {
      let made = Size(height: numbers[row + 2], width: numbers[row + 3])
      let picture = Size(height: numbers[row], width: numbers[row + 1])
      sizes.append((picture, made.height == 0 ? nil : made))
    }
    return sizes
  }

  @Test(
    arguments: ["resized", "cut", "center", "padded", "twice"].flatMap {
      ["\($0), old", "\($0), new"]
    }) func `the size of another map stays a relation, whatever size the model is read for`(
      name: String
    ) throws
  {
    let network = try model(name, size: Size(height: 51, width: 44)).network
    let (rows, columns) = (try network.fit(along: .height), try network.fit(along: .width))
    for (picture, made) in try sizes(name) {
      let goes =
        rows.passing.contains(picture.height) && columns.passing.contains(picture.width)
      #expect(goes == (made != nil), "\(picture)")
      guard let made else { continue }
      #expect(try network.shapes(input: picture).last?.size == made, "\(picture)")
      #expect(rows.same.contains(picture.height) == (made.height == picture.height), "\(picture)")
      #expect(columns.same.contains(picture.width) == (made.width == picture.width), "\(picture)")
    }
    // It runs on a picture of another size than that for which it was read.
    let read = try model(name, size: Size(height: 51, width: 44))
    let weights = try Dictionary(
      uniqueKeysWithValues: read.weights.map { ($0.name, try $0.tensor()) })
    let x = try #require(Self.file["\(name).x"]).tensor()
    let y = try #require(Self.file["\(name).y"]).tensor()
    let largest = y.elements.map(abs).max()!
    for result in [
      try read.network.forward(x, weights: weights),
      try FastNetwork(read.network, weights: WeightSource(weights), exact: true).forward(x),
    ] {
      #expect(result.difference(from: y, relative: 0, absolute: 1e-5 * largest) == nil)
    }
  }

  @Test(arguments: ["old", "new"])
  func `what follows no map is bound to its picture, and it is said`(
    exporter: String
  ) throws {
    let name = "three quarters, \(exporter)"
    for (picture, made) in try sizes(name).prefix(8) {
      #expect(try model(name, size: picture).network.shapes(input: picture).last?.size == made)
    }
    let network = try model(name, size: 48).network
    let wrong = #expect(throws: GeometryError.self) { try network.shapes(input: 52) }
    #expect(
      wrong?.description.contains(
        "is computed from the size of the picture, and here it is made for 48×48; a picture of "
          + "52×52 needs a run of its own") == true)
    let unknown = #expect(throws: GeometryError.self) { try network.fit() }
    #expect(unknown?.description.contains("which sizes fit is not known") == true)
  }

  @Test func `padding by a rule is followed at every size, and run at one`() throws {
    // ⌈n / 2⌉ cells come out of n: of odd sizes too they come back as large.
    let kernel = floats("w", [1, 1, 3, 3], Array(repeating: 1, count: 9))
    let graph =
      node(
        "Conv", ["x", "w"], "a",
        attributes: [ints("strides", [2, 2]), text("auto_pad", "SAME_UPPER")])
      + node("Resize", ["a", "", "f"], "y") + floats("f", [4], [1, 1, 2, 2]) + kernel
    let bytes = self.model(graph, input: [1, 1, "h", "w"])
    let network = try ONNXNetwork(FileContents(bytes, name: "m.onnx")) { _ in (nil, 8) }.network
    let fit = try network.fit()
    #expect(
      fit.passing.text == "every size from 1" && fit.same.text == "every multiple of 2 from 2")
    #expect(fit.growth == 0...1)
    #expect(throws: GeometryError.self) { try network.shapes(input: 9) }
  }

  @Test func `maps in rows lie behind each other, and are written so again`() throws {
    // The largest of the whole map, and the four numbers of its quarters.
    let graph =
      node("GlobalMaxPool", ["x"], "p") + node("Reshape", ["p", "row"], "a")
      + node(
        "MaxPool", ["x"], "q",
        attributes: [ints("kernel_shape", [2, 2]), ints("strides", [2, 2])])
      + node("Reshape", ["q", "row"], "b")
      + node("Concat", ["a", "b"], "y", attributes: [int("axis", 1)])
      + numbers("row", [0, -1, 1, 1])
    let read = try ONNXNetwork(FileContents(self.model(graph), name: "m.onnx"))
    #expect(read.notes == [])
    let x = Tensor<Float>.ramp([1, 1, 4, 4])
    let y = try read.network.forward(x, weights: [:])
    #expect(y.shape == [1, 5, 1, 1])
    #expect(y.elements == [(3, 3), (1, 1), (1, 3), (3, 1), (3, 3)].map { x[0, 0, $0.0, $0.1] })
    let other = #expect(throws: GeometryError.self) { try read.network.shapes(input: 6) }
    #expect(other?.description.contains("here it is made for 4×4") == true)
  }

  @Test func `a softmax over channels that are turned to the end is one over channels`() throws {
    let turn = ints("perm", [0, 3, 2, 1])
    let graph =
      node("Transpose", ["x"], "a", attributes: [turn])
      + node("Softmax", ["a"], "b", attributes: [int("axis", 3)])
      + node("Transpose", ["b"], "y", attributes: [turn])
    let network = try ONNXNetwork(
      FileContents(self.model(graph, opset: 11, input: [1, 3, 4, 5]), name: "m.onnx")
    ).network
    #expect(network.layers.dropFirst().map(\.operation) == [.softmax])
  }

  @Test func `PyTorch's local response normalization is one layer`() throws {
    // x / (1.5 + 0.02 · mean of x² over 3 channels)^0.75, the mean by a pool over three axes.
    let graph =
      node("Mul", ["x", "x"], "q") + node("Reshape", ["q", "s"], "r")
      + node("Pad", ["r", "p"], "d")
      + node(
        "AveragePool", ["d"], "m",
        attributes: [ints("kernel_shape", [3, 1, 1]), ints("strides", [1, 1, 1])])
      + node("Squeeze", ["m", "one"], "n") + node("Mul", ["n", "alpha"], "a")
      + node("Add", ["a", "k"], "b") + node("Pow", ["b", "beta"], "c")
      + node("Div", ["x", "c"], "y") + numbers("s", [1, 1, 4, 3, 3])
      + numbers("p", [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]) + numbers("one", [1])
      + floats("alpha", [1], [0.02]) + floats("k", [1], [1.5]) + floats("beta", [1], [0.75])
    let read = try ONNXNetwork(
      FileContents(self.model(graph, input: [1, 4, 3, 3]), name: "m.onnx"))
    #expect(read.notes == [])
    #expect(
      read.network.layers.last?.operation
        == .normalization(size: 3, alpha: Double(Float(0.02)), beta: 0.75, k: 1.5))
    #expect(read.network.layers.count == 2)
  }
}
