public import Tensors

/// A dense array as a file holds it: a shape, and values in row-major order.
///
/// Values keep their precision: number formats without a case of their own are widened to the
/// next one that holds them all, so `i2` becomes 32-bit and `f2` becomes `float32`.
public struct NumericArray: Equatable, Sendable {
  public let shape: Shape
  /// The values in row-major order, `shape.count` of them.
  public let values: Values

  /// Row-major values in one of the formats that are kept apart.
  public enum Values: Equatable, Sendable {
    /// `u1` and `b1`
    case uint8([UInt8])
    /// `i1`, `i2`, `u2`, `i4`
    case int32([Int32])
    /// `u4`, `i8`, and `u8` if every value fits
    case int64([Int])
    /// `f2`, `f4`
    case float32([Float])
    /// `f8`
    case float64([Double])

    public var count: Int {
      switch self {
      case .uint8(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .float32(let values): values.count
      case .float64(let values): values.count
      }
    }
  }

  /// An array of the given values; their number must be `shape.count`.
  public init(shape: Shape, values: Values) {
    precondition(
      values.count == shape.count,
      ShapeError.wrongElementCount(got: values.count, shape: shape).description)
    self.shape = shape
    self.values = values
  }

  /// The values as `T`, each rounded to the nearest.
  ///
  /// ```swift
  /// let x = try NPYReader.read(path: "x.npy").rounded(to: Float.self)
  /// ```
  public func rounded<T: BinaryFloatingPoint>(to: T.Type) -> Tensor<T> {
    let elements: [T] =
      switch values {
      case .uint8(let values): values.map { T($0) }
      case .int32(let values): values.map { T($0) }
      case .int64(let values): values.map { T($0) }
      case .float32(let values): values as? [T] ?? values.map { T($0) }
      case .float64(let values): values as? [T] ?? values.map { T($0) }
      }
    return Tensor(shape: shape, elements: elements)
  }

  /// The values as floating-point `T`, or `nil` if `T` cannot hold one of them exactly.
  public func exactly<T: BinaryFloatingPoint>(_: T.Type) -> Tensor<T>? {
    let elements: [T]? =
      switch values {
      case .uint8(let values): allOrNil(values) { T(exactly: $0) }
      case .int32(let values): allOrNil(values) { T(exactly: $0) }
      case .int64(let values): allOrNil(values) { T(exactly: $0) }
      case .float32(let values): allOrNil(values) { $0.isNaN ? T.nan : T(exactly: $0) }
      case .float64(let values): allOrNil(values) { $0.isNaN ? T.nan : T(exactly: $0) }
      }
    return elements.map { Tensor(shape: shape, elements: $0) }
  }

  /// The values as integers, or `nil` if one of them is not a whole number or out of range.
  public func exactly(_: Int.Type) -> Tensor<Int>? {
    let elements: [Int]? =
      switch values {
      case .uint8(let values): values.map { Int($0) }
      case .int32(let values): values.map { Int($0) }
      case .int64(let values): values
      case .float32(let values): allOrNil(values) { Int(exactly: $0) }
      case .float64(let values): allOrNil(values) { Int(exactly: $0) }
      }
    return elements.map { Tensor(shape: shape, elements: $0) }
  }
}

/// Each value transformed, or `nil` as soon as one cannot be.
private func allOrNil<T, U>(_ values: [T], _ transform: (T) -> U?) -> [U]? {
  var result: [U] = []
  result.reserveCapacity(values.count)
  for value in values {
    guard let transformed = transform(value) else { return nil }
    result.append(transformed)
  }
  return result
}

/// Reads `.npy` arrays, versions 1 to 3, as NumPy writes them.
///
/// Boolean, integer and floating-point formats of every width, either byte order, rows or columns
/// first. Nothing is allocated before the shape is known to fit the file.
public enum NPYReader {
  /// The array in the file at `path`.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``, or ``InterchangeError`` if it is no such array.
  public static func read(path: String) throws -> NumericArray {
    try read(FileContents(mapping: path))
  }

  public static func read(_ file: FileContents) throws -> NumericArray {
    try InterchangeError.naming(file.path) { try file.withBytes(read) }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer) throws(InterchangeError) -> NumericArray
  {
    let header = try NPYHeader(bytes, total: bytes.count)
    let data = UnsafeRawBufferPointer(rebasing: bytes[header.length...])
    // Integers of one byte become four, and in columns there is a copy in rows before.
    try SystemMemory.check(
      max(header.shape.count.multipliedReportingOverflow(by: 4).partialValue, 2 * data.count),
      for: "its shape \(header.shape) of \(header.type)")
    let decoder = ElementDecoder(type: header.type, byteOrder: header.byteOrder)
    let values: NumericArray.Values?
    if header.layout.isRowMajor {
      values = decoder.values(data)
    } else {
      let rows = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 8)
      defer { rows.deallocate() }
      header.layout.gather(
        0..<header.shape.count, width: header.type.byteCount, from: data, into: rows)
      values = decoder.values(UnsafeRawBufferPointer(rows))
    }
    guard let values else {
      throw InterchangeError(
        "it has an unsigned 64-bit value above \(Int.max), the largest we can hold")
    }
    return NumericArray(shape: header.shape, values: values)
  }
}

/// A type of numbers that `.npy` arrays are written in.
public protocol NPYNumber {
  associatedtype Bits: FixedWidthInteger
  /// The format as NumPy names it: `<f4`.
  static var npyFormat: String { get }
  var npyBits: Bits { get }
}

extension Float: NPYNumber {
  public static var npyFormat: String { "<f4" }
  public var npyBits: UInt32 { bitPattern }
}

extension Double: NPYNumber {
  public static var npyFormat: String { "<f8" }
  public var npyBits: UInt64 { bitPattern }
}

extension Int: NPYNumber {
  public static var npyFormat: String { "<i8" }
  public var npyBits: Int64 { Int64(self) }
}

/// Writes `.npy` arrays, version 1: little-endian, row-major, data at a multiple of 64 bytes.
public enum NPYWriter {
  /// Writes an array; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(
    _ tensor: Tensor<some NPYNumber>, to path: String
  ) throws(FileProblem) {
    try AtomicFile.write(encode(tensor), to: path)
  }

  public static func encode<Number: NPYNumber>(_ tensor: Tensor<Number>) -> [UInt8] {
    let header = header(format: Number.npyFormat, shape: tensor.shape)
    let width = MemoryLayout<Number.Bits>.size
    let total = header.count + tensor.elements.count * width
    return [UInt8](unsafeUninitializedCapacity: total) { target, initialized in
      _ = target.initialize(from: header)
      let raw = UnsafeMutableRawBufferPointer(target)
      for (i, value) in tensor.elements.enumerated() {
        raw.storeBytes(
          of: value.npyBits.littleEndian, toByteOffset: header.count + i * width,
          as: Number.Bits.self)
      }
      initialized = total
    }
  }

  /// Everything before the data: a multiple of 64 bytes, padded with spaces.
  package static func header(format: String, shape: Shape) -> [UInt8] {
    let extents = shape.dimensions.map(String.init).joined(separator: ", ")
    let tuple = "(\(extents)\(shape.rank == 1 ? "," : ""))"
    var text = Array("{'descr': '\(format)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let prefix = NPYHeader.magic.count + 4
    while (prefix + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0A)
    // A shape of at most 64 dimensions stays far below the 65,535 bytes of version 1.
    return NPYHeader.magic + [1, 0] + UInt16(text.count).littleEndianBytes + text
  }
}
