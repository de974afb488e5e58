import FastKernels
import Interchange
import Networks
internal import Platform
import Tensors

/// Packed weights kept in a file, so that the next start maps them instead of packing them.
///
/// The file's name is a hash of the weights' content and of the network that reads them. Its first
/// bytes repeat these facts in full, with the program that packed them, and say how much each layer
/// has, and the hash of it; all of it is compared before the file is used, so that a damaged one is
/// packed again. Any file of the folder may be deleted at any time.
///
/// Of large weights a note is kept beside it: what content was read in which files, by their stamps, and
/// the stamp of the packed file whose hashes were compared. While nobody has changed these files, neither
/// needs to be read again.
struct PackedCache {
  private let folder: String
  private let identity: String
  private let layers: [String]
  /// The files of the weights.
  private let files: [FileStamp]
  /// What a note says of the files, if the weights may be known by their stamps.
  private let stamps: [String]?
  private let program: String

  private static let magic: UInt64 = 0x636F_6E76_626B_3033
  private static let alignment = 4096

  /// Whether a network's weights are so many that they are sooner read than packed, and their files sooner
  /// known by their stamps than read.
  static func isWorthwhile(_ network: Network) -> Bool {
    network.parameters.reduce(0) { $0 + 4 * $1.shape.count } >= 1 << 26
  }

  /// The cache of a network's weights; nil if no folder for caches is known.
  init?(
    _ file: NetworkFile, _ layers: [(layer: String, method: PreparedConvolution.Method)]
  ) {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let caches = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }),
      let program = Self.program
    else { return nil }
    let network = file.network
    // Most layers do the same as some others, and telling what takes time.
    var told: [Network.Operation: String] = [:]
    func text(_ operation: Network.Operation) -> String {
      if let text = told[operation] { return text }
      let text = "\(operation)"
      told[operation] = text
      return text
    }
    identity =
      ([network.name, Level.best.rawValue] + layers.map { "\($0.layer) \($0.method.rawValue)" }
      + network.parameters.map { "\($0.name) \($0.shape)" }
      + network.layers.map { "\($0.name) \(text($0.operation)) \($0.inputs)" })
      .joined(separator: "\n")
    self.layers = layers.map(\.layer)
    self.program = program
    folder = caches + "/convbook"
    files = file.files
    let isKnown =
      Self.isWorthwhile(network) && file.isInFiles && files.allSatisfy(\.isSettled)
    stamps = isKnown ? files.map(\.text) + file.places : nil
  }

  /// Before weights are read for a note: whether the stamps will change with whatever is written to the files
  /// from now on.
  func settle() -> Bool { stamps != nil && files.allSatisfy { $0.settled() != nil } }

  /// The program that runs: another build may pack in another order.
  private static var program: String? {
    var status = stat()
    guard stat(programPath, &status) == 0 else { return nil }
    let time = status.modified
    return "\(status.st_size) bytes of \(time.tv_sec).\(time.tv_nsec)"
  }

  /// What an earlier start found out.
  struct Note {
    /// What the content of the weights is known by.
    let content: [UInt64]
    /// The stamp of the packed file whose hashes were compared.
    let packed: String
  }

  /// What is known of the weights without reading them; nil if nothing is.
  func note() -> Note? {
    guard let (path, head) = notePlace, Self.isOwn(path),
      let bytes = try? FileBytes.read(path, limit: 1 << 20),
      let rest = String(validating: bytes, as: UTF8.self)?.suffix(after: head)
    else { return nil }
    let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 3, lines[2].isEmpty else { return nil }
    let words = lines[0].split(separator: " ").map { UInt64($0, radix: 16) }
    guard !words.isEmpty, words.allSatisfy({ $0 != nil }) else { return nil }
    return Note(content: words.compactMap { $0 }, packed: String(lines[1]))
  }

  /// Whether there is a file that may have been kept here; a link leads to somebody else's.
  private static func isOwn(_ path: String) -> Bool {
    FilePlace.isFile(path) && !FilePlace.isLink(path)
  }

  /// Whether a file can be kept here, in place of one that was.
  private static func isFree(_ path: String) -> Bool {
    isOwn(path) || !FilePlace.exists(path) && !FilePlace.isLink(path)
  }

  /// Notes what was read and compared, if the files have stamps that can be trusted.
  private func keepNote(_ content: [UInt64], packed: FileStamp?) {
    guard let (path, head) = notePlace, let packed, packed.isSettled,
      files.allSatisfy(\.isCurrent),
      Self.isFree(path)
    else { return }
    let words = content.map { String($0, radix: 16) }.joined(separator: " ")
    do {
      let file = try AtomicFile(replacing: path)
      try file.append(Array("\(head)\(words)\n\(packed.text)\n".utf8))
      try file.commit()
    } catch {}
  }

  /// Where the note lies, and how it begins.
  private var notePlace: (path: String, head: String)? {
    guard let stamps else { return nil }
    let head = (["convbook note 1", identity, program] + stamps).joined(separator: "\n") + "\n"
    return (place(of: head, ending: "note"), head)
  }

  private func place(of text: String, ending: String) -> String {
    var (a, b) = (UInt64(0xCBF2_9CE4_8422_2325), UInt64(0x9E37_79B9_7F4A_7C15))
    for byte in text.utf8 {
      a = (a ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      b = (b ^ UInt64(byte)) &* 0xBF58_476D_1CE4_E5B9
      b ^= b >> 29
    }
    return "\(folder)/\(String(a, radix: 16))-\(String(b, radix: 16)).\(ending)"
  }

  /// The packed file for a content, and the facts that it must repeat.
  private func packedFile(_ content: [UInt64]) -> (path: String, facts: [UInt8]) {
    let all = identity + "\n" + content.map { String($0, radix: 16) }.joined(separator: "\n")
    return (place(of: all, ending: "packed"), Array((all + "\n" + program).utf8))
  }

  /// The packed weights of each convolution by name, mapped from the file; nil if there is no file or
  /// one that is not what was kept.
  ///
  /// - Parameters:
  ///   - note: what is known already; the hashes of a file that was not changed since are not compared
  ///     again.
  ///   - isSettled: whether what is found out may be noted.
  func open(
    _ content: [UInt64], note: Note?, isSettled: Bool, threads: Threads
  ) -> PackedWeights? {
    let (path, facts) = packedFile(content)
    guard Self.isOwn(path), let file = try? FileContents(mapping: path) else { return nil }
    let isKnown = note != nil && note?.packed == file.stamp?.text
    let packed = file.withBytes { bytes -> PackedWeights? in
      let start = headerSize(facts)
      guard bytes.count >= start, bytes[..<8].elementsEqual(Self.bytes([Self.magic])),
        bytes[8..<24].elementsEqual(Self.bytes([UInt64(facts.count), UInt64(layers.count)])),
        facts.withUnsafeBytes({ memcmp($0.baseAddress!, bytes.baseAddress! + 24, facts.count) })
          == 0
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
        guard isKnown || stated.elementsEqual(Self.entry(layer, weights, threads)) else {
          return nil
        }
        packed[layer] = Buffer(mapped: floats, count: count, owner: file)
        place += count * 4
        entry += Self.entrySize
      }
      return place == bytes.count ? packed : nil
    }
    if packed != nil, !isKnown, isSettled { keepNote(content, packed: file.stamp) }
    return packed
  }

  /// Writes the packed weights. The file appears whole or not at all; a folder that cannot be written
  /// only means that the next start packs again.
  func save(
    _ packed: [(layer: String, weights: UnsafeBufferPointer<Float>)], content: [UInt64],
    isSettled: Bool, threads: Threads
  ) {
    let (path, facts) = packedFile(content)
    // Weights that were changed meanwhile may have been packed as they are now.
    guard files.allSatisfy(\.isCurrent), Self.isFree(path) else { return }
    try? FilePlace.makeFolders(folder, mode: 0o700)
    var header = Self.bytes([Self.magic, UInt64(facts.count), UInt64(packed.count)]) + facts
    for (layer, weights) in packed { header += Self.entry(layer, weights, threads) }
    header += [UInt8](repeating: 0, count: headerSize(facts) - header.count)
    do {
      let file = try AtomicFile(replacing: path)
      try file.append(header)
      for (_, weights) in packed { try file.append(UnsafeRawBufferPointer(weights)) }
      try file.commit()
    } catch { return }
    guard isSettled else { return }
    // What was written is what was packed, if nobody has changed it after the file appeared.
    usleep(UInt32(2e6 * FileStamp.tick))
    keepNote(content, packed: FileStamp(path: path))
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

  private func headerSize(_ facts: [UInt8]) -> Int {
    let size = 3 * 8 + facts.count + layers.count * Self.entrySize
    return (size + Self.alignment - 1) / Self.alignment * Self.alignment
  }
}

extension String {
  /// What follows `head`; nil if the text does not begin with it.
  fileprivate func suffix(after head: String) -> Substring? {
    hasPrefix(head) ? self[index(startIndex, offsetBy: head.count)...] : nil
  }
}
