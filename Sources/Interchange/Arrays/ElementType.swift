/// The number formats that array and weight files store.
public enum ElementType: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// A truth value in one byte, 0 or 1.
  case bool
  /// Unsigned integers of 8, 16, 32 and 64 bits.
  case uint8, uint16, uint32, uint64
  /// Signed integers of 8, 16, 32 and 64 bits.
  case int8, int16, int32, int64
  /// Floating point in 8 bits: 5 of exponent and 2 of fraction, or 4 and 3 (no infinities).
  case float8e5m2, float8e4m3
  /// Floating point in 16 bits: IEEE binary16, or the upper half of a binary32.
  case float16, bfloat16
  /// IEEE binary32 and binary64.
  case float32, float64

  /// The number of bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// The bytes of so many elements; nil if they are more than can be counted.
  package func bytes(of count: Int) -> Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: byteCount)
    return overflow ? nil : bytes
  }

  /// The name as safetensors writes it: `F32`, `I64`, `BF16`.
  public var description: String {
    switch self {
    case .bool: "BOOL"
    case .uint8: "U8"
    case .uint16: "U16"
    case .uint32: "U32"
    case .uint64: "U64"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .float8e5m2: "F8_E5M2"
    case .float8e4m3: "F8_E4M3"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }
}

/// Which byte of a number comes first.
package enum ByteOrder: Sendable {
  case little, big
}

/// Reads numbers of one type and byte order from raw bytes.
package struct ElementDecoder: Sendable {
  package let type: ElementType
  package let byteOrder: ByteOrder

  package init(type: ElementType, byteOrder: ByteOrder) {
    (self.type, self.byteOrder) = (type, byteOrder)
  }

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
  package func values(_ bytes: UnsafeRawBufferPointer) -> NumericArray.Values? {
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
  package func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = bytes.count / type.byteCount
    return [Float](unsafeUninitializedCapacity: count) { target, initialized in
      if let start = target.baseAddress { floats(bytes, into: start) }
      initialized = count
    }
  }

  /// Whether the bytes are those of `Float` in memory.
  package var isNative: Bool {
    type == .float32 && (byteOrder == .little) == (1.littleEndian == 1)
  }

  /// Writes the numbers in `bytes`, converted to `Float`, from `target` on.
  package func floats(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Float>) {
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

/// The value of an IEEE binary16, widened; every value is exact.
package func widenedFloat16(_ bits: UInt16) -> Float {
  widened(bits: UInt32(bits), exponentBits: 5, fractionBits: 10)
}

/// The value of a bfloat16, which is the upper half of a binary32.
package func widenedBFloat16(_ bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}

/// The value of an 8-bit float with 5 bits of exponent and 2 of fraction, as IEEE would have it.
package func widenedFloat8e5m2(_ bits: UInt8) -> Float {
  widened(bits: UInt32(bits), exponentBits: 5, fractionBits: 2)
}

/// The value of an 8-bit float with 4 bits of exponent and 3 of fraction.
///
/// This format has no infinities: only the pattern of all ones is not a number, and the others
/// with the largest exponent are ordinary numbers, up to 448.
package func widenedFloat8e4m3(_ bits: UInt8) -> Float {
  let magnitude = bits & 0x7F
  let sign: Float = bits & 0x80 == 0 ? 1 : -1
  if magnitude == 0x7F { return sign * .nan }
  if magnitude >= 0x78 { return sign * (256 + 32 * Float(magnitude - 0x78)) }
  return widened(bits: UInt32(bits), exponentBits: 4, fractionBits: 3)
}

private func widened(bits: UInt32, exponentBits: UInt32, fractionBits: UInt32) -> Float {
  let sign = (bits >> (exponentBits + fractionBits) & 1) << 31
  let exponent = bits >> fractionBits & ((1 << exponentBits) - 1)
  let fraction = bits & ((1 << fractionBits) - 1)
  let bias: UInt32 = (1 << (exponentBits - 1)) - 1
  if exponent == 0 {
    // fraction · 2^(1 − bias − fractionBits), exact in binary32.
    let step = Float(bitPattern: (127 + 1 - bias - fractionBits) << 23)
    return Float(bitPattern: sign | (Float(fraction) * step).bitPattern)
  }
  let isSpecial = exponent == (1 << exponentBits) - 1
  let wideExponent = isSpecial ? 255 : exponent + 127 - bias
  return Float(bitPattern: sign | wideExponent << 23 | fraction << (23 - fractionBits))
}
