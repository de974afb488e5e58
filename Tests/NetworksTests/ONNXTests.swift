import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// Small ONNX models, and what onnxruntime computes with them; see Fixtures/make-onnx.py.
@Suite struct ONNXTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let model: [UInt8]
    let x: Tensor<Float>
    let y: Tensor<Float>
    var testDescription: String { name }

    /// The network at the size of its picture.
    func network() throws -> ONNXNetwork {
      try ONNXNetwork(FileContents(model, name: "\(name).onnx")) { [size = picture.size] _ in
        (nil, size)
      }
    }

    /// (batch, channels, height, width), also of lines and of vectors.
    var picture: Tensor<Float> {
      let extents = x.shape.dimensions
      let shape: Shape =
        switch extents.count {
        case 2: [extents[0], extents[1], 1, 1]
        case 3: [extents[0], extents[1], 1, extents[2]]
        default: x.shape
        }
      return Tensor(shape: shape, elements: x.elements)
    }
  }

  static let cases: [Case] = {
    do {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/onnx-cases.safetensors").path
      let file = try WeightFile.open(path)
      return try file.entries.filter { $0.name.hasSuffix(".onnx") }.map { entry in
        let name = String(entry.name.dropLast(".onnx".count))
        return Case(
          name: name, model: try entry.values().map { UInt8($0) },
          x: try file["\(name).x"]!.tensor(), y: try file["\(name).y"]!.tensor())
      }.sorted { $0.name < $1.name }
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  static func named(_ name: String) -> Case { cases.first { $0.name == name }! }

  @Test(arguments: cases) func `the numbers are onnxruntime's`(model: Case) throws {
    let read = try model.network()
    #expect(read.notes == [])
    let weights = try Dictionary(
      uniqueKeysWithValues: read.weights.map { ($0.name, try $0.tensor()) })
    let y = try read.network.forward(model.picture, weights: weights)
    let expected = Tensor(shape: y.shape, elements: model.y.elements)
    let largest = expected.elements.map(abs).max()!
    // Both compute in 32 bits, in another order.
    let difference = y.difference(from: expected, relative: 0, absolute: 1e-6 * max(1, largest))
    #expect(difference == nil)
  }
}
