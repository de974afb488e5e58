internal import Tensors

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

  /// The array that a file holds.
  public static func read(_ file: FileContents) throws(InterchangeError) -> NumericArray {
    do {
      return try file.withBytes(read)
    } catch {
      throw error.located(in: file.path)
    }
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
