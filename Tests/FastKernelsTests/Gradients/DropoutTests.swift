import FastKernels
import Tensors
import Testing

/// Dropout chooses by a hash of the seed and the place: nothing here is left to chance.
struct DropoutTests {
  func run(
    _ dropout: Dropout, _ x: [Float], channels: Int, _ size: Size, seed: UInt32,
    _ threads: Threads = Threads(2), _ level: Level = .best
  ) -> [Float] {
    let result = unwritten(channels: channels, size)
    dropout.run(
      loaded(x, channels: channels, size), into: result, seed: seed, Workspace(threads: threads),
      level: level)
    return planar(result, "\(dropout), seed \(seed)")
  }

  /// Whether each cell of a map of ones is dropped.
  func mask(
    _ dropout: Dropout, channels: Int, _ size: Size, seed: UInt32
  ) -> [Bool] {
    let ones = [Float](repeating: 1, count: channels * size.area)
    return run(dropout, ones, channels: channels, size, seed: seed).map { $0 == 0 }
  }

  /// How many standard deviations a count lies from what `probability` of so many would give.
  func deviation(_ count: Int, of total: Int, _ probability: Double) -> Double {
    let expected = Double(total) * probability
    return (Double(count) - expected).magnitude / (expected * (1 - probability)).squareRoot()
  }

  @Test func `About as many cells are dropped as the probability says`() {
    let (channels, size) = (24, Size(height: 20, width: 25))
    for (probability, seed) in [(0.5, 1), (0.1, 2), (0.9, 3), (0.25, 0), (0.5, UInt32.max)] {
      let dropped = mask(
        Dropout(probability: probability), channels: channels, size, seed: seed)
      let count = dropped.count { $0 }
      let far = deviation(count, of: dropped.count, probability)
      #expect(far < 4, "\(count) of \(dropped.count) for \(probability), seed \(seed)")
      // In every channel too: 4 deviations of 24 happen once in 600 such tests.
      for channel in 0..<channels {
        let own = dropped[(channel * size.area)..<((channel + 1) * size.area)].count { $0 }
        #expect(deviation(own, of: size.area, probability) < 4, "channel \(channel): \(own)")
      }
    }
  }

  @Test func `What is kept is divided by 1 − p, what is dropped is 0`() {
    var random = SplitMix64(seed: 121)
    let (channels, size) = (19, Size(height: 6, width: 7))
    for probability in [0, 0.25, 0.5, 0.7] {
      for byChannel in [false, true] {
        let dropout = Dropout(probability: probability, byChannel: byChannel)
        let dropped = mask(dropout, channels: channels, size, seed: 9)
        // The map forward and the gradient backward: other numbers, the same cells.
        for _ in 0..<2 {
          let x = random.floats(channels * size.area)
          let expected = zip(x, dropped).map { $1 ? 0 : $0 * Float(1 / (1 - probability)) }
          for level in Level.available {
            for threads in threadCounts {
              let got = run(
                dropout, x, channels: channels, size, seed: 9, threads, level)
              expectEqual(got, expected, "\(level), \(threads.count) threads, \(dropout)")
            }
          }
        }
        #expect(probability > 0 || !dropped.contains(true))
      }
    }
  }

  @Test func `Channels are dropped as a whole`() {
    let (channels, size) = (2000, Size(height: 2, width: 3))
    let dropout = Dropout(probability: 0.3, byChannel: true)
    let dropped = mask(dropout, channels: channels, size, seed: 5)
    let first = stride(from: 0, to: dropped.count, by: size.area).map { dropped[$0] }
    for (i, isDropped) in dropped.enumerated() where isDropped != first[i / size.area] {
      Issue.record("channel \(i / size.area) is dropped in part")
      break
    }
    let count = first.count { $0 }
    #expect(deviation(count, of: channels, 0.3) < 4, "\(count) of \(channels)")
  }

  @Test func `Seeds, and neighbours, have nothing to do with each other`() {
    let (channels, size) = (16, Size(height: 25, width: 20))
    for probability in [0.5, 0.2] {
      let dropout = Dropout(probability: probability)
      let masks = [0, 1, 2, 3, 1 << 16, 1 << 31].map {
        mask(dropout, channels: channels, size, seed: $0)
      }
      // Two independent choices agree to drop with p².
      for a in masks.indices {
        for b in masks.indices where b > a {
          let both = zip(masks[a], masks[b]).count { $0 && $1 }
          let far = deviation(both, of: masks[a].count, probability * probability)
          #expect(far < 4, "masks \(a) and \(b): \(both) for \(probability)")
        }
        for step in [1, size.width, size.area] {
          let both = zip(masks[a], masks[a].dropFirst(step)).count { $0 && $1 }
          let far = deviation(both, of: masks[a].count - step, probability * probability)
          #expect(far < 4, "mask \(a), cells \(step) apart: \(both) for \(probability)")
        }
      }
    }
  }
}
