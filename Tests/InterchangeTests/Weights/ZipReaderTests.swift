import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct ZipReaderTests {
  @Test(arguments: ["stored.npz", "deflated.npz", "wide.npz"])
  func `arrays as numpy saves them`(name: String) throws {
    let file = try WeightFile.open(ArrayFixtures.path("weights/\(name)"))
    #expect(file.format == .npz)
    #expect(file.entries.map(\.name) == ["a.weight", "half", "columns", "big"])
    #expect(file["columns"]?.shape == [2, 3])
    #expect(try file["a.weight"]?.values() == [0, 1, 2, 3, 4, 5])
    #expect(try file["columns"]?.values() == [0, 1, 2, 3, 4, 5])
    #expect(try file["half"]?.values() == [0.5, -2])
    #expect(try file["big"]?.values() == [0, 1, 2, 3])
  }

  @Test func `much from little is read when it is asked for`() throws {
    let entry = try #require(
      try WeightFile.open(ArrayFixtures.path("weights/zeros.npz"))["zeros"])
    #expect(entry.shape == [400, 1000])
    #expect(try entry.values().allSatisfy { $0 == 0 })
  }

  @Test func `a zip of other things is no weight file`() {
    let problem = sentence { try WeightFile.open(ArrayFixtures.path("weights/other.zip")) }
    #expect(problem.contains("the member readme.txt is no .npy array"))
  }

  private func bytes() throws -> [UInt8] {
    try ArrayFixtures.bytes("weights/stored.npz")
  }

  private func problem(_ bytes: [UInt8]) -> String {
    sentence {
      try WeightFile.open(FileContents(bytes, name: "x.npz")).entries.map { try $0.values() }
    }
  }

  /// The positions of the directory's entries.
  private func entries(_ bytes: [UInt8]) -> [Int] {
    (0..<bytes.count - 4).filter { bytes[$0..<$0 + 4] == [0x50, 0x4B, 1, 2] }
  }

  @Test func `the end record may lead to one of 64 bits`() throws {
    var bytes = try ArrayFixtures.bytes("weights/wide.npz")
    // Entries, entries here, size and offset of the directory, all said to be elsewhere.
    bytes.replaceSubrange(
      (bytes.count - 14)..<(bytes.count - 2), with: Array(repeating: 0xFF, count: 12))
    let file = try WeightFile.open(FileContents(bytes, name: "x.npz"))
    #expect(try file["half"]?.values() == [0.5, -2])
  }

  @Test func `a wrong checksum is noticed`() throws {
    var bytes = try bytes()
    bytes[try #require(entries(bytes).first) - 1] ^= 0x10
    #expect(problem(bytes).contains("of big, its data is damaged: the CRC-32 is"))
  }

  @Test func `lies of the directory are refused`() throws {
    let intact = try bytes()
    let entry = try #require(entries(intact).first)
    let end = intact.count - 22
    func changed(_ place: Int, _ value: UInt8...) -> String {
      var bytes = intact
      bytes.replaceSubrange(place..<place + value.count, with: value)
      return problem(bytes)
    }
    #expect(changed(entry + 8, 1).contains("is encrypted"))
    #expect(changed(entry + 10, 12).contains("compression method 12"))
    #expect(changed(entry + 24, 0, 0, 1).contains("is stored in"))
    #expect(changed(entry + 42, 0, 0, 1).contains("outside of the file"))
    #expect(changed(entry + 42, 7).contains("does not begin at byte 7"))
    #expect(changed(end + 10, 9).contains("do not fit"))
    #expect(changed(end + 10, 3).contains("has 4 members, and its end says 3"))
    #expect(changed(end + 16, 0, 0, 0, 0x7F).contains("the zip directory should be"))
    #expect(changed(end, 0).contains("no end record"))
    // The second member is said to be the first, with other bytes of the same place.
    let second = entries(intact)[1]
    #expect(changed(second + 42, 0).contains("overlap"))
  }

  @Test func `a size that deflate cannot reach is refused`() throws {
    var bytes = try ArrayFixtures.bytes("weights/zeros.npz")
    let entry = try #require(entries(bytes).first)
    bytes[entry + 27] = 0x7F
    #expect(problem(bytes).contains("more than deflate can hold"))
  }

  @Test func `a small file that inflates to a large one is refused before it is inflated`() throws {
    // 5,000,000 zeros of 4 bytes, and the header of 128.
    #expect(
      problem(try ArrayFixtures.bytes("weights/bomb.npz"))
        .contains("inflates to \(5_000_000 * 4 + 128) bytes, more than \(1 << 24)"))
  }

  @Test func `a size that the data does not have is refused`() throws {
    var bytes = try ArrayFixtures.bytes("weights/zeros.npz")
    let entry = try #require(entries(bytes).first)
    bytes[entry + 24] ^= 1
    #expect(problem(bytes).contains("needs 1600000 bytes of data"))
  }
}

@Suite struct ParallelChecksumTests {
  @Test func `pieces give the checksum of the whole`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 + 7 * $0) }
    bytes.withUnsafeBufferPointer { bytes in
      for piece in [1, 7, 333, 500, 999, 1000, 5000] {
        #expect(CRC32.parallel(bytes, piece: piece) { _ in } == CRC32.of(bytes), "piece \(piece)")
      }
    }
    #expect(CRC32.parallel(UnsafeBufferPointer(start: nil, count: 0), piece: 4) { _ in } == 0)
  }
}
