import Foundation
import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

/// Every reader takes thousands of damaged files without a crash; what it accepts has the values it
/// says, and no more of them than the file can hold.
///
/// With `CONVBOOK_LONG_TESTS=1` each reader is fed for a minute.
@Suite struct WeightFuzzTests {
  struct Reader: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String]
    var testDescription: String { name }
  }

  static let readers = [
    Reader(
      name: "npy",
      files: ["npy/f4-little.npy", "npy/u8-big.npy", "npy/columns-first.npy", "npy/version3.npy"]),
    Reader(
      name: "safetensors", files: ["weights/plain.safetensors", "weights/dtypes.safetensors"]),
    Reader(
      name: "npz", files: ["weights/stored.npz", "weights/deflated.npz", "weights/wide.npz"]),
    // Without checksums, damage comes further than to a wrong one.
    Reader(name: "zip pth", files: ["weights/no-checksums.pth", "weights/big.pth"]),
    Reader(
      name: "legacy pth",
      files: ["weights/old-form.pth", "weights/state-legacy.pth"]),
    Reader(
      name: "checkpoints",
      files: [
        "checkpoints/pytorch-fcn.pth", "checkpoints/protocol4-legacy.pth",
        "checkpoints/protocol5.pth", "checkpoints/newer.pth", "checkpoints/packed-again.pth",
        "checkpoints/protocol2-legacy.pth", "checkpoints/keras.npz",
      ]),
    Reader(
      name: "caffemodel",
      files: [
        "weights/first.caffemodel", "weights/second.caffemodel", "weights/loose.caffemodel",
      ]),
  ]

  @Test(arguments: readers) func `cut at every byte`(reader: Reader) throws {
    for (index, file) in reader.files.enumerated() {
      let original = try ArrayFixtures.bytes(file)
      let mutations = Mutations(of: original, seed: 0)
      // The first file at every byte, the others at some.
      for count in stride(from: 0, to: original.count, by: index == 0 ? 1 : 5) {
        let outcome = try outcome(of: mutations.truncated(to: count), from: file)
        // A message of Caffe's may end after any field.
        if case .read = outcome, reader.name != "caffemodel" {
          Issue.record("\(file) was read although cut at byte \(count) of \(original.count)")
        }
      }
      guard case .read = try outcome(of: original, from: file) else {
        Issue.record("\(file) was refused as it is")
        return
      }
    }
  }

  @Test(arguments: readers) func `bits flipped, lengths that lie, pieces lost`(reader: Reader)
    throws
  {
    let isLong = ProcessInfo.processInfo.environment["CONVBOOK_LONG_TESTS"] == "1"
    let clock = ContinuousClock()
    let end = clock.now + .seconds(isLong ? 60 : 0)
    let originals = try reader.files.map { try ArrayFixtures.bytes($0) }
    var seed: UInt64 = 0
    repeat {
      for (file, original) in zip(reader.files, originals) {
        var mutations = Mutations(of: original, seed: seed)
        for _ in 0..<250 { _ = try outcome(of: mutations.next(), from: file) }
      }
      seed += 1
    } while clock.now < end
  }

  private enum Outcome { case read, refused }

  /// Whether the bytes were read; an error of another type than ours is thrown on.
  private func outcome(of bytes: [UInt8], from file: String) throws -> Outcome {
    let contents = FileContents(bytes, name: file)
    do {
      if file.hasSuffix(".npy") {
        let array = try NPYReader.read(contents)
        check(array.shape, array.values.count, of: file, bytes)
      } else {
        for entry in try WeightFile.open(contents).entries {
          check(entry.shape, try entry.values().count, of: file, bytes)
          try entry.withUnsafeFloats { check(entry.shape, $0.count, of: file, bytes) }
        }
      }
      return .read
    } catch is InterchangeError {
      return .refused
    }
  }

  private func check(_ shape: Shape, _ count: Int, of file: String, _ bytes: [UInt8]) {
    // One byte may hold a cell; deflated, 1032 of them; and strides of 0 may fill a small shape.
    let most = file.hasSuffix(".npz") ? 1032 * bytes.count : max(bytes.count, 1 << 16)
    if count != shape.count || count > most {
      Issue.record("\(count) cells of \(shape) from \(bytes.count) bytes of \(file): \(bytes)")
    }
  }
}
