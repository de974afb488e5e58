internal import Interchange

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
  /// Bytes, a set, a number of more than 16 bytes: nothing that a tensor is made of.
  case other
  /// What a call would have made that is not known here, and was not done: of the ``Pickle/objects``.
  case object(Int)
}

/// What a pickle refers to by name. None of it is ever called or looked for: the few names that are
/// known stand for data that we know how to read, and all others for a value that stays closed.
enum PickleGlobal: Sendable {
  case orderedDict
  case rebuildTensor
  case rebuildTensorV2
  case rebuildTensorV3
  case rebuildParameter
  case rebuildFromType
  case storage(ElementType)
  /// Bytes whose type is said by the tensor.
  case untypedStorage
  case dtype(ElementType)
  /// Anything else, under its full name.
  case unknown(String)

  init(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDict
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorV3
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch._tensor", "_rebuild_from_type_v2"): self = .rebuildFromType
    case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .untypedStorage
    case ("torch", let name) where Self.storages[name] != nil:
      self = .storage(Self.storages[name]!)
    case ("torch", let name) where Self.dtypes[name] != nil: self = .dtype(Self.dtypes[name]!)
    default: self = .unknown("\(module).\(name)")
    }
  }

  private static let storages: [String: ElementType] = [
    "BoolStorage": .bool, "ByteStorage": .uint8, "CharStorage": .int8, "ShortStorage": .int16,
    "IntStorage": .int32, "LongStorage": .int64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "FloatStorage": .float32, "DoubleStorage": .float64,
  ]

  /// The bytes of an element of storages that are not read, but behind which others may stand.
  static let unreadWidths: [String: Int] = [
    "torch.ComplexHalfStorage": 4, "torch.ComplexFloatStorage": 8,
    "torch.ComplexDoubleStorage": 16, "torch.QInt8Storage": 1, "torch.QUInt8Storage": 1,
    "torch.QInt32Storage": 4, "torch.QUInt4x2Storage": 1, "torch.QUInt2x4Storage": 1,
  ]

  private static let dtypes: [String: ElementType] = [
    "bool": .bool, "uint8": .uint8, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64,
    "int8": .int8, "int16": .int16, "int32": .int32, "int64": .int64,
    "float8_e5m2": .float8e5m2, "float8_e4m3fn": .float8e4m3,
    "float16": .float16, "bfloat16": .bfloat16, "float32": .float32, "float64": .float64,
  ]
}

/// A value that was not made, since nothing is called.
struct PickledObject: Sendable {
  /// What the name of a tensor begins with that cannot be read.
  static let tensor = "a tensor"

  /// What would have made it: `argparse.Namespace`
  let name: String
  /// What was put into it, where it is a dict of some kind.
  var items: [(key: PickleValue, value: PickleValue)] = []

  /// Whether it would have been a tensor.
  var isTensor: Bool { name.hasPrefix(Self.tensor) || name.hasPrefix("torch._utils._rebuild_") }
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
  /// The bytes of an element of the storages that are not read, by key.
  var unreadStorages: [String: Int] = [:]
  var tensors: [PickledTensor] = []
  var objects: [PickledObject] = []

  /// What a dict holds, or an object that is a dict of some kind; nil for other values.
  func items(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    switch value {
    case .dict(let number): dicts[number]
    case .object(let number) where !objects[number].items.isEmpty: objects[number].items
    default: nil
    }
  }

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

/// The operations of protocols 2 to 5, without those of protocol 0 in text and of its classes.
enum PickleOpcode: UInt8 {
  // Numbers, texts and bytes
  case nothing = 0x4E, newTrue = 0x88, newFalse = 0x89, binInt = 0x4A, binInt1 = 0x4B,
    binInt2 = 0x4D, long1 = 0x8A, long4 = 0x8B, binFloat = 0x47, binUnicode = 0x58,
    shortBinUnicode = 0x8C, binUnicode8 = 0x8D, binString = 0x54, shortBinString = 0x55,
    binBytes = 0x42, shortBinBytes = 0x43, binBytes8 = 0x8E, byteArray8 = 0x96
  // What holds others
  case emptyTuple = 0x29, tuple = 0x74, tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87,
    emptyList = 0x5D, list = 0x6C, append = 0x61, appends = 0x65, emptyDict = 0x7D, dict = 0x64,
    setItem = 0x73, setItems = 0x75, emptySet = 0x8F, addItems = 0x90, frozenSet = 0x91
  // The stack and the memo
  case proto = 0x80, frame = 0x95, stop = 0x2E, mark = 0x28, pop = 0x30, popMark = 0x31,
    duplicate = 0x32, binPut = 0x71, longBinPut = 0x72, memoize = 0x94, binGet = 0x68,
    longBinGet = 0x6A
  // Globals and what is called
  case global = 0x63, stackGlobal = 0x93, ext1 = 0x82, ext2 = 0x83, ext4 = 0x84,
    binPersID = 0x51, reduce = 0x52, build = 0x62, object = 0x6F, newObject = 0x81,
    newObjectEx = 0x92
}
