/// Reads one pickle as data.
///
/// Only the operations that a saved dict of tensors needs are understood, and only the globals of
/// ``PickleGlobal``; anything else is refused by name. The number of values is bounded, and nothing
/// recurses.
struct PickleReader {
  private(set) var pickle = Pickle()
  private var cursor: ByteCursor
  private var stack: [PickleValue] = []
  /// The heights of the stack where a MARK stands.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pushes = 0

  /// A dict of ten thousand tensors with an optimizer's state needs half of this.
  private static let mostValues = 1 << 20

  /// Reads the pickle at the beginning of a range.
  static func read(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) throws -> Pickle {
    var reader = PickleReader(bytes, in: range)
    while try reader.step() {}
    return reader.pickle
  }

  private init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
    cursor = ByteCursor(bytes, in: range, of: "its pickle")
  }

  /// Does the next operation; false after the last.
  private mutating func step() throws -> Bool {
    let place = cursor.position
    let code = try cursor.integer(UInt8.self)
    switch code {
    case Opcode.proto: try checkProtocol(try cursor.int(UInt8.self))
    case Opcode.stop: try finish()
    case Opcode.mark: marks.append(stack.count)
    case Opcode.none: try push(.none)
    case Opcode.newTrue: try push(.bool(true))
    case Opcode.newFalse: try push(.bool(false))
    case Opcode.binInt: try push(.int(try cursor.int(Int32.self)))
    case Opcode.binInt1: try push(.int(try cursor.int(UInt8.self)))
    case Opcode.binInt2: try push(.int(try cursor.int(UInt16.self)))
    case Opcode.long1: try push(try longInteger())
    case Opcode.binFloat:
      try push(.double(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    case Opcode.binUnicode: try push(try text(cursor.int(UInt32.self)))
    case Opcode.shortBinString: try push(try text(cursor.int(UInt8.self)))
    case Opcode.emptyTuple: try push(tuple([]))
    case Opcode.tuple: try push(tuple(try popToMark()))
    case Opcode.tuple1, Opcode.tuple2, Opcode.tuple3:
      let values = try pop(Int(code - Opcode.tuple1) + 1)
      try push(tuple(values))
    case Opcode.emptyList:
      pickle.sequences.append([])
      try push(.list(pickle.sequences.count - 1))
    case Opcode.append: try append(try pop(1))
    case Opcode.appends: try append(try popToMark())
    case Opcode.emptyDict: try push(newDict())
    case Opcode.setItem: try setItems(try pop(2))
    case Opcode.setItems: try setItems(try popToMark())
    case Opcode.binPut: memo[try cursor.int(UInt8.self)] = try top()
    case Opcode.longBinPut: memo[try cursor.int(UInt32.self)] = try top()
    case Opcode.binGet: try push(try recall(cursor.int(UInt8.self)))
    case Opcode.longBinGet: try push(try recall(cursor.int(UInt32.self)))
    case Opcode.global: try push(.global(try global()))
    case Opcode.binPersID: try push(try storage(try pop(1)[0]))
    case Opcode.reduce: try reduce()
    case Opcode.build: try build()
    default:
      let digits = String(code, radix: 16, uppercase: true)
      throw InterchangeError(
        "its pickle has the operation 0x\(digits) at byte \(place), which no saved dict of tensors "
          + "needs and which is refused")
    }
    return code != Opcode.stop
  }

  private func checkProtocol(_ version: Int) throws {
    guard (2...3).contains(version) else {
      throw InterchangeError(
        "its pickle has protocol \(version), expected 2, which torch.save uses unless told otherwise"
      )
    }
  }

  private mutating func finish() throws {
    let values = try pop(1)
    guard stack.isEmpty, marks.isEmpty else {
      throw InterchangeError("its pickle stops with \(stack.count + marks.count) values left over")
    }
    pickle.root = values[0]
    pickle.end = cursor.position
  }

  // MARK: The stack

  private mutating func push(_ value: PickleValue) throws {
    pushes += 1
    guard pushes <= Self.mostValues else {
      throw InterchangeError("its pickle has more than \(Self.mostValues) values")
    }
    stack.append(value)
  }

  /// The lowest height that may be popped to: values below a mark belong to it.
  private var floor: Int { marks.last ?? 0 }

  private func top() throws -> PickleValue {
    guard stack.count > floor, let value = stack.last else { throw underflow }
    return value
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - count >= floor else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let height = marks.popLast() else {
      throw InterchangeError(
        "its pickle needs a mark at byte \(cursor.position), and there is none")
    }
    defer { stack.removeLast(stack.count - height) }
    return Array(stack[height...])
  }

  private var underflow: InterchangeError {
    InterchangeError("its pickle takes more values than there are, at byte \(cursor.position)")
  }

  // MARK: Values

  private mutating func text(_ length: Int) throws -> PickleValue {
    guard let text = cursor.text(try cursor.take(length)) else {
      throw InterchangeError(
        "its pickle has a text that is no UTF-8, before byte \(cursor.position)")
    }
    return .text(text)
  }

  private mutating func longInteger() throws -> PickleValue {
    let range = try cursor.take(try cursor.int(UInt8.self))
    guard range.count <= 16 else {
      throw InterchangeError(
        "its pickle has an integer of \(range.count) bytes, at most 16 are read")
    }
    let bytes = cursor.bytes[range]
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    var (high, low): (UInt64, UInt64) = isNegative ? (.max, .max) : (0, 0)
    for byte in bytes.reversed() {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
    return range.count <= 8 ? .int(Int(Int64(bitPattern: low))) : .wideInt(high, low)
  }

  private mutating func tuple(_ values: [PickleValue]) -> PickleValue {
    pickle.sequences.append(values)
    return .tuple(pickle.sequences.count - 1)
  }

  private mutating func newDict() -> PickleValue {
    pickle.dicts.append([])
    return .dict(pickle.dicts.count - 1)
  }

  private mutating func append(_ values: [PickleValue]) throws {
    guard case .list(let number) = try top() else {
      throw InterchangeError("its pickle appends to a value that is no list")
    }
    pickle.sequences[number] += values
  }

  private mutating func setItems(_ values: [PickleValue]) throws {
    guard case .dict(let number) = try top(), values.count % 2 == 0 else {
      throw InterchangeError("its pickle sets items of a value that is no dict, or half of a pair")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      pickle.dicts[number].append((values[index], values[index + 1]))
    }
  }

  private func recall(_ number: Int) throws -> PickleValue {
    guard let value = memo[number] else {
      throw InterchangeError("its pickle recalls value \(number), which was never put")
    }
    return value
  }

  private mutating func global() throws -> PickleGlobal {
    let (module, name) = (try cursor.line(), try cursor.line())
    return try PickleGlobal(
      module: cursor.text(module) ?? "unreadable", name: cursor.text(name) ?? "unreadable")
  }

  // MARK: Tensors

  /// What a persistent id stands for: ('storage', type, key, location, count), and in old files a
  /// view (key, offset, count) or None.
  private mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
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
  private mutating func reduce() throws {
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
  private mutating func build() throws {
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

/// The operations that a saved dict of tensors consists of.
private enum Opcode {
  static let proto: UInt8 = 0x80
  static let stop = UInt8(ascii: ".")
  static let mark = UInt8(ascii: "(")
  static let none = UInt8(ascii: "N")
  static let newTrue: UInt8 = 0x88
  static let newFalse: UInt8 = 0x89
  static let binInt = UInt8(ascii: "J")
  static let binInt1 = UInt8(ascii: "K")
  static let binInt2 = UInt8(ascii: "M")
  static let long1: UInt8 = 0x8A
  static let binFloat = UInt8(ascii: "G")
  static let binUnicode = UInt8(ascii: "X")
  static let shortBinString = UInt8(ascii: "U")
  static let emptyTuple = UInt8(ascii: ")")
  static let tuple = UInt8(ascii: "t")
  static let tuple1: UInt8 = 0x85
  static let tuple2: UInt8 = 0x86
  static let tuple3: UInt8 = 0x87
  static let emptyList = UInt8(ascii: "]")
  static let append = UInt8(ascii: "a")
  static let appends = UInt8(ascii: "e")
  static let emptyDict = UInt8(ascii: "}")
  static let setItem = UInt8(ascii: "s")
  static let setItems = UInt8(ascii: "u")
  static let binPut = UInt8(ascii: "q")
  static let longBinPut = UInt8(ascii: "r")
  static let binGet = UInt8(ascii: "h")
  static let longBinGet = UInt8(ascii: "j")
  static let global = UInt8(ascii: "c")
  static let binPersID = UInt8(ascii: "Q")
  static let reduce = UInt8(ascii: "R")
  static let build = UInt8(ascii: "b")
}
