/// Storages, tensors and the calls that stand for them.
extension PickleReader {
  /// What a persistent id stands for: ('storage', type, key, location, count), and in old files a
  /// view (key, offset, count) or None.
  mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
    guard case .tuple(let number) = identifier else { throw badStorage }
    let parts = pickle.sequences[number]
    guard parts.count == 5 || parts.count == 6,
      case .text("storage") = parts[0], case .global(.storage(let type)) = parts[1],
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
    pickle.storages.append(
      PickledStorage(type: type, key: key, count: count, viewOffset: offset))
    return .storage(pickle.storages.count - 1)
  }

  private var badStorage: InterchangeError {
    InterchangeError("its pickle refers to data outside of it in a way that PyTorch does not")
  }

  /// Stands for the call of a global: the few calls that we know make data.
  mutating func reduce() throws {
    let values = try pop(2)
    guard case .global(let global) = values[0], case .tuple(let number) = values[1] else {
      throw InterchangeError("its pickle calls a value that cannot be called")
    }
    let arguments = pickle.sequences[number]
    switch global {
    case .orderedDict: try push(try orderedDict(arguments))
    case .rebuildTensor where arguments.count == 4,
      .rebuildTensorV2 where (6...7).contains(arguments.count):
      try push(try tensor(arguments))
    case .rebuildParameter where arguments.count == 3:
      guard case .tensor = arguments[0] else { throw badTensor }
      try push(arguments[0])
    case .storage, .rebuildTensor, .rebuildTensorV2, .rebuildParameter: throw badTensor
    }
  }

  private var badTensor: InterchangeError {
    InterchangeError("its pickle makes a tensor in a way that PyTorch does not")
  }

  private mutating func tensor(_ arguments: [PickleValue]) throws -> PickleValue {
    guard case .storage(let number) = arguments[0], case .int(let offset) = arguments[1],
      let extents = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3]),
      extents.count == strides.count, extents.count <= 64
    else { throw badTensor }
    pickle.tensors.append(
      PickledTensor(
        storage: pickle.storages[number], offset: offset, extents: extents, strides: strides))
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

  /// Attributes of a dict or a tensor, such as `_metadata`, are passed over.
  mutating func build() throws {
    _ = try pop(1)
    switch try top() {
    case .dict, .tensor: return
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
