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
enum ByteOrder: Sendable {
  case little, big
}
