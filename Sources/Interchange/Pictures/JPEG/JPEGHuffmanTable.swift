/// A Huffman table of a JPEG: short codes are looked up, longer ones compared length by length.
struct JPEGHuffmanTable {
  static let lookupBits = 9

  /// For each value of the next nine bits: length times 256 plus symbol, or 0 for a longer code.
  let lookup: [UInt16]
  /// For each length the first number of that many bits that is no code of it; 0 without codes.
  let ends: [Int]
  /// For each length what is added to a code to get the place of its symbol.
  let offsets: [Int]
  /// The symbols in the order of their codes, filled up to 256.
  let symbols: [UInt8]

  /// nil if the numbers of codes per length (1…16) make no code.
  init?(counts: [Int], symbols: [UInt8]) {
    guard symbols.count <= 256 else { return nil }
    var lookup = [UInt16](repeating: 0, count: 1 << Self.lookupBits)
    var ends = [Int](repeating: 0, count: 17)
    var offsets = [Int](repeating: 0, count: 17)
    var code = 0
    var place = 0
    for length in 1...16 {
      let count = counts[length - 1]
      guard code + count <= 1 << length else { return nil }
      offsets[length] = place - code
      if length <= Self.lookupBits {
        let repeats = 1 << (Self.lookupBits - length)
        for index in 0..<count {
          let entry = UInt16(length) << 8 | UInt16(symbols[place + index])
          let start = (code + index) * repeats
          for slot in start..<(start + repeats) { lookup[slot] = entry }
        }
      }
      place += count
      code += count
      ends[length] = count > 0 ? code : 0
      code <<= 1
    }
    self.lookup = lookup
    self.ends = ends
    self.offsets = offsets
    self.symbols = symbols + [UInt8](repeating: 0, count: 256 - symbols.count)
  }
}
