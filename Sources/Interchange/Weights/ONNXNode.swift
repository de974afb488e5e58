package import Interchange
internal import Tensors

/// A node of an ONNX graph: an operator, what it reads and gives, and its attributes.
package struct ONNXNode: Sendable {
  package private(set) var name = ""
  /// `Conv`, `MaxPool`.
  package private(set) var type = ""
  /// Empty for ONNX's own operators.
  package private(set) var domain = ""
  /// The names of what it reads; empty for an optional input that is left out.
  package private(set) var inputs: [String] = []
  package private(set) var outputs: [String] = []
  private var attributes: [String: ONNXAttribute] = [:]

  init(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>,
    _ budget: inout ONNXModel.Budget
  ) throws {
    var reader = ProtobufReader(bytes, in: range, of: "a node")
    while let field = try reader.next() {
      guard case .bytes(let range) = field.value else { continue }
      try budget.take(1)
      switch field.number {
      case 1: inputs.append(try protobufText(bytes, range, of: "a node"))
      case 2: outputs.append(try protobufText(bytes, range, of: "a node"))
      case 3: name = try protobufText(bytes, range, of: "a node")
      case 4: type = try protobufText(bytes, range, of: "a node")
      case 5:
        let (name, attribute) = try ONNXAttribute.named(
          file, bytes, in: range, of: "a node", &budget)
        guard attributes.updateValue(attribute, forKey: name) == nil else {
          throw InterchangeError(
            "a node \(type.printable) has the attribute \(name.printable) twice")
        }
      case 7: domain = try protobufText(bytes, range, of: "a node")
      default: break
      }
    }
    guard !type.isEmpty else { throw InterchangeError("a node of the graph has no operator") }
    if domain == "ai.onnx" { domain = "" }
  }

  /// A node that gives the same outputs by another operator with these attributes, called after the module
  /// that it is in, if it is in one.
  package func replaced(
    by type: String, reading inputs: [String], ints: [String: Int] = [:],
    floats: [String: Double] = [:]
  ) -> ONNXNode {
    var node = self
    (node.type, node.inputs) = (type, inputs)
    node.attributes = ints.mapValues { .int($0) }
    for (name, number) in floats { node.attributes[name] = .float(Float(number)) }
    if let slash = name.lastIndex(of: "/"), slash > name.startIndex {
      node.name = String(name[..<slash])
    }
    return node
  }

  /// `the node conv1 (Conv)`
  package var subject: String {
    let title = name.isEmpty ? outputs.first ?? "" : name
    return title.isEmpty
      ? "a node \(type.printable)" : "the node \(title.printable) (\(type.printable))"
  }

  /// The name of an input, nil if it is left out.
  package func input(_ index: Int) -> String? {
    inputs.indices.contains(index) && !inputs[index].isEmpty ? inputs[index] : nil
  }

  package func int(_ name: String) throws(InterchangeError) -> Int? {
    try value(name, "a whole number") { if case .int(let number) = $0 { number } else { nil } }
  }

  package func float(_ name: String) throws(InterchangeError) -> Double? {
    try value(name, "a number") { if case .float(let number) = $0 { Double(number) } else { nil } }
  }

  package func text(_ name: String) throws(InterchangeError) -> String? {
    try value(name, "a text") { if case .text(let text) = $0 { text } else { nil } }
  }

  package func ints(_ name: String) throws(InterchangeError) -> [Int]? {
    try value(name, "whole numbers") { if case .ints(let numbers) = $0 { numbers } else { nil } }
  }

  package func floats(_ name: String) throws(InterchangeError) -> [Double]? {
    try value(name, "numbers") {
      if case .floats(let numbers) = $0 { numbers.map(Double.init) } else { nil }
    }
  }

  package func tensor(_ name: String) throws(InterchangeError) -> WeightEntry? {
    try value(name, "a tensor") { if case .tensor(let entry) = $0 { entry } else { nil } }
  }

  private func value<Value>(
    _ name: String, _ expected: String, _ read: (ONNXAttribute) -> Value?
  ) throws(InterchangeError) -> Value? {
    guard let attribute = attributes[name] else { return nil }
    guard let value = read(attribute) else {
      throw InterchangeError("\(subject) has \(attribute.kind) as \(name), expected \(expected)")
    }
    return value
  }
}

/// What an attribute of a node holds.
private enum ONNXAttribute: Sendable {
  case int(Int)
  case float(Float)
  case text(String)
  case tensor(WeightEntry)
  case ints([Int])
  case floats([Float])
  /// What no operator that is read here needs: a graph, texts, tensors.
  case other

  var kind: String {
    switch self {
    case .int: "a whole number"
    case .float: "a number"
    case .text: "a text"
    case .tensor: "a tensor"
    case .ints: "whole numbers"
    case .floats: "numbers"
    case .other: "something else"
    }
  }

  static func named(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of owner: String,
    _ budget: inout ONNXModel.Budget
  ) throws -> (name: String, attribute: ONNXAttribute) {
    var (name, stated) = ("", 0)
    var single: ONNXAttribute?
    var ints: [Int] = []
    var floats: [Float] = []
    var reader = ProtobufReader(bytes, in: range, of: "an attribute of \(owner)")
    func float(_ place: Int) -> Float {
      Float(
        bitPattern: UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    }
    while let field = try reader.next() {
      let subject = "the attribute \(name.printable)"
      switch (field.number, field.value) {
      case (1, .bytes(let text)): name = try protobufText(bytes, text, of: "an attribute")
      case (2, .fixed32(let place)): single = .float(float(place.lowerBound))
      case (3, .varint(let number)): single = .int(Int(truncatingIfNeeded: number))
      case (4, .bytes(let text)):
        // A text may be any bytes; whoever needs it finds that it is none.
        single = String(validating: bytes[text], as: UTF8.self).map { .text($0) } ?? .other
      case (5, .bytes(let tensor)):
        single = .tensor(
          try ONNXTensorReader.entry(
            file, bytes, in: tensor, of: "\(subject) of \(owner)", &budget))
      case (7, .fixed32(let place)): floats.append(float(place.lowerBound))
      case (7, .bytes(let packed)):
        guard packed.count % 4 == 0 else {
          throw InterchangeError("\(subject) has \(packed.count) bytes of numbers of 4 bytes")
        }
        try budget.take(packed.count / 4)
        floats += stride(from: packed.lowerBound, to: packed.upperBound, by: 4).map(float)
      case (8, let value): try value.append(to: &ints, bytes, atMost: 1 << 20, of: subject)
      case (20, .varint(let number)): stated = Int(clamping: number)
      default: break
      }
    }
    try budget.take(ints.count + floats.count + 1)
    let attribute: ONNXAttribute =
      switch stated {
      case 6: .floats(floats)
      case 7: .ints(ints)
      case 5, 8...15: .other
      // A number that is 0 may be left out, as may be an empty text.
      case 1: single ?? .float(0)
      case 2: single ?? .int(0)
      case 3: single ?? .text("")
      default:
        single ?? (ints.isEmpty ? floats.isEmpty ? .other : .floats(floats) : .ints(ints))
      }
    return (name, attribute)
  }
}
