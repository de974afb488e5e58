/// Reads one pickle as data.
///
/// Nothing is called: what a name of ``PickleGlobal`` makes of its arguments is known, and what any other
/// would make stays an object of which only the name is kept. The number of values is bounded, and
/// nothing recurses.
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
    case PickleOpcode.long1: try push(try longInteger(cursor.int(UInt8.self)))
    case PickleOpcode.binFloat:
      try push(.double(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    case PickleOpcode.binUnicode: try push(try text(cursor.int(UInt32.self)))
    case PickleOpcode.shortBinString: try push(try bytesOrText(cursor.int(UInt8.self)))
    case PickleOpcode.emptyTuple: try push(tuple([]))
    case PickleOpcode.tuple: try push(tuple(try popToMark()))
    case PickleOpcode.tuple1, PickleOpcode.tuple2, PickleOpcode.tuple3:
      let values = try pop(Int(code - PickleOpcode.tuple1) + 1)
      try push(tuple(values))
    case PickleOpcode.emptyList: try push(list([]))
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
    default: try stepFurther(code, at: place)
    }
    return code != PickleOpcode.stop
  }

  /// The operations that a dict of tensors in protocol 2 has no need of.
  private mutating func stepFurther(_ code: UInt8, at place: Int) throws {
    switch code {
    case PickleOpcode.pop:
      if stack.count > floor { stack.removeLast() } else { _ = try popToMark() }
    case PickleOpcode.popMark: _ = try popToMark()
    case PickleOpcode.duplicate: try push(try top())
    case PickleOpcode.list: try push(list(try popToMark()))
    case PickleOpcode.dict:
      let values = try popToMark()
      try push(newDict())
      try setItems(values)
    case PickleOpcode.emptySet: try push(.other)
    case PickleOpcode.addItems:
      _ = try popToMark()
      _ = try top()
    case PickleOpcode.frozenSet:
      _ = try popToMark()
      try push(.other)
    case PickleOpcode.object:
      let values = try popToMark()
      guard let first = values.first else { throw underflow }
      try push(newObject(of: first))
    case PickleOpcode.newObject: try push(newObject(of: try pop(2)[0]))
    case PickleOpcode.newObjectEx: try push(newObject(of: try pop(3)[0]))
    case PickleOpcode.ext1: try push(try registered(cursor.int(UInt8.self)))
    case PickleOpcode.ext2: try push(try registered(cursor.int(UInt16.self)))
    case PickleOpcode.ext4: try push(try registered(cursor.int(UInt32.self)))
    case PickleOpcode.stackGlobal: try push(try stackGlobal())
    case PickleOpcode.memoize: memo[memo.count] = try top()
    // Only says how much may be read ahead.
    case PickleOpcode.frame: _ = try cursor.int(UInt64.self)
    case PickleOpcode.shortBinUnicode: try push(try text(cursor.int(UInt8.self)))
    case PickleOpcode.binUnicode8: try push(try text(cursor.int(UInt64.self)))
    case PickleOpcode.binString: try push(try bytesOrText(cursor.int(UInt32.self)))
    case PickleOpcode.shortBinBytes: try pass(cursor.int(UInt8.self))
    case PickleOpcode.binBytes: try pass(cursor.int(UInt32.self))
    case PickleOpcode.binBytes8, PickleOpcode.byteArray8: try pass(cursor.int(UInt64.self))
    case PickleOpcode.long4: try push(try longInteger(cursor.int(UInt32.self)))
    default:
      let digits = String(code, radix: 16, uppercase: true)
      throw InterchangeError(
        "its pickle has the operation 0x\(digits) at byte \(place), which protocols 2 to 5 do not have"
      )
    }
  }

  /// Passes over bytes, which stay closed.
  private mutating func pass(_ count: Int) throws {
    _ = try cursor.take(count)
    try push(.other)
  }

  private func checkProtocol(_ version: Int) throws {
    guard (2...5).contains(version) else {
      throw InterchangeError("its pickle has protocol \(version), expected 2 to 5")
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
