/// Reads numbers of one type and byte order from raw bytes.
struct ElementDecoder: Sendable {
  let type: ElementType
  let byteOrder: ByteOrder

  /// The unsigned integers of `T`'s width that lie one after another in `bytes`, transformed.
  @inline(__always)
  private func map<T: FixedWidthInteger, U>(
    _ bytes: UnsafeRawBufferPointer, _: T.Type, _ transform: (T) -> U
  ) -> [U] {
    let count = bytes.count / MemoryLayout<T>.size
    return [U](unsafeUninitializedCapacity: count) { target, initialized in
      for i in 0..<count {
        let raw = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
        let value = byteOrder == .little ? T(littleEndian: raw) : T(bigEndian: raw)
        target.initializeElement(at: i, to: transform(value))
      }
      initialized = count
    }
  }

  /// The numbers in `bytes` in the narrowest format of ``NumericArray`` that holds them all.
  ///
  /// `nil` if an unsigned 64-bit number exceeds `Int.max`.
  func values(_ bytes: UnsafeRawBufferPointer) -> NumericArray.Values? {
    switch type {
    case .bool: .uint8(map(bytes, UInt8.self) { $0 == 0 ? 0 : 1 })
    case .uint8: .uint8(Array(bytes))
    case .int8: .int32(map(bytes, Int8.self) { Int32($0) })
    case .uint16: .int32(map(bytes, UInt16.self) { Int32($0) })
    case .int16: .int32(map(bytes, Int16.self) { Int32($0) })
    case .int32: .int32(map(bytes, Int32.self) { $0 })
    case .uint32: .int64(map(bytes, UInt32.self) { Int($0) })
    case .int64: .int64(map(bytes, Int64.self) { Int($0) })
    case .uint64: uint64Values(bytes)
    case .float64: .float64(map(bytes, UInt64.self) { Double(bitPattern: $0) })
    case .float32, .float16, .bfloat16, .float8e4m3, .float8e5m2: .float32(floats(bytes))
    }
  }

  private func uint64Values(_ bytes: UnsafeRawBufferPointer) -> NumericArray.Values? {
    let values = map(bytes, UInt64.self) { $0 }
    guard values.allSatisfy({ $0 <= UInt64(Int.max) }) else { return nil }
    return .int64(values.map { Int($0) })
  }

  /// The numbers in `bytes`, widened, narrowed or converted to `Float`.
  func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    switch type {
    case .bool: map(bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: map(bytes, UInt8.self) { Float($0) }
    case .uint16: map(bytes, UInt16.self) { Float($0) }
    case .uint32: map(bytes, UInt32.self) { Float($0) }
    case .uint64: map(bytes, UInt64.self) { Float($0) }
    case .int8: map(bytes, Int8.self) { Float($0) }
    case .int16: map(bytes, Int16.self) { Float($0) }
    case .int32: map(bytes, Int32.self) { Float($0) }
    case .int64: map(bytes, Int64.self) { Float($0) }
    case .float8e5m2: map(bytes, UInt8.self, widenedFloat8e5m2)
    case .float8e4m3: map(bytes, UInt8.self, widenedFloat8e4m3)
    case .float16: map(bytes, UInt16.self, widenedFloat16)
    case .bfloat16: map(bytes, UInt16.self, widenedBFloat16)
    case .float32: map(bytes, UInt32.self) { Float(bitPattern: $0) }
    case .float64: map(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }
}
