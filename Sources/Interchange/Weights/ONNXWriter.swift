internal import Interchange
internal import Tensors

/// A graph that is to be written as an ONNX model: nodes in order, and tensors whose numbers are asked for
/// one after another.
package struct ONNXDraft {
  package enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Double)
    case text(String)
  }

  package struct Node {
    let type: String
    let name: String
    let inputs: [String]
    let output: String
    let attributes: [(name: String, value: Attribute)]

    package init(
      _ type: String, name: String, inputs: [String], output: String,
      attributes: [(name: String, value: Attribute)] = []
    ) {
      (self.type, self.name, self.inputs) = (type, name, inputs)
      (self.output, self.attributes) = (output, attributes)
    }
  }

  /// Floats, of which the file's own are read when they are written.
  package struct Tensor {
    let name: String
    let extents: [Int]
    let read: (_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

    package init(
      name: String, extents: [Int],
      read: @escaping (_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
    ) {
      (self.name, self.extents, self.read) = (name, extents, read)
    }

    var count: Int { extents.reduce(1, *) }
  }

  /// An input or output: a name for an extent leaves it open.
  package struct Port {
    let name: String
    let extents: [ONNXGraph.Extent]

    package init(_ name: String, _ extents: [ONNXGraph.Extent]) {
      (self.name, self.extents) = (name, extents)
    }
  }

  package var name: String
  package var nodes: [Node] = []
  package var tensors: [Tensor] = []
  /// Whole numbers, for shapes and places.
  package var numbers: [(name: String, values: [Int])] = []
  package var inputs: [Port] = []
  package var outputs: [Port] = []

  package init(name: String) { self.name = name }
}

extension ONNXDraft {
  /// The operators that are written are those of version 13, which everything since 2020 reads.
  private static let opset = 13
  private static let formatVersion = 7

  /// Writes the model; the file appears whole or not at all. Tensors pass through memory one at a time.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``, ``InterchangeError`` if the model would pass the 2 GB that
  ///   the format allows, and what reading a tensor throws.
  package func write(
    to path: String, metadata: [(key: String, value: String)] = []
  ) throws {
    var graph = ProtobufWriter()
    for node in nodes { graph.message(1) { write(node, to: &$0) } }
    graph.text(2, name)
    for (name, values) in numbers {
      graph.message(5) { tensor in
        tensor.varints(1, [values.count])
        tensor.varint(2, 7)
        tensor.text(8, name)
        tensor.bytes(9, values.flatMap { Int64($0).littleEndianBytes })
      }
    }
    for port in inputs { graph.message(11) { write(port, to: &$0) } }
    for port in outputs { graph.message(12) { write(port, to: &$0) } }
    let heads = tensors.map(head)
    let size = zip(tensors, heads).reduce(graph.bytes.count) { $0 + $1.1.count + 4 * $1.0.count }

    var model = ProtobufWriter()
    model.varint(1, Self.formatVersion)
    model.text(2, "convbook")
    for (key, value) in metadata {
      model.message(14) {
        $0.text(1, key)
        $0.text(2, value)
      }
    }
    model.message(8) {
      $0.text(1, "")
      $0.varint(2, Self.opset)
    }
    model.key(7, wireType: 2)
    model.append(varint: UInt64(size))
    guard model.bytes.count + size < 1 << 31 else {
      throw InterchangeError(
        "\(path) would have \(gigabytes(model.bytes.count + size)), and an ONNX model without other files "
          + "at most 2 GB")
    }
    let file = try AtomicFile(replacing: path)
    try file.append(model.bytes)
    try file.append(graph.bytes)
    for (tensor, head) in zip(tensors, heads) {
      try file.append(head)
      try tensor.read { floats in
        precondition(floats.count == tensor.count, "as many numbers as the shape has")
        try withLittleEndianBytes(of: floats) { try file.append($0) }
      }
    }
    try file.commit()
  }

  /// What stands before a tensor's numbers, the lengths included.
  private func head(of tensor: Tensor) -> [UInt8] {
    var fields = ProtobufWriter()
    fields.varints(1, tensor.extents)
    fields.varint(2, 1)
    fields.text(8, tensor.name)
    fields.key(9, wireType: 2)
    fields.append(varint: UInt64(4 * tensor.count))
    var message = ProtobufWriter()
    message.key(5, wireType: 2)
    message.append(varint: UInt64(fields.bytes.count + 4 * tensor.count))
    return message.bytes + fields.bytes
  }

  private func write(_ node: Node, to writer: inout ProtobufWriter) {
    for input in node.inputs { writer.text(1, input) }
    writer.text(2, node.output)
    writer.text(3, node.name)
    writer.text(4, node.type)
    for (name, value) in node.attributes {
      writer.message(5) { attribute in
        attribute.text(1, name)
        switch value {
        case .float(let number):
          attribute.key(2, wireType: 5)
          attribute.append(Float(number).bitPattern.littleEndianBytes)
          attribute.varint(20, 1)
        case .int(let number):
          attribute.varint(3, number)
          attribute.varint(20, 2)
        case .text(let text):
          attribute.text(4, text)
          attribute.varint(20, 3)
        case .ints(let numbers):
          for number in numbers { attribute.varint(8, number) }
          attribute.varint(20, 7)
        }
      }
    }
  }

  private func write(_ port: Port, to writer: inout ProtobufWriter) {
    writer.text(1, port.name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.varint(1, 1)
        tensor.message(2) { shape in
          for extent in port.extents {
            shape.message(1) { dimension in
              switch extent {
              case .fixed(let number): dimension.varint(1, number)
              case .open(let name): dimension.text(2, name)
              }
            }
          }
        }
      }
    }
  }
}

/// Writes the fields of a protocol-buffer message one after another.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func key(_ field: Int, wireType: Int) { append(varint: UInt64(field << 3 | wireType)) }

  mutating func varint(_ field: Int, _ value: Int) {
    key(field, wireType: 0)
    append(varint: UInt64(bitPattern: Int64(value)))
  }

  /// One field for each number.
  mutating func varints(_ field: Int, _ values: [Int]) {
    for value in values { varint(field, value) }
  }

  mutating func bytes(_ field: Int, _ content: [UInt8]) {
    key(field, wireType: 2)
    append(varint: UInt64(content.count))
    append(content)
  }

  mutating func text(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

  mutating func message(_ field: Int, _ build: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    build(&message)
    bytes(field, message.bytes)
  }
}
