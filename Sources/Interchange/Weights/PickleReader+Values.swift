internal import Interchange

/// Texts, integers, and what contains other values.
extension PickleReader {
  mutating func text(_ length: Int) throws -> PickleValue {
    guard let text = cursor.text(try cursor.take(length)) else {
      throw InterchangeError(
        "its pickle has a text that is no UTF-8, before byte \(cursor.position)")
    }
    return .text(text)
  }

  /// A string of Python 2, which is a text if it can be one.
  mutating func bytesOrText(_ length: Int) throws -> PickleValue {
    cursor.text(try cursor.take(length)).map(PickleValue.text) ?? .other
  }

  mutating func longInteger(_ length: Int) throws -> PickleValue {
    let range = try cursor.take(length)
    guard range.count <= 16 else { return .other }
    let bytes = cursor.bytes[range]
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    var (high, low): (UInt64, UInt64) = isNegative ? (.max, .max) : (0, 0)
    for byte in bytes.reversed() {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
    return range.count <= 8 ? .int(Int(Int64(bitPattern: low))) : .wideInt(high, low)
  }

  mutating func tuple(_ values: [PickleValue]) -> PickleValue {
    pickle.sequences.append(values)
    return .tuple(pickle.sequences.count - 1)
  }

  mutating func list(_ values: [PickleValue]) -> PickleValue {
    pickle.sequences.append(values)
    return .list(pickle.sequences.count - 1)
  }

  /// What calling a value would make.
  mutating func newObject(of callee: PickleValue) -> PickleValue {
    let name =
      switch callee {
      case .global(.unknown(let name)): name
      case .global(.orderedDict): "collections.OrderedDict"
      case .object(let number): pickle.objects[number].name
      default: "an object"
      }
    pickle.objects.append(PickledObject(name: name))
    return .object(pickle.objects.count - 1)
  }

  mutating func newDict() -> PickleValue {
    pickle.dicts.append([])
    return .dict(pickle.dicts.count - 1)
  }

  mutating func append(_ values: [PickleValue]) throws {
    if case .object = try top() { return }
    guard case .list(let number) = try top() else {
      throw InterchangeError("its pickle appends to a value that is no list")
    }
    pickle.sequences[number] += values
  }

  mutating func setItems(_ values: [PickleValue]) throws {
    guard values.count % 2 == 0 else { throw noDict }
    let pairs = stride(from: 0, to: values.count, by: 2).map {
      (key: values[$0], value: values[$0 + 1])
    }
    switch try top() {
    case .dict(let number): pickle.dicts[number] += pairs
    case .object(let number): pickle.objects[number].items += pairs
    default: throw noDict
    }
  }

  private var noDict: InterchangeError {
    InterchangeError("its pickle sets items of a value that is no dict, or half of a pair")
  }

  mutating func global() throws -> PickleGlobal {
    let (module, name) = (try cursor.line(), try cursor.line())
    return PickleGlobal(
      module: cursor.text(module) ?? "unreadable", name: cursor.text(name) ?? "unreadable")
  }

  /// A global whose names lie on the stack.
  mutating func stackGlobal() throws -> PickleValue {
    let names = try pop(2)
    guard case .text(let module) = names[0], case .text(let name) = names[1] else {
      throw InterchangeError("its pickle names a global by something that is no text")
    }
    return .global(PickleGlobal(module: module, name: name))
  }

  /// What Python's registry of extensions has under a number, which only the writer knew.
  func registered(_ number: Int) throws -> PickleValue {
    .global(.unknown("copyreg extension \(number)"))
  }
}

/// Storages, tensors and the calls that stand for them.
extension PickleReader {
  /// What a persistent id stands for: ('storage', type, key, location, count), and in old files a
  /// view (key, offset, count) or None.
  ///
  /// A storage of a type that is not read is an object; so is what old files refer to as a module.
  mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
    guard case .tuple(let number) = identifier else { throw badStorage }
    let parts = pickle.sequences[number]
    if case .text("module") = parts.first { return parts.count > 1 ? parts[1] : .other }
    guard parts.count == 5 || parts.count == 6,
      case .text("storage") = parts[0], case .global(let global) = parts[1],
      case .text(let key) = parts[2], case .text = parts[3], case .int(let count) = parts[4],
      count >= 0
    else { throw badStorage }
    var offset = 0
    if parts.count == 6, case .tuple(let view) = parts[5] {
      let view = pickle.sequences[view]
      guard view.count == 3, case .int(let start) = view[1], (0...count).contains(start) else {
        throw badStorage
      }
      offset = start
    }
    let type: ElementType
    switch global {
    case .storage(let stated): type = stated
    case .untypedStorage: type = .uint8
    case .unknown(let name):
      pickle.unreadStorages[key] = PickleGlobal.unreadWidths[name]
      return newObject(of: parts[1])
    default: return newObject(of: parts[1])
    }
    pickle.storages.append(
      PickledStorage(type: type, key: key, count: count, viewOffset: offset))
    return .storage(pickle.storages.count - 1)
  }

  private var badStorage: InterchangeError {
    InterchangeError("its pickle refers to data outside of it in a way that PyTorch does not")
  }

  /// Stands for the call of a global: the few that we know make data, and any other an object.
  mutating func reduce() throws {
    let values = try pop(2)
    try push(try called(values[0], values[1]))
  }

  private mutating func called(
    _ callee: PickleValue, _ parameters: PickleValue
  ) throws -> PickleValue {
    guard case .tuple(let number) = parameters else {
      throw InterchangeError("its pickle calls a value with arguments that are no tuple")
    }
    let arguments = pickle.sequences[number]
    switch callee {
    case .global(.orderedDict): return try orderedDict(arguments)
    case .global(.rebuildTensor) where arguments.count == 4,
      .global(.rebuildTensorV2) where (6...7).contains(arguments.count):
      return try tensor(arguments, type: nil)
    case .global(.rebuildTensorV3) where (7...8).contains(arguments.count):
      guard case .global(.dtype(let type)) = arguments[6] else { return unusable(arguments[6]) }
      return try tensor(arguments, type: type)
    case .global(.rebuildParameter) where (3...4).contains(arguments.count):
      switch arguments[0] {
      case .tensor, .object: return arguments[0]
      default: throw badTensor
      }
    // The function, the class, the function's arguments, and attributes. The function is none of these
    // two again: nothing recurses.
    case .global(.rebuildFromType) where arguments.count == 4:
      switch arguments[0] {
      case .global(.rebuildTensor), .global(.rebuildTensorV2), .global(.rebuildTensorV3):
        return try called(arguments[0], arguments[2])
      default: return unusable(arguments[0])
      }
    case .global(.unknown), .object: return newObject(of: callee)
    case .global: throw badTensor
    default: throw InterchangeError("its pickle calls a value that cannot be called")
    }
  }

  private var badTensor: InterchangeError {
    InterchangeError("its pickle makes a tensor in a way that PyTorch does not")
  }

  /// A tensor of a kind that is not read: it harms only where it is needed.
  private mutating func unusable(_ kind: PickleValue) -> PickleValue {
    var name = "an unknown type"
    switch kind {
    case .global(.unknown(let global)): name = global
    case .object(let number): name = pickle.objects[number].name
    default: break
    }
    pickle.objects.append(PickledObject(name: "\(PickledObject.tensor) of \(name)"))
    return .object(pickle.objects.count - 1)
  }

  private mutating func tensor(
    _ arguments: [PickleValue], type: ElementType?
  ) throws -> PickleValue {
    if case .object = arguments[0] { return unusable(arguments[0]) }
    guard case .storage(let number) = arguments[0], case .int(let offset) = arguments[1],
      let extents = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3]),
      extents.count == strides.count, extents.count <= 64
    else { throw badTensor }
    var storage = pickle.storages[number]
    if let type {
      // Its size was stated in bytes.
      guard storage.type == .uint8, storage.count % type.byteCount == 0, storage.viewOffset == 0
      else { throw badTensor }
      storage = PickledStorage(
        type: type, key: storage.key, count: storage.count / type.byteCount, viewOffset: 0)
    }
    pickle.tensors.append(
      PickledTensor(storage: storage, offset: offset, extents: extents, strides: strides))
    return .tensor(pickle.tensors.count - 1)
  }

  /// An ordered dict: empty, or as Python 2 makes it from one list of pairs.
  private mutating func orderedDict(_ arguments: [PickleValue]) throws -> PickleValue {
    let dict = newDict()
    guard let first = arguments.first else { return dict }
    guard arguments.count == 1, case .list(let pairs) = first, case .dict(let number) = dict else {
      throw InterchangeError(
        "its pickle makes an OrderedDict of something that is no list of pairs")
    }
    for pair in pickle.sequences[pairs] {
      guard let values = pair.sequence.map({ pickle.sequences[$0] }), values.count == 2 else {
        throw InterchangeError("its pickle makes an OrderedDict of a list with more than pairs")
      }
      pickle.dicts[number].append((values[0], values[1]))
    }
    return dict
  }

  /// Attributes, such as the `_metadata` of a dict, are passed over.
  mutating func build() throws {
    _ = try pop(1)
    switch try top() {
    case .dict, .tensor, .object: return
    default: throw InterchangeError("its pickle gives attributes to a value that has none")
    }
  }
}

extension PickleValue {
  /// The number of a tuple or list.
  fileprivate var sequence: Int? {
    switch self {
    case .tuple(let number), .list(let number): number
    default: nil
    }
  }
}
