import Interchange
import Networks

/// Small ONNX models, written field by field, and what is said of them.
protocol ONNXWriting {}

extension ONNXWriting {
  /// A field that holds bytes: a text, or a message within.
  func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(content.count) + content
  }

  func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }

  func varint(_ value: Int) -> [UInt8] { varint(UInt64(bitPattern: Int64(value))) }

  func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + varint(value >> 7)
  }

  func node(
    _ type: String, _ inputs: [String], _ output: String, name: String = "",
    attributes: [[UInt8]] = []
  ) -> [UInt8] {
    field(
      1,
      inputs.flatMap { field(1, $0) } + field(2, output) + (name.isEmpty ? [] : field(3, name))
        + field(4, type) + attributes.flatMap { field(5, $0) })
  }

  func ints(_ name: String, _ values: [Int]) -> [UInt8] {
    field(1, name) + values.flatMap { field(8, $0) } + field(20, 7)
  }

  func tensor(_ name: String, _ extents: [Int], _ more: [UInt8]) -> [UInt8] {
    field(5, extents.flatMap { field(1, $0) } + field(2, 1) + field(8, name) + more)
  }

  /// An input (11) or output (12); a text is an extent that is left open.
  func port(_ number: Int, _ name: String, _ extents: [Any]) -> [UInt8] {
    let dimensions = extents.flatMap { extent -> [UInt8] in
      if let extent = extent as? Int { return field(1, field(1, extent)) }
      return field(1, field(2, extent as! String))
    }
    return field(number, field(1, name) + field(2, field(1, field(1, 1) + field(2, dimensions))))
  }

  func model(
    _ graph: [UInt8], opset: Int = 13, input: [Any] = [1, 1, 4, 4], output: String = "y"
  ) -> [UInt8] {
    field(1, 7)
      + field(7, graph + port(11, "x", input) + port(12, output, [])) + field(8, field(2, opset))
  }

  /// A whole number, a float or a text as an attribute of a node.
  func int(_ name: String, _ value: Int) -> [UInt8] {
    field(1, name) + field(3, value) + field(20, 2)
  }

  func text(_ name: String, _ value: String) -> [UInt8] {
    field(1, name) + field(4, value) + field(20, 3)
  }

  /// Whole numbers of 64 bits, or floats, within the model.
  func numbers(_ name: String, _ values: [Int], extents: [Int]? = nil) -> [UInt8] {
    field(
      5,
      (extents ?? [values.count]).flatMap { field(1, $0) } + field(2, 7) + field(8, name)
        + field(
          9,
          values.flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
          }))
  }

  func floats(_ name: String, _ extents: [Int], _ values: [Float]) -> [UInt8] {
    tensor(name, extents, field(9, bytes(of: values)))
  }

  func bytes(of values: [Float]) -> [UInt8] {
    values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
  }

  func read(_ bytes: [UInt8]) throws -> ONNXNetwork {
    try ONNXNetwork(FileContents(bytes, name: "m.onnx"))
  }

  func problem(_ bytes: [UInt8]) -> String {
    do {
      _ = try read(bytes)
      return "nothing was wrong"
    } catch { return "\(error)" }
  }

  var relu: [UInt8] { node("Relu", ["x"], "y") }
}
