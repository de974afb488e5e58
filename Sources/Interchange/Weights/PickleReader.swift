internal import Interchange

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
    switch PickleOpcode(rawValue: code) {
    case .proto: try checkProtocol(try cursor.int(UInt8.self))
    // Only says how much may be read ahead.
    case .frame: _ = try cursor.int(UInt64.self)
    case .stop:
      try finish()
      return false
    case .mark: marks.append(stack.count)
    case .pop: if stack.count > floor { stack.removeLast() } else { _ = try popToMark() }
    case .popMark: _ = try popToMark()
    case .duplicate: try push(try top())
    case .binPut: memo[try cursor.int(UInt8.self)] = try top()
    case .longBinPut: memo[try cursor.int(UInt32.self)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .binGet: try push(try recall(cursor.int(UInt8.self)))
    case .longBinGet: try push(try recall(cursor.int(UInt32.self)))

    case .nothing: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.int(try cursor.int(Int32.self)))
    case .binInt1: try push(.int(try cursor.int(UInt8.self)))
    case .binInt2: try push(.int(try cursor.int(UInt16.self)))
    case .long1: try push(try longInteger(cursor.int(UInt8.self)))
    case .long4: try push(try longInteger(cursor.int(UInt32.self)))
    case .binFloat:
      try push(.double(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    case .shortBinUnicode: try push(try text(cursor.int(UInt8.self)))
    case .binUnicode: try push(try text(cursor.int(UInt32.self)))
    case .binUnicode8: try push(try text(cursor.int(UInt64.self)))
    case .shortBinString: try push(try bytesOrText(cursor.int(UInt8.self)))
    case .binString: try push(try bytesOrText(cursor.int(UInt32.self)))
    case .shortBinBytes: try pass(cursor.int(UInt8.self))
    case .binBytes: try pass(cursor.int(UInt32.self))
    case .binBytes8, .byteArray8: try pass(cursor.int(UInt64.self))

    case .emptyTuple: try push(tuple([]))
    case .tuple: try push(tuple(try popToMark()))
    case .tuple1: try push(tuple(try pop(1)))
    case .tuple2: try push(tuple(try pop(2)))
    case .tuple3: try push(tuple(try pop(3)))
    case .emptyList: try push(list([]))
    case .list: try push(list(try popToMark()))
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .emptyDict: try push(newDict())
    case .dict:
      let values = try popToMark()
      try push(newDict())
      try setItems(values)
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .emptySet: try push(.other)
    case .addItems:
      _ = try popToMark()
      _ = try top()
    case .frozenSet:
      _ = try popToMark()
      try push(.other)

    case .global: try push(.global(try global()))
    case .stackGlobal: try push(try stackGlobal())
    case .ext1: try push(try registered(cursor.int(UInt8.self)))
    case .ext2: try push(try registered(cursor.int(UInt16.self)))
    case .ext4: try push(try registered(cursor.int(UInt32.self)))
    case .binPersID: try push(try storage(try pop(1)[0]))
    case .reduce: try reduce()
    case .build: try build()
    case .object:
      let values = try popToMark()
      guard let first = values.first else { throw underflow }
      try push(newObject(of: first))
    case .newObject: try push(newObject(of: try pop(2)[0]))
    case .newObjectEx: try push(newObject(of: try pop(3)[0]))
    case nil:
      let digits = String(code, radix: 16, uppercase: true)
      throw InterchangeError(
        "its pickle has the operation 0x\(digits) at byte \(place), which protocols 2 to 5 do not have"
      )
    }
    return true
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
