internal import Foundation
internal import Interchange
internal import Tensors
internal import Testing

/// Damaged files: whatever comes, the readers return a picture or an ``InterchangeError``. A trap
/// or a hang would end the whole run.
///
/// With `CONVBOOK_LONG_TESTS=1` each reader is tried for a minute.
@Suite struct PictureFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["CONVBOOK_LONG_TESTS"] == "1"

  @Test func `PNG`() throws {
    try fuzz(PictureFixtures.pngs, cases: 1500) { bytes, random in
      // Right checksums for most, so that the damage gets behind them.
      random.integer(in: 0...9) == 0 ? bytes : PNGBuilder.withRightChecksums(bytes)
    }
  }

  @Test func `JPEG`() throws {
    try fuzz(PictureFixtures.jpegs, cases: 500) { bytes, _ in bytes }
  }

  @Test func `PNM`() throws {
    try fuzz(PictureFixtures.names(in: "PNM", ending: "m"), cases: 1000) { bytes, _ in bytes }
  }

  @Test func `zlib data`() throws {
    let streams = try ["Compression/fixed.zlib", "Compression/dynamic.zlib"].map(Fixtures.bytes)
    var random = SplitMix64(seed: 6)
    repeatedly(cases: 100) { number in
      let damaged = Self.damaged(streams[number % streams.count], &random)
      let result = try? inflated(damaged, limit: 30_000)
      #expect(result.map { $0.count <= 30_000 } ?? true)
    }
  }

  private func fuzz(
    _ names: [String], cases: Int, finish: ([UInt8], inout SplitMix64) -> [UInt8]
  ) throws {
    let files = try names.map(Fixtures.bytes)
    #expect(!files.isEmpty)
    var random = SplitMix64(seed: 5)
    repeatedly(cases: cases) { number in
      let damaged = finish(Self.damaged(files[number % files.count], &random), &random)
      do throws(InterchangeError) {
        let picture = try Picture(decoding: damaged, maximumPixels: 100_000)
        #expect(picture.width * picture.height <= 100_000)
      } catch {
        #expect(!error.description.isEmpty)
      }
      _ = try? LabelMap(decoding: damaged, maximumPixels: 100_000)
    }
  }

  /// Calls `body` with 0 ..< cases, or for a minute in the long mode.
  private func repeatedly(cases: Int, _ body: (Int) -> Void) {
    let start = ContinuousClock.now
    var number = 0
    while Self.isLong ? start.duration(to: .now) < .seconds(60) : number < cases {
      body(number)
      number += 1
    }
  }

  /// The file with one to four of: a bit flipped, a byte replaced, removed or inserted (often by
  /// one that makes lengths lie), the end cut off, a stretch repeated.
  private static func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.integer(in: 1...4) where !bytes.isEmpty {
      // Heads are damaged as often as data.
      let last = random.integer(in: 0...1) == 0 ? bytes.count - 1 : min(bytes.count, 200) - 1
      let index = random.integer(in: 0...last)
      let value = [0, 1, 127, 128, 255, UInt8(random.integer(in: 0...255))][
        random.integer(in: 0...5)]
      switch random.integer(in: 0...6) {
      case 0, 1: bytes[index] ^= 1 << UInt8(random.integer(in: 0...7))
      case 2, 3: bytes[index] = value
      case 4: bytes.insert(value, at: index)
      case 5: bytes.removeSubrange(index..<min(index + random.integer(in: 1...3), bytes.count))
      default:
        if random.integer(in: 0...1) == 0 {
          bytes.removeLast(bytes.count - index)
        } else {
          bytes.insert(contentsOf: bytes[index..<min(index + 20, bytes.count)], at: index)
        }
      }
    }
    return bytes
  }
}
