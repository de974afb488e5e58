/// A value in a pickle. What may contain others is kept in the ``Pickle`` and referred to by number,
/// so that a value that contains itself, or a million lists in each other, does no harm.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer of 9 to 16 bytes: the upper and the lower 64 bits.
  case wideInt(UInt64, UInt64)
  case double(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dict(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
}

/// The few things outside of a pickle that it may refer to. None of them is ever called: each stands
/// for a piece of data that we know how to read.
enum PickleGlobal: Sendable {
  case orderedDict
  case rebuildTensor
  case rebuildTensorV2
  case rebuildParameter
  case storage(ElementType)

  init(module: String, name: String) throws(InterchangeError) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDict
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", let name) where Self.storages[name] != nil:
      self = .storage(Self.storages[name]!)
    default:
      throw InterchangeError(
        "its pickle refers to \(module.printable).\(name.printable), which is refused: only "
          + "tensors in dicts are read, and nothing is executed; save model.state_dict() alone")
    }
  }

  private static let storages: [String: ElementType] = [
    "BoolStorage": .bool, "ByteStorage": .uint8, "CharStorage": .int8, "ShortStorage": .int16,
    "IntStorage": .int32, "LongStorage": .int64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "FloatStorage": .float32, "DoubleStorage": .float64,
  ]
}

/// A block of numbers that a pickle refers to; the numbers stand elsewhere in the file.
struct PickledStorage: Sendable {
  let type: ElementType
  let key: String
  /// The number of elements of the whole block.
  let count: Int
  /// Where a view of the block begins, in elements.
  let viewOffset: Int
}

/// A tensor in a pickle: cells of a storage.
struct PickledTensor: Sendable {
  let storage: PickledStorage
  let offset: Int
  let extents: [Int]
  let strides: [Int]
}

/// A pickle that was read: its value, and everything in it.
struct Pickle: Sendable {
  var root: PickleValue = .none
  /// One past the pickle's last byte.
  var end = 0
  /// Tuples and lists by number.
  var sequences: [[PickleValue]] = []
  var dicts: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickledStorage] = []
  var tensors: [PickledTensor] = []

  /// The integers of a tuple or list.
  func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let number) = value else {
      guard case .list(let number) = value else { return nil }
      return integers(sequences[number])
    }
    return integers(sequences[number])
  }

  private func integers(_ values: [PickleValue]) -> [Int]? {
    var result: [Int] = []
    for value in values {
      guard case .int(let integer) = value else { return nil }
      result.append(integer)
    }
    return result
  }
}
