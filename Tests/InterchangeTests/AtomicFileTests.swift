internal import Interchange
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite struct AtomicFileTests {
  /// A new folder that is removed after `body`.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/files-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `what is written is read, and nothing else remains`() throws {
    try inFolder { folder in
      let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
      try AtomicFile.write([1], to: folder + "/a")
      try AtomicFile.write(bytes, to: folder + "/a")
      #expect(try FileBytes.read(folder + "/a") == bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test func `without a commit the target stays as it was`() throws {
    try inFolder { folder in
      try AtomicFile.write([1, 2, 3], to: folder + "/a")
      do {
        let file = try AtomicFile(replacing: folder + "/a")
        try file.append([9])
      }
      #expect(try FileBytes.read(folder + "/a") == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test func `a folder or a missing folder can't be written`() throws {
    try inFolder { folder in
      #expect(throws: FileProblem.self) { try AtomicFile.write([1], to: folder) }
      #expect(throws: FileProblem.self) { try AtomicFile.write([1], to: folder + "/none/a") }
    }
  }

  @Test func `a folder or a missing file can't be read`() throws {
    try inFolder { folder in
      #expect(throws: FileProblem.self) { try FileBytes.read(folder) }
      #expect(throws: FileProblem.self) { try FileBytes.read(folder + "/none") }
    }
  }

  @Test func `a file of exactly the limit is read, one byte more is refused`() throws {
    try inFolder { folder in
      try AtomicFile.write([1, 2, 3], to: folder + "/a")
      #expect(try FileBytes.read(folder + "/a", limit: 3) == [1, 2, 3])
      #expect(throws: InterchangeError.self) { try FileBytes.read(folder + "/a", limit: 2) }
      #expect(throws: InterchangeError.self) { try FileBytes.read("/dev/zero", limit: 100_000) }
    }
  }
}
