internal import KernelsBaseline

/// What a pass over many floats found.
public struct NumberScan: Hashable, Sendable {
  /// 128 bits that depend on every bit of every number and on their order.
  public let hash: [UInt64]
  /// How many numbers are infinite or not a number.
  public let nonFinite: Int
}

/// Returns a hash of the numbers and how many of them are not finite, at the speed of the memory.
public func scan(_ numbers: UnsafeBufferPointer<Float>, threads: Threads = .all) -> NumberScan {
  let piece = 1 << 18
  let pieces = ceilDivide(numbers.count, piece)
  var results = [UInt64](repeating: 0, count: 3 * pieces)
  guard let start = numbers.baseAddress, pieces > 0 else {
    return NumberScan(hash: [0, 0], nonFinite: 0)
  }
  start.withMemoryRebound(to: UInt32.self, capacity: numbers.count) { words in
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let (results, words) = (results.baseAddress!, words)
      threads.run(pieces) { task, _ in
        let first = task * piece
        scanWords(words + first, min(piece, numbers.count - first), results + 3 * task)
      }
    }
  }
  var hash: [UInt64] = [0, 0]
  for piece in 0..<pieces {
    for half in 0..<2 {
      hash[half] = (hash[half] ^ results[3 * piece + half]) &* 0xBF58_476D_1CE4_E5B9
      hash[half] ^= hash[half] >> 32
    }
  }
  let nonFinite = (0..<pieces).reduce(0) { $0 + Int(results[3 * $1 + 2]) }
  return NumberScan(hash: hash, nonFinite: nonFinite)
}

/// Fills `numbers` with seeded numbers that are evenly spread from −limit to limit: the same at every
/// level, and for any number of threads.
public func fillEvenly(
  _ numbers: UnsafeMutableBufferPointer<Float>, seed: UInt64, limit: Float, threads: Threads = .all
) {
  guard let start = numbers.baseAddress else { return }
  nonisolated(unsafe) let pointer = start
  let piece = 1 << 18
  threads.run(ceilDivide(numbers.count, piece)) { task, _ in
    KernelsBaseline.fillEvenly(
      pointer, task * piece, min((task + 1) * piece, numbers.count), seed, limit)
  }
}
