internal import Platform
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reading and writing small files, with errors in one sentence.
enum Files {
  /// Whether there is a file or folder at `path`.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The text of a file; bytes that are not UTF-8 are replaced.
  static func read(_ path: String) throws(PracticeError) -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .cannotOpen(
        exists(path) ? "\(path) cannot be read" : "\(path) is not there")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Writes a file whole or not at all: to a temporary file, which then takes its name.
  static func write(_ text: String, to path: String) throws(PracticeError) {
    let temporary = "\(path).new-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(reason(path)) }
    let whole = put(Array(text.utf8), to: descriptor) && fsync(descriptor) == 0
    guard close(descriptor) == 0, whole, rename(temporary, path) == 0 else {
      let text = reason(path)
      unlink(temporary)
      throw .cannotWrite(text)
    }
  }

  /// Writes all bytes; whether that was possible.
  static func put(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// Makes a folder, and those above it that are missing.
  static func makeFolder(_ path: String) throws(PracticeError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite("the folder \(path) cannot be made; is the folder above it read-only?")
    }
  }

  /// Gives a file another name.
  static func move(_ path: String, to other: String) throws(PracticeError) {
    guard rename(path, other) == 0 else { throw .cannotWrite(reason(other)) }
  }

  /// Removes a file or a folder with all it holds; nothing happens if it is not there.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// The names in a folder, sorted; none if it cannot be read.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Something that changes whenever the file at `path` is saved; nil if there is no file.
  static func stamp(_ path: String) -> [Int]? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    let time = facts.modified
    return [Int(facts.st_ino), Int(facts.st_size), Int(time.tv_sec), Int(time.tv_nsec)]
  }

  private static func reason(_ path: String) -> String {
    "\(path) cannot be written: \(reasonOfFailure)"
  }
}
