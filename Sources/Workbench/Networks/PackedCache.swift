import FastKernels
import Interchange
import Networks
internal import Platform

/// Packed weights kept in a file, so that the next start maps them instead of packing them.
///
/// The file's name is a hash of the weights' content and of the network that reads them. Its first
/// bytes repeat these facts in full, with the program that packed them, and say how much each layer
/// has, and the hash of it; all of it is compared before the file is used, so that a damaged one is
/// packed again. Any file of the folder may be deleted at any time.
struct PackedCache {
  private let folder: String
  private let path: String
  private let facts: [UInt8]

  private static let magic: UInt64 = 0x636F_6E76_626B_3032
  private static let alignment = 4096

  /// The cache of a network with this content; nil if no folder for caches is known.
  init?(_ network: Network, content: [UInt64], exact: Bool) {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let caches = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }),
      let program = Self.program
    else { return nil }
    let identity =
      ([network.name, exact ? "exact" : "fast", Level.best.rawValue]
      + network.parameters.map { "\($0.name) \($0.shape)" }
      + network.layers.map { "\($0.name) \($0.operation) \($0.inputs)" }
      + content.map { String($0, radix: 16) }).joined(separator: "\n")
    var (a, b) = (UInt64(0xCBF2_9CE4_8422_2325), UInt64(0x9E37_79B9_7F4A_7C15))
    for byte in identity.utf8 {
      a = (a ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      b = (b ^ UInt64(byte)) &* 0xBF58_476D_1CE4_E5B9
      b ^= b >> 29
    }
    folder = caches + "/convbook"
    path = "\(folder)/\(String(a, radix: 16))-\(String(b, radix: 16)).packed"
    facts = Array((identity + "\n" + program).utf8)
  }

  /// The program that runs: another build may pack in another order.
  private static var program: String? {
    var status = stat()
    guard stat(programPath, &status) == 0 else { return nil }
    let time = status.modified
    return "\(status.st_size) bytes of \(time.tv_sec).\(time.tv_nsec)"
  }

  /// The packed weights of each convolution by name, mapped from the file; nil if there is no file or
  /// one that is not what was kept.
  func open(_ layers: [String], threads: Threads) -> PackedWeights? {
    guard FilePlace.isFile(path), let file = try? FileContents(mapping: path) else { return nil }
    return file.withBytes { bytes -> PackedWeights? in
      let start = headerSize(layers.count)
      guard bytes.count >= start, bytes[..<8].elementsEqual(Self.bytes([Self.magic])),
        bytes[8..<24].elementsEqual(Self.bytes([UInt64(facts.count), UInt64(layers.count)])),
        bytes[24..<24 + facts.count].elementsEqual(facts)
      else { return nil }
      var packed: PackedWeights = [:]
      var (place, entry) = (start, 24 + facts.count)
      for layer in layers {
        let count = Int(
          clamping: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: entry, as: UInt64.self)))
        guard count % 16 == 0, count <= (bytes.count - place) / 4 else { return nil }
        let floats = (bytes.baseAddress! + place).assumingMemoryBound(to: Float.self)
        let weights = UnsafeBufferPointer(start: floats, count: count)
        let stated = bytes[entry..<entry + Self.entrySize]
        guard stated.elementsEqual(Self.entry(layer, weights, threads)) else { return nil }
        packed[layer] = Buffer(mapped: floats, count: count, owner: file)
        place += count * 4
        entry += Self.entrySize
      }
      return place == bytes.count ? packed : nil
    }
  }

  /// Writes the packed weights. The file appears whole or not at all; a folder that cannot be written
  /// only means that the next start packs again.
  func save(_ packed: [(layer: String, weights: UnsafeBufferPointer<Float>)], threads: Threads) {
    guard !FilePlace.exists(path) || FilePlace.isFile(path) else { return }
    try? FilePlace.makeFolders(folder, mode: 0o700)
    var header = Self.bytes([Self.magic, UInt64(facts.count), UInt64(packed.count)]) + facts
    for (layer, weights) in packed { header += Self.entry(layer, weights, threads) }
    header += [UInt8](repeating: 0, count: headerSize(packed.count) - header.count)
    do {
      let file = try AtomicFile(replacing: path)
      try file.append(header)
      for (_, weights) in packed { try file.append(UnsafeRawBufferPointer(weights)) }
      try file.commit()
    } catch {}
  }

  /// What the header says of a layer: how many numbers it has, and a hash of them and of its name.
  private static func entry(
    _ layer: String, _ weights: UnsafeBufferPointer<Float>, _ threads: Threads
  ) -> [UInt8] {
    var hash = scan(weights, threads: threads).hash
    for byte in layer.utf8 { hash[0] = (hash[0] ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return bytes([UInt64(weights.count)] + hash)
  }

  private static let entrySize = 3 * 8

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.flatMap(\.littleEndianBytes)
  }

  private func headerSize(_ layers: Int) -> Int {
    let size = 3 * 8 + facts.count + layers * Self.entrySize
    return (size + Self.alignment - 1) / Self.alignment * Self.alignment
  }
}
