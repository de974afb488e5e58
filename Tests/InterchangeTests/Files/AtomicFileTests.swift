internal import Foundation
internal import Testing

@testable internal import Interchange

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

  @Test func `a large file is written in parts, from wherever it was`() throws {
    try inFolder { folder in
      let largePage = 1 << 21
      let counts = [1000, 2 * largePage + 5, 0, largePage - 1005, largePage + 1]
      let file = try AtomicFile(replacing: folder + "/a")
      var whole = Data()
      for (index, count) in counts.enumerated() {
        let part = [UInt8](repeating: UInt8(index), count: count)
        try file.append(part)
        whole.append(contentsOf: part)
      }
      try file.commit()
      #expect(FileManager.default.contents(atPath: folder + "/a") == whole)
    }
  }

  @Test func `who may read a file stays as it was, whatever takes its place`() throws {
    try inFolder { folder in
      try AtomicFile.write([1], to: folder + "/a")
      #expect(chmod(folder + "/a", 0o600) == 0)
      try AtomicFile.write([2], to: folder + "/a")
      var status = stat()
      #expect(stat(folder + "/a", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test func `a name that is no UTF-8 is named, not passed over`() throws {
    try inFolder { folder in
      let bytes = Array((folder + "/").utf8) + [0x62, 0xFF, 0]
      let made = bytes.withUnsafeBufferPointer { path in
        path.withMemoryRebound(to: CChar.self) { mkdir($0.baseAddress!, 0o700) }
      }
      // Not every file system takes such a name.
      guard made == 0 else { return }
      #expect(throws: FileProblem.self) { try FilePlace.names(in: folder) }
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
    }
  }

  @Test func `a device is refused before a byte is read, and a pipe is read to its end`() throws {
    #expect(throws: FileProblem.cannotOpen("/dev/zero is a device; a file or a pipe is expected")) {
      try FileBytes.read("/dev/zero")
    }
    #expect(throws: FileProblem.self) { try FileContents(mapping: "/dev/zero") }
    try inFolder { folder in
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
      func fill() {
        Thread {
          let descriptor = open(pipe, O_WRONLY)
          _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
          close(descriptor)
        }.start()
      }
      fill()
      let read = try FileBytes.read(pipe, limit: bytes.count)
      #expect(read == bytes)
      fill()
      let words = "\(pipe) gave more than 199999 bytes and no end; save them to a file first"
      #expect(throws: InterchangeError(words)) { try FileBytes.read(pipe, limit: 199_999) }
    }
  }

  @Test func `a pipe at whose other end nobody is keeps nobody waiting`() throws {
    try inFolder { folder in
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let unwritten = sentence { try FileBytes.read(pipe) }
      #expect(unwritten.hasPrefix("\(pipe) is a pipe to which nobody writes; save what"))
      #expect(sentence { try FileContents(mapping: pipe) } == unwritten)
      let unread = sentence { try AtomicFile.write([1], to: pipe) }
      #expect(unread.hasPrefix("\(pipe) cannot be written: it is a pipe from which nobody reads"))
      // Whoever writes late, and slowly, is waited for.
      Thread {
        usleep(100_000)
        let descriptor = open(pipe, O_WRONLY)
        usleep(100_000)
        _ = write(descriptor, "ab", 1)
        usleep(700_000)
        _ = write(descriptor, "ab", 2)
        close(descriptor)
      }.start()
      let read = try FileBytes.read(pipe)
      #expect(read == Array("aab".utf8))
    }
  }

  @Test func `what a killed program left is removed, what another writes is not`() throws {
    try inFolder { folder in
      for name in [
        "a.4711-0.partial", "a.4711-12.partial", "a.partial", "a.b-0.partial", "ab.1-0.partial",
      ] {
        try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let other = open("\(folder)/a.4711-12.partial", O_RDONLY)
      #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
      try AtomicFile.write([2], to: folder + "/a")
      close(other)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
          "a", "a.4711-12.partial", "a.b-0.partial", "a.partial", "ab.1-0.partial",
        ])
    }
  }

  @Test func `two paths to one file have one location, whatever links lie between`() throws {
    try inFolder { folder in
      try AtomicFile.write([1], to: folder + "/a")
      #expect(symlink(folder + "/a", folder + "/soft") == 0)
      #expect(link(folder + "/a", folder + "/hard") == 0)
      #expect(mkdir(folder + "/in", 0o700) == 0)
      let place = FilePlace.location(of: folder + "/a")
      for path in ["/soft", "/hard", "/in/../a", "//a"] {
        #expect(FilePlace.location(of: folder + path) == place, "\(path)")
      }
      #expect(FilePlace.location(of: folder + "/b") != place)
      #expect(
        FilePlace.location(of: folder + "/b") == FilePlace.location(of: folder + "/in/../b"))
    }
  }
}
