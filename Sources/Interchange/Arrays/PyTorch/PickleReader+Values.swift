/// Texts, integers, and what contains other values.
extension PickleReader {
  mutating func text(_ length: Int) throws -> PickleValue {
    guard let text = cursor.text(try cursor.take(length)) else {
      throw InterchangeError(
        "its pickle has a text that is no UTF-8, before byte \(cursor.position)")
    }
    return .text(text)
  }

  mutating func longInteger() throws -> PickleValue {
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

  mutating func tuple(_ values: [PickleValue]) -> PickleValue {
    pickle.sequences.append(values)
    return .tuple(pickle.sequences.count - 1)
  }

  mutating func newDict() -> PickleValue {
    pickle.dicts.append([])
    return .dict(pickle.dicts.count - 1)
  }

  mutating func append(_ values: [PickleValue]) throws {
    guard case .list(let number) = try top() else {
      throw InterchangeError("its pickle appends to a value that is no list")
    }
    pickle.sequences[number] += values
  }

  mutating func setItems(_ values: [PickleValue]) throws {
    guard case .dict(let number) = try top(), values.count % 2 == 0 else {
      throw InterchangeError("its pickle sets items of a value that is no dict, or half of a pair")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      pickle.dicts[number].append((values[index], values[index + 1]))
    }
  }

  mutating func global() throws -> PickleGlobal {
    let (module, name) = (try cursor.line(), try cursor.line())
    return try PickleGlobal(
      module: cursor.text(module) ?? "unreadable", name: cursor.text(name) ?? "unreadable")
  }
}
