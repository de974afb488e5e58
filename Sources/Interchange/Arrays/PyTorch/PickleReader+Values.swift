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
