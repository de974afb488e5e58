import Tensors

/// The numbers `0..<count` in the order in which an epoch of training takes its pictures.
///
/// The same seed and epoch give the same order on every machine, and each epoch another one, whatever
/// happened in the epochs before: training that continues at epoch 7 needs no memory of the first six.
/// Every order is equally likely (Fisher and Yates; Durstenfeld, algorithm 235, 1964).
///
///     shuffledIndices(count: 4, seed: 1, epoch: 0)   // the numbers 0, 1, 2 and 3 in some order
///
/// Complexity: O(count)
public func shuffledIndices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  var generator = SplitMix64(seed: seedOfPart(epoch, of: seed))
  var indices = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    indices.swapAt(last, generator.integer(in: 0...last))
  }
  return indices
}

/// The seed of part `index` of what has the seed `seed`.
///
/// For one seed all parts differ; parts of two seeds are alike only by a chance of 2⁻⁶⁴, neighbouring
/// seeds included, since the seed itself goes through the generator first.
func seedOfPart(_ index: Int, of seed: UInt64) -> UInt64 {
  var ofSeed = SplitMix64(seed: seed)
  var ofPart = SplitMix64(seed: ofSeed.next() &+ UInt64(truncatingIfNeeded: index))
  return ofPart.next()
}
