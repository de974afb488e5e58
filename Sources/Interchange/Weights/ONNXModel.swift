package import Interchange
internal import Tensors

/// What an `.onnx` file says: its graph of nodes, and the tensors that it keeps.
///
/// Names, attributes and places are read when it is opened; the numbers of tensors when they are asked for.
package struct ONNXModel: Sendable {
  package let path: String
  /// The version of the operators without a domain; 1 if the file names none.
  package let opset: Int
  package let graph: ONNXGraph
  /// Free text by name.
  package let metadata: [(key: String, value: String)]

  /// - Throws: ``InterchangeError`` if it is no ONNX model or is malformed.
  package init(_ file: FileContents) throws {
    self = try InterchangeError.naming(file.path) {
      try file.withBytes { (bytes) throws in try ONNXModel(file, bytes) }
    }
  }

  private init(_ file: FileContents, _ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { throw InterchangeError("it is empty") }
    guard Self.describes(bytes) else {
      throw InterchangeError(
        "it is no ONNX model: it does not begin with the version of that format")
    }
    var budget = Budget()
    var graph: ONNXGraph?
    var opset = 1
    var metadata: [(key: String, value: String)] = []
    var reader = ProtobufReader(bytes, in: 0..<bytes.count, of: "the ONNX model")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (7, .bytes(let range)):
        guard graph == nil else { throw InterchangeError("the ONNX model has two graphs") }
        graph = try ONNXGraph(file, bytes, in: range, &budget)
      case (8, .bytes(let range)):
        let (domain, version) = try Self.operators(bytes, range)
        if domain.isEmpty || domain == "ai.onnx" { opset = version }
      case (14, .bytes(let range)):
        try budget.take(1)
        metadata.append(try Self.entry(bytes, range))
      default: break
      }
    }
    guard let graph else { throw InterchangeError("the ONNX model has no graph") }
    (path, self.opset, self.graph, self.metadata) = (file.path, opset, graph, metadata)
  }

  /// Whether bytes begin as an ONNX model does: with the version of the format, then who made it, its
  /// domain, its version, its text, its graph, or its operators.
  static func describes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 2 && bytes[0] == 0x08 && (2...31).contains(bytes[1])
      && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2])
  }

  private static func operators(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws -> (domain: String, version: Int) {
    var (domain, version) = ("", 1)
    var reader = ProtobufReader(bytes, in: range, of: "the version of the operators")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): domain = try protobufText(bytes, text, of: "a set of operators")
      case (2, .varint(let number)): version = Int(clamping: number)
      default: break
      }
    }
    return (domain, version)
  }

  /// A text by name.
  static func entry(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(InterchangeError) -> (key: String, value: String) {
    var (key, value) = ("", "")
    var reader = ProtobufReader(bytes, in: range, of: "a text of the ONNX model")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): key = try protobufText(bytes, text, of: "the ONNX model")
      case (2, .bytes(let text)): value = String(decoding: bytes[text], as: UTF8.self)
      default: break
      }
    }
    return (key, value)
  }

  /// What a file may have of nodes, names and numbers outside of tensors, each of which takes memory.
  struct Budget {
    private var rest = 2_000_000
    /// The files beside the model, by the names that it has for them.
    private var companions: [String: ONNXCompanion] = [:]

    mutating func take(_ count: Int) throws(InterchangeError) {
      rest -= count
      guard rest >= 0 else {
        throw InterchangeError(
          "the ONNX model has more than 2,000,000 nodes, names and numbers outside of tensors")
      }
    }

    /// The file of this name beside the model.
    mutating func companion(
      of model: String, location: String, for subject: String
    ) throws(InterchangeError) -> ONNXCompanion {
      if let known = companions[location] { return known }
      guard companions.count < 1000 else {
        throw InterchangeError("the ONNX model keeps its numbers in more than 1000 files")
      }
      let new = try ONNXCompanion(of: model, location: location, for: subject)
      companions[location] = new
      return new
    }
  }
}

/// A graph: nodes that read and give values by name.
package struct ONNXGraph: Sendable {
  /// A value that goes in or out, and the extents that the file states.
  package struct Port: Sendable {
    package let name: String
    /// nil if the file says nothing of its shape.
    package let extents: [Extent]?
  }

  package enum Extent: Sendable, Equatable {
    case fixed(Int)
    /// Left open, under a name or none.
    case open(String)
  }

  package private(set) var name = ""
  package private(set) var nodes: [ONNXNode] = []
  /// The tensors that the file keeps.
  package private(set) var tensors: [WeightEntry] = []
  package private(set) var inputs: [Port] = []
  package private(set) var outputs: [Port] = []

  init(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>,
    _ budget: inout ONNXModel.Budget
  ) throws {
    var names: Set<String> = []
    var reader = ProtobufReader(bytes, in: range, of: "the graph")
    while let field = try reader.next() {
      guard case .bytes(let range) = field.value else { continue }
      try budget.take(1)
      switch field.number {
      case 1: nodes.append(try ONNXNode(file, bytes, in: range, &budget))
      case 2: name = try protobufText(bytes, range, of: "the graph")
      case 5:
        let entry = try ONNXTensorReader.entry(file, bytes, in: range, of: "the graph", &budget)
        guard names.insert(entry.name).inserted else {
          throw InterchangeError("the ONNX model has the tensor \(entry.name.printable) twice")
        }
        tensors.append(entry)
      case 11: inputs.append(try Port(bytes, in: range, &budget))
      case 12: outputs.append(try Port(bytes, in: range, &budget))
      case 15: throw InterchangeError("the ONNX model has sparse tensors, which are not read")
      default: break
      }
    }
    // Before version 4 of the format every tensor was an input too.
    inputs.removeAll { names.contains($0.name) }
  }
}

extension ONNXGraph.Port {
  init(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, _ budget: inout ONNXModel.Budget
  ) throws {
    var name = ""
    var extents: [ONNXGraph.Extent]?
    // ValueInfoProto: name 1, type 2; TypeProto: tensor 1; its shape 2; the shape's extents 1.
    var value = ProtobufReader(bytes, in: range, of: "an input or output")
    while let field = try value.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): name = try protobufText(bytes, text, of: "an input or output")
      case (2, .bytes(let type)):
        let subject = "the type of \(name.printable)"
        guard let tensor = try ProtobufReader.message(1, bytes, in: type, of: subject),
          let shape = try ProtobufReader.message(2, bytes, in: tensor, of: subject)
        else { continue }
        var all: [ONNXGraph.Extent] = []
        var reader = ProtobufReader(bytes, in: shape, of: subject)
        while let field = try reader.next() {
          guard case .bytes(let extent) = field.value, field.number == 1 else { continue }
          try budget.take(1)
          all.append(try Self.extent(bytes, extent, subject))
        }
        extents = all
      default: break
      }
    }
    (self.name, self.extents) = (name, extents)
  }

  private static func extent(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ subject: String
  ) throws -> ONNXGraph.Extent {
    var extent = ONNXGraph.Extent.open("")
    var reader = ProtobufReader(bytes, in: range, of: subject)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .varint(let number)): extent = .fixed(Int(truncatingIfNeeded: number))
      case (2, .bytes(let text)): extent = .open(try protobufText(bytes, text, of: subject))
      default: break
      }
    }
    // Nothing has no cells; old writers say 0 or −1 for what they leave open.
    if case .fixed(let number) = extent, number < 1 { return .open("") }
    return extent
  }
}
