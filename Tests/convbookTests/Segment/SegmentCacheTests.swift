import Foundation
import Interchange
import Tensors
import Testing
import WeightFiles

/// `segment` keeps the packed weights of large networks, and knows their files again without reading them.
@Suite struct SegmentCacheTests {
  private static let network =
    "conv 64 k1 relu; conv 1024 k1 relu; conv 16384 k1 relu; conv 2 k1"

  /// The network whose only numbers are those of two streams: output 0 is one stream's gain, output 1 the
  /// other's; so the label of every pixel is that of the larger gain. 16384 · 1024 numbers are 67 MB.
  private func save(gains: [Float], in fixture: Fixture, _ name: String = "w.safetensors") throws {
    func tensor(_ outputs: Int, _ inputs: Int, _ numbers: [(Int, Float)]) -> Tensor<Float> {
      var elements = [Float](repeating: 0, count: outputs * inputs)
      for (place, number) in numbers { elements[place] = number }
      return Tensor(shape: [outputs, inputs, 1, 1], elements: elements)
    }
    func bias(_ count: Int, _ first: Float = 0) -> Tensor<Float> {
      var elements = [Float](repeating: 0, count: count)
      elements[0] = first
      return Tensor(shape: [count], elements: elements)
    }
    try fixture.save(
      name,
      tensors: [
        ("conv1.weight", tensor(64, 3, [])), ("conv1.bias", bias(64, 1)),
        ("conv2.weight", tensor(1024, 64, [(0, 1)])), ("conv2.bias", bias(1024)),
        ("conv3.weight", tensor(16384, 1024, [(0, gains[0]), (1024, gains[1])])),
        ("conv3.bias", bias(16384)),
        ("conv4.weight", tensor(2, 16384, [(0, 1), (16385, 1)])), ("conv4.bias", bias(2)),
      ])
  }

  /// The labels of a picture, which are all the same.
  private func label(_ fixture: Fixture, _ options: String = "") throws -> UInt8 {
    let outcome = try Convbook.run(
      "segment in.png --network net.txt --weights w.safetensors --output l.png --preprocess scene "
        + options,
      in: fixture.folder, environment: ["XDG_CACHE_HOME": fixture.path("cache")])
    #expect(outcome.code == 0, "\(outcome.error)")
    let labels = Set(try LabelMap(contentsOf: fixture.path("l.png")).labels)
    return try #require(labels.count == 1 ? labels.first : nil)
  }

  private func kept(_ fixture: Fixture, _ ending: String) throws -> [URL] {
    let folder = URL(filePath: fixture.path("cache/convbook"))
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == ending }
  }

  @Test func `weights that were changed are read again, whatever time their file pretends`() throws
  {
    let fixture = try Fixture()
    try fixture.save("net.txt", Array(Self.network.utf8))
    try fixture.savePicture("in.png", width: 7, height: 5, seed: 1)
    try save(gains: [1, 2], in: fixture)
    let path = fixture.path("w.safetensors")
    let time = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    // A file that was written a moment ago could be written once more within a tick of the clock.
    Thread.sleep(forTimeInterval: 0.2)

    #expect(try label(fixture, "--no-cache") == 1)
    #expect(!fixture.files.contains("cache"))
    for _ in 0..<2 { #expect(try label(fixture) == 1) }
    #expect(try kept(fixture, "packed").count == 1)
    #expect(try kept(fixture, "note").count == 1)

    // The number of output 1 of conv3, in place, and the file's time set back.
    let file = try WeightFile.open(path)
    let bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    let two = withUnsafeBytes(of: Float(2)) { Data($0) }
    let place = try #require(bytes.range(of: two)?.lowerBound)
    #expect(file.entries.count == 8)
    let handle = try FileHandle(forUpdating: URL(filePath: path))
    try handle.seek(toOffset: UInt64(place))
    try handle.write(contentsOf: withUnsafeBytes(of: Float(0.5)) { Data($0) })
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    #expect(try label(fixture) == 0)

    // What a note says of files that are not these is not believed; nor is one that is no note.
    Thread.sleep(forTimeInterval: 0.2)
    #expect(try label(fixture) == 0)
    for note in try kept(fixture, "note") { try Data("convbook".utf8).write(to: note) }
    #expect(try label(fixture) == 0)
    // Packed weights that were damaged since are packed again.
    for packed in try kept(fixture, "packed") {
      var damaged = try Data(contentsOf: packed)
      for place in stride(from: 5000, to: damaged.count, by: 4096) { damaged[place] ^= 0x40 }
      try damaged.write(to: packed)
    }
    for _ in 0..<2 { #expect(try label(fixture) == 0) }
    // So are weights that are no numbers, which are refused as ever.
    try save(gains: [.nan, 1], in: fixture)
    let refused = try Convbook.run(
      "segment in.png --network net.txt --weights w.safetensors --output n.png",
      in: fixture.folder, environment: ["XDG_CACHE_HOME": fixture.path("cache")])
    #expect(refused.code == 65 && refused.error.contains("conv3.weight (1 of 16777216)"))
  }

  /// The page of a number is written twice through mapped memory; the system tells of the first time alone,
  /// unless what was written went to the disk in between.
  @Test func `weights that are written through mapped memory are read again`() throws {
    let fixture = try Fixture()
    try fixture.save("net.txt", Array(Self.network.utf8))
    try fixture.savePicture("in.png", width: 7, height: 5, seed: 1)
    try save(gains: [1, 2], in: fixture)
    let path = fixture.path("w.safetensors")
    let bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    let two = withUnsafeBytes(of: Float(2)) { Data($0) }
    let place = try #require(bytes.range(of: two)?.lowerBound)
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    let memory = mmap(nil, bytes.count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)!
    defer { munmap(memory, bytes.count) }
    for (number, expected) in [(Float(2), UInt8(1)), (0.5, 0), (3, 1), (0.25, 0)] {
      (memory + place).storeBytes(of: number, as: Float.self)
      Thread.sleep(forTimeInterval: 0.2)
      for _ in 0..<2 { #expect(try label(fixture) == expected, "\(number)") }
    }
  }

  @Test func `places tell tensors of one file apart, and stamps a file that was changed`() throws {
    let fixture = try Fixture()
    let tensor = Tensor<Float>(shape: [2, 2], elements: [1, 2, 3, 4])
    try fixture.save("a.safetensors", tensors: [("a", tensor), ("b", tensor)])
    let file = try WeightFile.open(fixture.path("a.safetensors"))
    let (a, b) = (file.entries[0], file.entries[1])
    #expect(a.place != b.place && a.place != a.permuted([1, 0]).place && a.stamp == b.stamp)
    let stamp = try #require(a.stamp)
    #expect(stamp.isCurrent)
    Thread.sleep(forTimeInterval: 0.2)
    // The stamp was taken when the file had just been written.
    #expect(!stamp.isSettled)
    let later = try #require(FileStamp(path: stamp.path))
    #expect(later.isSettled && later.text == stamp.text && later.settled() == later)
    try fixture.save("a.safetensors", tensors: [("a", tensor), ("b", tensor)])
    #expect(!stamp.isCurrent && later.settled() == nil)
  }
}
