internal import Tensors

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
    do {
      shape = try Shape(validating: parts.extents ?? parts.legacy)
    } catch {
      throw InterchangeError("of \(subject): \(error.description)")
    }
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
