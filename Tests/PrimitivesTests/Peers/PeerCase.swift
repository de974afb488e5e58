import ConvolutionArithmetic
import Foundation
import Interchange
import Primitives
import Tensors

/// One result of another program, from Fixtures/cases.json and Fixtures/arrays.npy, both written by
/// Fixtures/make.py.
struct PeerCase: Decodable {
  struct Place: Decodable {
    let shape: [Int]
    let at: Int
  }
  let op: String
  let by: String
  let arrays: [String: Place]
  let kernel: [Int]?
  let stride: [Int]?
  let padding: [Int]?
  let dilation: [Int]?
  let outputPadding: [Int]?
  let groups: Int?
  let rounding: String?
  let countIncludePad: Bool?
  let divisor: Int?
  let scale: [Int]?
  let alignCorners: Bool?
  let axis: Int?
  let reduction: String?

  private struct File: Decodable {
    let cases: [PeerCase]
  }

  static func all(_ op: String) throws -> [PeerCase] {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixture("cases.json")))
    return try JSONDecoder().decode(File.self, from: data).cases.filter { $0.op == op }
  }

  static let numbers: [Float] = {
    (try? NPYReader.read(path: fixture("arrays.npy")).exactly(Float.self)?.elements) ?? []
  }()

  private static func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  func tensor(_ name: String) -> Tensor<Float>? {
    guard let place = arrays[name] else { return nil }
    let shape = Shape(place.shape)
    return Tensor(shape: shape, elements: Array(Self.numbers[place.at..<(place.at + shape.count)]))
  }

  var x: Tensor<Float> { tensor("x")! }
  var w: Tensor<Float> { tensor("w")! }
  var y: Tensor<Float> { tensor("y")! }
  var bias: [Float]? { tensor("b")?.elements }
  var kernelSize: Size { size(kernel) }
  var strideSize: Size { size(stride) }
  var dilationSize: Size { size(dilation) }
  var sides: Padding {
    Padding(top: padding![0], left: padding![1], bottom: padding![2], right: padding![3])
  }

  func size(_ pair: [Int]?) -> Size {
    Size(height: pair![0], width: pair![1])
  }

  /// All parameters in one line, for a failure.
  var line: String {
    let sizes = [
      ("kernel", kernel), ("stride", stride), ("padding", padding), ("dilation", dilation),
      ("outputPadding", outputPadding), ("scale", scale),
    ].compactMap { name, value in value.map { "\(name) \($0)" } }
    let shapes = arrays.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shape)" }
    return (["\(by) \(op)"] + sizes + ["groups \(groups ?? 1)", rounding ?? ""] + shapes)
      .joined(separator: " ")
  }
}
