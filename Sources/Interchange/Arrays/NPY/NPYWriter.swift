public import Tensors

/// Writes `.npy` arrays, version 1: little-endian, row-major, data at a multiple of 64 bytes.
public enum NPYWriter {
  /// Writes an `f4` array; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ tensor: Tensor<Float>, to path: String) throws(FileProblem) {
    try AtomicFile.write(encode(tensor), to: path)
  }

  /// Writes an `f8` array; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ tensor: Tensor<Double>, to path: String) throws(FileProblem) {
    try AtomicFile.write(encode(tensor), to: path)
  }

  /// Writes an `i8` array; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ tensor: Tensor<Int>, to path: String) throws(FileProblem) {
    try AtomicFile.write(encode(tensor), to: path)
  }

  /// The bytes of an `f4` array.
  public static func encode(_ tensor: Tensor<Float>) -> [UInt8] {
    encode(tensor, format: "<f4") { $0.bitPattern.littleEndian }
  }

  /// The bytes of an `f8` array.
  public static func encode(_ tensor: Tensor<Double>) -> [UInt8] {
    encode(tensor, format: "<f8") { $0.bitPattern.littleEndian }
  }

  /// The bytes of an `i8` array.
  public static func encode(_ tensor: Tensor<Int>) -> [UInt8] {
    encode(tensor, format: "<i8") { Int64($0).littleEndian }
  }

  private static func encode<Scalar, Bits>(
    _ tensor: Tensor<Scalar>, format: String, _ bits: (Scalar) -> Bits
  ) -> [UInt8] {
    let header = header(format: format, shape: tensor.shape)
    let width = MemoryLayout<Bits>.size
    let total = header.count + tensor.elements.count * width
    return [UInt8](unsafeUninitializedCapacity: total) { target, initialized in
      _ = target.initialize(from: header)
      let raw = UnsafeMutableRawBufferPointer(target)
      for (i, value) in tensor.elements.enumerated() {
        raw.storeBytes(of: bits(value), toByteOffset: header.count + i * width, as: Bits.self)
      }
      initialized = total
    }
  }

  /// Everything before the data: a multiple of 64 bytes, padded with spaces.
  static func header(format: String, shape: Shape) -> [UInt8] {
    let extents = shape.dimensions.map(String.init).joined(separator: ", ")
    let tuple = "(\(extents)\(shape.rank == 1 ? "," : ""))"
    var text = Array("{'descr': '\(format)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let prefix = NPYHeader.magic.count + 4
    while (prefix + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0A)
    // A shape of at most 64 dimensions stays far below the 65,535 bytes of version 1.
    let length = UInt16(text.count)
    return NPYHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text
  }
}
