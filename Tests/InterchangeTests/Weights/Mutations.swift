import Tensors

/// Damaged copies of a file, the same ones at every run.
struct Mutations {
  private let original: [UInt8]
  private var random: SplitMix64

  init(of original: [UInt8], seed: UInt64) {
    self.original = original
    random = SplitMix64(seed: seed)
  }

  /// The copy that ends before byte `count`.
  func truncated(to count: Int) -> [UInt8] { Array(original[..<count]) }

  /// The next copy: some bits flipped, a length that lies, or a piece lost, doubled or overwritten.
  mutating func next() -> [UInt8] {
    var bytes = original
    for _ in 0..<random.integer(in: 1...3) where !bytes.isEmpty { mutate(&bytes) }
    return bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let place = random.integer(in: 0...bytes.count - 1)
    switch random.integer(in: 0...9) {
    case 0...3: bytes[place] ^= 1 << UInt8(random.integer(in: 0...7))
    case 4: bytes[place] = UInt8(random.integer(in: 0...255))
    case 5...6: lie(&bytes, at: place)
    case 7: bytes.removeSubrange(place..<min(place + random.integer(in: 1...16), bytes.count))
    case 8:
      let piece = Array(bytes[place..<min(place + random.integer(in: 1...16), bytes.count)])
      bytes.insert(contentsOf: piece, at: random.integer(in: 0...bytes.count))
    default:
      let other = random.integer(in: 0...bytes.count - 1)
      let count = min(random.integer(in: 1...16), bytes.count - max(place, other))
      for i in 0..<count { bytes[place + i] = bytes[other + i] }
    }
  }

  /// Writes a number at the edge of its range over 1, 2, 4 or 8 bytes.
  private mutating func lie(_ bytes: inout [UInt8], at place: Int) {
    let width = 1 << random.integer(in: 0...3)
    let edges: [UInt64] = [
      0, 1, .max, .max - 1, 1 << 63, 1 << 63 - 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
      UInt64(bytes.count), UInt64(bytes.count) + 1, 1 << 40,
    ]
    let value = edges[random.integer(in: 0...edges.count - 1)]
    let isBig = random.integer(in: 0...3) == 0
    for i in 0..<width where place + i < bytes.count {
      bytes[place + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? width - 1 - i : i)))
    }
  }
}
