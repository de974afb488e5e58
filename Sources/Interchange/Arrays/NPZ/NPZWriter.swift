internal import Tensors

/// Writes `.npz` files: a zip of `f4` arrays, stored as `numpy.savez` does.
public enum NPZWriter {
  /// Writes the entries in their order; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``, or ``InterchangeError`` if an entry's data is
  ///   damaged, two entries have one name, or the file would pass 4 GB.
  public static func write(_ entries: [WeightEntry], to path: String) throws {
    let file = try AtomicFile(replacing: path)
    var directory: [UInt8] = []
    var position = 0
    var names: Set<String> = []
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw InterchangeError("two tensors cannot both be called \(entry.name.printable)")
      }
      let start = NPYWriter.header(format: "<f4", shape: entry.shape)
      let name = Array("\(entry.name).npy".utf8)
      let size = start.count + entry.shape.count * MemoryLayout<Float>.size
      guard name.count <= 0xFFFF, position + size + name.count <= 0xFFFF_0000,
        names.count < 0xFFFF
      else {
        throw InterchangeError(
          "\(path) would need more than an .npz without extensions holds (4 GB); "
            + "use .safetensors")
      }
      try entry.withUnsafeFloats { floats in
        let checksum = checksum(of: floats, after: CRC32.of(start))
        let common = record(checksum: checksum, size: size, name: name)
        try file.append([0x50, 0x4B, 3, 4, 20, 0] + common + littleEndian(0, 2) + name)
        try file.append(start)
        try file.appendLittleEndian(floats)
        directory += [0x50, 0x4B, 1, 2, 20, 3, 20, 0] + common
        directory += littleEndian(0, 2) + littleEndian(0, 2) + littleEndian(0, 2)
        directory += littleEndian(0, 2) + littleEndian(0o100644 << 16, 4)
        directory += littleEndian(position, 4) + name
      }
      entry.release()
      position += 30 + name.count + size
    }
    try file.append(directory)
    try file.append([0x50, 0x4B, 5, 6, 0, 0, 0, 0] + littleEndian(entries.count, 2))
    try file.append(littleEndian(entries.count, 2) + littleEndian(directory.count, 4))
    try file.append(littleEndian(position, 4) + [0, 0])
    try file.commit()
  }

  /// The fields that the local header and the directory share: from the flags (UTF-8 names, no
  /// compression, the first day of 1980) to the name's length.
  private static func record(checksum: UInt32, size: Int, name: [UInt8]) -> [UInt8] {
    littleEndian(1 << 11, 2) + littleEndian(0, 2) + littleEndian(0, 2) + littleEndian(0x21, 2)
      + littleEndian(Int(checksum), 4) + littleEndian(size, 4) + littleEndian(size, 4)
      + littleEndian(name.count, 2)
  }

  private static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func checksum(
    of floats: UnsafeBufferPointer<Float>, after start: UInt32
  ) -> UInt32 {
    #if _endian(little)
      let bytes = UnsafeRawBufferPointer(floats)
      return CRC32.of(bytes[...].asBytes, after: start)
    #else
      return floats.reduce(start) { CRC32.of(littleEndian(Int($1.bitPattern), 4), after: $0) }
    #endif
  }
}
