/// A prefix code for writing: for each symbol its length and its bits, ready for `BitWriter`.
struct EncodingCode {
  private(set) var lengths: [UInt8]
  private(set) var codes: [UInt16]

  /// The canonical code of these lengths (RFC 1951, section 3.2.2), its bits reversed.
  init(lengths: [UInt8]) {
    self.lengths = lengths
    codes = [UInt16](repeating: 0, count: lengths.count)
    var next = 0
    for length in 1...15 {
      for symbol in lengths.indices where lengths[symbol] == length {
        var reversed = 0
        for bit in 0..<length where next >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        codes[symbol] = UInt16(reversed)
        next += 1
      }
      next <<= 1
    }
  }

  /// The best code for symbols that occur `counts` times, none longer than `limit` bits.
  ///
  /// At least two symbols get a code, so that every decoder finds the code complete.
  init(counts: [Int], limit: Int) {
    var counts = counts
    var used = counts.count { $0 > 0 }
    for symbol in counts.indices where used < 2 && counts[symbol] == 0 {
      counts[symbol] = 1
      used += 1
    }
    let symbols = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] < counts[$1] }
    let perLength = Self.limited(
      Self.symbolsPerLength(weights: symbols.map { counts[$0] }), to: limit)

    var lengths = [UInt8](repeating: 0, count: counts.count)
    var rest = symbols[...]
    for length in (1...limit).reversed() {
      for symbol in rest.prefix(perLength[length]) { lengths[symbol] = UInt8(length) }
      rest = rest.dropFirst(perLength[length])
    }
    self.init(lengths: lengths)
  }

  /// How many symbols of a Huffman code have each length; the weights come in ascending order.
  private static func symbolsPerLength(weights: [Int]) -> [Int] {
    let leafCount = weights.count
    // Leaves 0 ..< leafCount, then inner nodes in the order of their weights.
    var weights = weights
    var parents = [Int](repeating: 0, count: 2 * leafCount - 1)
    var leaf = 0
    var inner = leafCount
    for node in leafCount..<(2 * leafCount - 1) {
      var sum = 0
      for _ in 0..<2 {
        let takesLeaf = leaf < leafCount && (inner >= node || weights[leaf] <= weights[inner])
        let child = takesLeaf ? leaf : inner
        if takesLeaf { leaf += 1 } else { inner += 1 }
        sum += weights[child]
        parents[child] = node
      }
      weights.append(sum)
    }
    var depths = [Int](repeating: 0, count: parents.count)
    var result = [Int](repeating: 0, count: max(leafCount + 1, 16))
    for node in parents.indices.dropLast().reversed() {
      depths[node] = depths[parents[node]] + 1
      if node < leafCount { result[depths[node]] += 1 }
    }
    return result
  }

  /// Shortens codes over the limit, and lengthens as few others as keeps the code possible.
  private static func limited(_ perLength: [Int], to limit: Int) -> [Int] {
    var result = Array(perLength[...limit])
    result[limit] += perLength[(limit + 1)...].reduce(0, +)
    var used = (1...limit).reduce(0) { $0 + result[$1] << (limit - $1) }
    while used > 1 << limit {
      guard let length = (1..<limit).last(where: { result[$0] > 0 }) else { break }
      result[limit] -= 1
      result[length] -= 1
      result[length + 1] += 2
      used -= 1
    }
    return result
  }
}
