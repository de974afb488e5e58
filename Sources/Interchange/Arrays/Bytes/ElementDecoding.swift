/// Reads numbers of one type and byte order from raw bytes.
struct ElementDecoder: Sendable {
  let type: ElementType
  let byteOrder: ByteOrder

  /// The unsigned or signed integers of `T`'s width that lie one after another in `bytes`, each
  /// transformed, written from `target` on.
  @inline(__always)
  private func fill<T: FixedWidthInteger, U>(
    _ target: UnsafeMutablePointer<U>, _ bytes: UnsafeRawBufferPointer, _: T.Type,
    _ transform: (T) -> U
  ) {
    for i in 0..<bytes.count / MemoryLayout<T>.size {
      let raw = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
      let value = byteOrder == .little ? T(littleEndian: raw) : T(bigEndian: raw)
      (target + i).initialize(to: transform(value))
    }
  }

  private func map<T: FixedWidthInteger, U>(
    _ bytes: UnsafeRawBufferPointer, _: T.Type, _ transform: (T) -> U
  ) -> [U] {
    let count = bytes.count / MemoryLayout<T>.size
    return [U](unsafeUninitializedCapacity: count) { target, initialized in
      if let start = target.baseAddress { fill(start, bytes, T.self, transform) }
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
    let count = bytes.count / type.byteCount
    return [Float](unsafeUninitializedCapacity: count) { target, initialized in
      if let start = target.baseAddress { floats(bytes, into: start) }
      initialized = count
    }
  }

  /// Whether the bytes are those of `Float` in memory.
  var isNative: Bool {
    type == .float32 && (byteOrder == .little) == (1.littleEndian == 1)
  }

  /// Writes the numbers in `bytes`, converted to `Float`, from `target` on.
  func floats(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Float>) {
    if isNative {
      UnsafeMutableRawPointer(target).copyMemory(
        from: bytes.baseAddress!, byteCount: bytes.count / 4 * 4)
      return
    }
    switch type {
    case .bool: fill(target, bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: fill(target, bytes, UInt8.self) { Float($0) }
    case .uint16: fill(target, bytes, UInt16.self) { Float($0) }
    case .uint32: fill(target, bytes, UInt32.self) { Float($0) }
    case .uint64: fill(target, bytes, UInt64.self) { Float($0) }
    case .int8: fill(target, bytes, Int8.self) { Float($0) }
    case .int16: fill(target, bytes, Int16.self) { Float($0) }
    case .int32: fill(target, bytes, Int32.self) { Float($0) }
    case .int64: fill(target, bytes, Int64.self) { Float($0) }
    case .float8e5m2: fill(target, bytes, UInt8.self, widenedFloat8e5m2)
    case .float8e4m3: fill(target, bytes, UInt8.self, widenedFloat8e4m3)
    case .float16: fill(target, bytes, UInt16.self, widenedFloat16)
    case .bfloat16: fill(target, bytes, UInt16.self, widenedBFloat16)
    case .float32: fill(target, bytes, UInt32.self) { Float(bitPattern: $0) }
    case .float64: fill(target, bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }
}
