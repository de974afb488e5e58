internal import Tensors

/// Reads `.caffemodel` files: the blobs of a `NetParameter`'s layers, of the first version of the
/// message and of the second.
///
/// A layer's first blob is named `NAME.weight`, its second `NAME.bias`, others `NAME.2` and so on.
enum CaffeModelReader {
  static func read(_ file: FileContents) throws -> WeightFile {
    let entries = try file.withBytes { (bytes) throws in
      var entries: [WeightEntry] = []
      var names: Set<String> = []
      var net = ProtobufReader(bytes, in: 0..<bytes.count, of: "the Caffe model")
      while let field = try net.next() {
        guard case .bytes(let range) = field.value, [2, 100].contains(field.number) else {
          continue
        }
        for entry in try CaffeLayer(bytes, in: range, isFirstVersion: field.number == 2)
          .entries(file, bytes)
        {
          guard names.insert(entry.name).inserted else {
            throw InterchangeError("the Caffe model has \(entry.name.printable) twice")
          }
          entries.append(entry)
        }
      }
      return entries
    }
    guard !entries.isEmpty else {
      throw InterchangeError(
        "it is no weight file: read as a Caffe model, it has no layers with weights")
    }
    return try WeightFile(path: file.path, format: .caffemodel, entries: entries)
  }
}

/// A `LayerParameter`, or a `V1LayerParameter`: its name, its type and where its blobs are.
private struct CaffeLayer {
  var name = ""
  var isInnerProduct = false
  var blobs: [Range<Int>] = []

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, isFirstVersion: Bool) throws {
    let (nameField, typeField, blobField) = isFirstVersion ? (4, 5, 6) : (1, 2, 7)
    var reader = ProtobufReader(bytes, in: range, of: "a Caffe layer")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (nameField, .bytes(let text)):
        guard let text = String(validating: bytes[text], as: UTF8.self) else {
          throw InterchangeError("a Caffe layer has a name that is no UTF-8")
        }
        name = text
      case (typeField, .bytes(let text)) where !isFirstVersion:
        isInnerProduct = bytes[text].elementsEqual("InnerProduct".utf8)
      case (typeField, .varint(let kind)) where isFirstVersion:
        isInnerProduct = kind == 14
      case (blobField, .bytes(let blob)):
        guard blobs.count < 64 else {
          throw InterchangeError("the Caffe layer \(name.printable) has more than 64 blobs")
        }
        blobs.append(blob)
      default: break
      }
    }
  }

  func entries(_ file: FileContents, _ bytes: UnsafeRawBufferPointer) throws -> [WeightEntry] {
    try blobs.enumerated().map { index, range in
      let part = index == 0 ? "weight" : index == 1 ? "bias" : "\(index)"
      let blob = try CaffeBlob(
        file, bytes, in: range, of: "\(name.printable).\(part)")
      return WeightEntry(
        name: "\(name).\(part)", origin: file.path, block: blob.block,
        layout: StridedLayout(rowMajor: squeezed(blob.shape, isBias: index == 1)),
        decoder: ElementDecoder(type: blob.type, byteOrder: .little))
    }
  }

  /// The shape without the leading ones of the time when every blob had four dimensions: a bias is
  /// a list, and the weights of an inner product are a matrix.
  private func squeezed(_ shape: Shape, isBias: Bool) -> Shape {
    let rank = isBias ? 1 : isInnerProduct ? 2 : shape.rank
    guard shape.rank == 4, rank < 4, shape.dimensions.dropLast(rank).allSatisfy({ $0 == 1 }) else {
      return shape
    }
    return Shape(Array(shape.dimensions.suffix(rank)))
  }
}

/// A `BlobProto`: the shape and the numbers of one parameter of a Caffe layer.
struct CaffeBlob {
  let shape: Shape
  let type: ElementType
  let block: ByteBlock

  /// - Parameter subject: the layer's name, for messages.
  init(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String
  )
    throws
  {
    var parts = Parts()
    var reader = ProtobufReader(bytes, in: range, of: subject)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1...4, .varint(let extent)): parts.legacy[field.number - 1] = Int(clamping: extent)
      case (7, .bytes(let shape)): parts.extents = try Self.extents(bytes, shape, subject)
      case (5, .bytes(let packed)): try parts.floats.append(packed: packed, width: 4, subject)
      case (5, .fixed32(let value)): try parts.floats.append(single: value, width: 4, subject)
      case (8, .bytes(let packed)): try parts.doubles.append(packed: packed, width: 8, subject)
      case (8, .fixed64(let value)): try parts.doubles.append(single: value, width: 8, subject)
      default: break
      }
    }
    guard parts.floats.count == 0 || parts.doubles.count == 0 else {
      throw InterchangeError("\(subject) has data both as floats and as doubles")
    }
    let isDouble = parts.doubles.count > 0
    let numbers = isDouble ? parts.doubles : parts.floats
    type = isDouble ? .float64 : .float32
    shape = try Shape(parts.extents ?? parts.legacy, of: subject)
    guard shape.count == numbers.count else {
      throw InterchangeError(
        "\(subject) has \(numbers.count) numbers, and its shape \(shape) needs \(shape.count)")
    }
    block = ByteBlock(numbers.content(of: file))
  }

  private struct Parts {
    var legacy = [0, 0, 0, 0]
    var extents: [Int]?
    var floats = CaffeNumbers()
    var doubles = CaffeNumbers()
  }

  /// A `BlobShape`: its dimensions, packed or one by one.
  private static func extents(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ subject: String
  ) throws -> [Int] {
    var extents: [Int] = []
    var reader = ProtobufReader(bytes, in: range, of: subject)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .varint(let extent)): extents.append(Int(truncatingIfNeeded: extent))
      case (1, .bytes(let packed)):
        extents += try ProtobufReader.varints(bytes, in: packed, atMost: 32, of: subject)
          .map { Int(truncatingIfNeeded: $0) }
      default: break
      }
      guard extents.count <= 32 else {
        throw InterchangeError("\(subject) has more than 32 dimensions")
      }
    }
    return extents
  }
}

/// The places of a blob's numbers, which a writer may have packed or not.
private struct CaffeNumbers {
  private(set) var runs: [ByteRun] = []
  private(set) var count = 0

  mutating func append(packed range: Range<Int>, width: Int, _ subject: String) throws {
    guard range.count % width == 0 else {
      throw InterchangeError("\(subject) has \(range.count) bytes of numbers of \(width) bytes")
    }
    guard !range.isEmpty else { return }
    runs.append(
      ByteRun(
        start: range.lowerBound, elements: range.count / width, width: width, distance: width))
    count += range.count / width
  }

  /// Extends the last run where the number stands one key of a byte after the one before.
  mutating func append(single range: Range<Int>, width: Int, _ subject: String) throws {
    guard runs.count < 1000 else {
      throw InterchangeError("\(subject) has its numbers in more than 1000 pieces")
    }
    count += 1
    if let last = runs.last, last.distance == width + 1,
      last.start + last.elements * last.distance == range.lowerBound
    {
      runs[runs.count - 1] = ByteRun(
        start: last.start, elements: last.elements + 1, width: width, distance: width + 1)
    } else {
      runs.append(
        ByteRun(start: range.lowerBound, elements: 1, width: width, distance: width + 1))
    }
  }

  func content(of file: FileContents) -> ByteBlock.Content {
    if runs.count == 1, let run = runs.first, run.distance == run.width {
      return .stored(file, run.start..<run.start + run.elements * run.width)
    }
    return .runs(file, runs)
  }
}

/// Reads the fields of a protocol-buffer message one after another.
struct ProtobufReader {
  /// A field: its number, and its value by wire type.
  struct Field {
    let number: Int
    let value: Value
  }

  enum Value {
    /// An integer of variable length.
    case varint(UInt64)
    /// Eight or four bytes.
    case fixed64(Range<Int>)
    case fixed32(Range<Int>)
    /// A text, a message within, or packed numbers.
    case bytes(Range<Int>)
  }

  private var cursor: ByteCursor

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String) {
    cursor = ByteCursor(bytes, in: range, of: subject)
  }

  /// The next field, `nil` at the end of the message.
  mutating func next() throws(InterchangeError) -> Field? {
    guard cursor.rest > 0 else { return nil }
    let key = try varint()
    let number = Int(key >> 3)
    guard (1...0x1FFF_FFFF).contains(number) else {
      throw InterchangeError("\(cursor.subject) has a field of number \(number)")
    }
    let value: Value
    switch key & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try cursor.take(8))
    case 2: value = .bytes(try cursor.take(Int(clamping: try varint())))
    case 5: value = .fixed32(try cursor.take(4))
    default:
      throw InterchangeError(
        "\(cursor.subject) has a field of wire type \(key & 7), expected 0, 1, 2 or 5")
    }
    return Field(number: number, value: value)
  }

  private mutating func varint() throws(InterchangeError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let byte = try cursor.integer(UInt8.self)
      // The tenth byte holds the last bit.
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw InterchangeError("\(cursor.subject) has an integer of more than 64 bits")
  }

  /// The integers packed in a range.
  static func varints(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, atMost limit: Int, of subject: String
  ) throws(InterchangeError) -> [UInt64] {
    var reader = ProtobufReader(bytes, in: range, of: subject)
    var values: [UInt64] = []
    while reader.cursor.rest > 0 {
      guard values.count < limit else {
        throw InterchangeError("\(subject) has more than \(limit) numbers in a list")
      }
      values.append(try reader.varint())
    }
    return values
  }
}
