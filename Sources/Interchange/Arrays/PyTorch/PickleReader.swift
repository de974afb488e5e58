/// Reads one pickle as data.
///
/// Only the operations that a saved dict of tensors needs are understood, and only the globals of
/// ``PickleGlobal``; anything else is refused by name. The number of values is bounded, and nothing
/// recurses.
struct PickleReader {
  var pickle = Pickle()
  var cursor: ByteCursor
  private var stack: [PickleValue] = []
  /// The heights of the stack where a MARK stands.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pushes = 0

  /// A dict of ten thousand tensors with an optimizer's state needs half of this.
  static let mostValues = 1 << 20
  private let limit: Int

  /// Reads the pickle at the beginning of a range, of at most `limit` values.
  static func read(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, limit: Int = mostValues
  ) throws -> Pickle {
    var reader = PickleReader(bytes, in: range, limit: limit)
    while try reader.step() {}
    return reader.pickle
  }

  private init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, limit: Int) {
    self.limit = limit
    cursor = ByteCursor(bytes, in: range, of: "its pickle")
  }

  /// Does the next operation; false after the last.
  private mutating func step() throws -> Bool {
    let place = cursor.position
    let code = try cursor.integer(UInt8.self)
    switch code {
    case PickleOpcode.proto: try checkProtocol(try cursor.int(UInt8.self))
    case PickleOpcode.stop: try finish()
    case PickleOpcode.mark: marks.append(stack.count)
    case PickleOpcode.none: try push(.none)
    case PickleOpcode.newTrue: try push(.bool(true))
    case PickleOpcode.newFalse: try push(.bool(false))
    case PickleOpcode.binInt: try push(.int(try cursor.int(Int32.self)))
    case PickleOpcode.binInt1: try push(.int(try cursor.int(UInt8.self)))
    case PickleOpcode.binInt2: try push(.int(try cursor.int(UInt16.self)))
    case PickleOpcode.long1: try push(try longInteger())
    case PickleOpcode.binFloat:
      try push(.double(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    case PickleOpcode.binUnicode: try push(try text(cursor.int(UInt32.self)))
    case PickleOpcode.shortBinString: try push(try text(cursor.int(UInt8.self)))
    case PickleOpcode.emptyTuple: try push(tuple([]))
    case PickleOpcode.tuple: try push(tuple(try popToMark()))
    case PickleOpcode.tuple1, PickleOpcode.tuple2, PickleOpcode.tuple3:
      let values = try pop(Int(code - PickleOpcode.tuple1) + 1)
      try push(tuple(values))
    case PickleOpcode.emptyList:
      pickle.sequences.append([])
      try push(.list(pickle.sequences.count - 1))
    case PickleOpcode.append: try append(try pop(1))
    case PickleOpcode.appends: try append(try popToMark())
    case PickleOpcode.emptyDict: try push(newDict())
    case PickleOpcode.setItem: try setItems(try pop(2))
    case PickleOpcode.setItems: try setItems(try popToMark())
    case PickleOpcode.binPut: memo[try cursor.int(UInt8.self)] = try top()
    case PickleOpcode.longBinPut: memo[try cursor.int(UInt32.self)] = try top()
    case PickleOpcode.binGet: try push(try recall(cursor.int(UInt8.self)))
    case PickleOpcode.longBinGet: try push(try recall(cursor.int(UInt32.self)))
    case PickleOpcode.global: try push(.global(try global()))
    case PickleOpcode.binPersID: try push(try storage(try pop(1)[0]))
    case PickleOpcode.reduce: try reduce()
    case PickleOpcode.build: try build()
    default:
      let digits = String(code, radix: 16, uppercase: true)
      throw InterchangeError(
        "its pickle has the operation 0x\(digits) at byte \(place), which no saved dict of tensors "
          + "needs and which is refused")
    }
    return code != PickleOpcode.stop
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

  mutating func push(_ value: PickleValue) throws {
    pushes += 1
    guard pushes <= limit else {
      throw InterchangeError("its pickle has more than \(limit) values")
    }
    stack.append(value)
  }

  /// The lowest height that may be popped to: values below a mark belong to it.
  private var floor: Int { marks.last ?? 0 }

  func top() throws -> PickleValue {
    guard stack.count > floor, let value = stack.last else { throw underflow }
    return value
  }

  mutating func pop(_ count: Int) throws -> [PickleValue] {
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

  private func recall(_ number: Int) throws -> PickleValue {
    guard let value = memo[number] else {
      throw InterchangeError("its pickle recalls value \(number), which was never put")
    }
    return value
  }
}
