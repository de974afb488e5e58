internal import Interchange
internal import Tensors

/// Reads `.caffemodel` files: the blobs of a `NetParameter`'s layers, of the first version of the
/// message and of the second.
///
/// A layer's first blob is named `NAME.weight`, its second `NAME.bias`, others `NAME.2` and so on; those
/// of a batch normalization have PyTorch's names.
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
        for entry in try StoredLayer(bytes, in: range, isFirstVersion: field.number == 2)
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
private struct StoredLayer {
  var name = ""
  /// The type's name, of those whose blobs are not a weight and a bias.
  var type = ""
  var blobs: [Range<Int>] = []

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, isFirstVersion: Bool) throws {
    let (nameField, typeField, blobField) = isFirstVersion ? (4, 5, 6) : (1, 2, 7)
    var reader = ProtobufReader(bytes, in: range, of: "a Caffe layer")
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (nameField, .bytes(let text)):
        name = try protobufText(bytes, text, of: "a Caffe layer")
      case (typeField, .bytes(let text)) where !isFirstVersion:
        let special = ["InnerProduct", "BatchNorm", "BN", "Bias"]
        type = special.first { bytes[text].elementsEqual($0.utf8) } ?? ""
      case (typeField, .varint(14)) where isFirstVersion:
        type = "InnerProduct"
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
    let entries = try blobs.enumerated().map { index, range in
      let part = index < parts.count ? parts[index] : "\(index)"
      let blob = try CaffeBlob(
        file, bytes, in: range, of: "\(name.printable).\(part)")
      return WeightEntry(
        name: "\(name).\(part)", origin: file.path, block: blob.block,
        layout: StridedLayout(rowMajor: squeezed(blob.shape, isVector: isVector(part))),
        decoder: ElementDecoder(type: blob.type, byteOrder: .little))
    }
    guard type == "BatchNorm", entries.count == 3, entries[2].shape.count == 1 else {
      return entries
    }
    // The sums that were kept while training, and how much they are the sums of.
    let count = try entries[2].values()[0]
    return try entries.dropLast().map { sum in
      guard count != 1 else { return sum }
      let values = try sum.values().map { count == 0 ? 0 : $0 / count }
      return WeightEntry(name: sum.name, tensor: Tensor(shape: sum.shape, elements: values))
    }
  }

  /// What the blobs are called.
  private var parts: [String] {
    switch (type, blobs.count) {
    case ("BatchNorm", 3): ["running_mean", "running_var"]
    case ("BN", 4): ["weight", "bias", "running_mean", "running_var"]
    case ("Bias", 1): ["bias"]
    default: ["weight", "bias"]
    }
  }

  private func isVector(_ part: String) -> Bool {
    part == "bias" || parts.count > 2 || type == "BatchNorm"
  }

  /// The shape without the leading ones of the time when every blob had four dimensions: a bias is
  /// a list, and the weights of an inner product are a matrix.
  private func squeezed(_ shape: Shape, isVector: Bool) -> Shape {
    let rank = isVector ? 1 : type == "InnerProduct" ? 2 : shape.rank
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
      case (7, .bytes(let shape)):
        parts.extents = try ProtobufReader.integers(
          bytes, in: shape, field: 1, atMost: 32, of: subject)
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
        "\(subject) has \(counted(numbers.count, "number")), and its shape \(shape) needs \(shape.count)"
      )
    }
    block = ByteBlock(numbers.content(of: file))
  }

  private struct Parts {
    var legacy = [0, 0, 0, 0]
    var extents: [Int]?
    var floats = ProtobufNumbers()
    var doubles = ProtobufNumbers()
  }
}
