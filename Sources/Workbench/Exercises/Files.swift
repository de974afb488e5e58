import Interchange
import Platform

/// Reading and writing the small files of the learner's loop, with its errors.
enum Files {
  static func exists(_ path: String) -> Bool { FilePlace.exists(path) }

  /// The text of a file; bytes that are not UTF-8 are replaced.
  static func read(_ path: String) throws(PracticeError) -> String {
    guard exists(path) else { throw .cannotOpen("\(path) is not there") }
    do {
      return String(decoding: try FileBytes.read(path), as: UTF8.self)
    } catch {
      throw .cannotOpen("\(error)")
    }
  }

  /// Writes a file whole or not at all.
  static func write(_ text: String, to path: String) throws(PracticeError) {
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch {
      throw .cannotWrite("\(error)")
    }
  }

  /// Makes a folder, and those above it that are missing.
  static func makeFolder(_ path: String) throws(PracticeError) {
    do {
      try FilePlace.makeFolders(path)
    } catch {
      throw .cannotWrite("\(error)")
    }
  }

  static func move(_ path: String, to other: String) throws(PracticeError) {
    guard rename(path, other) == 0 else {
      throw .cannotWrite("\(other) cannot be written: \(reasonOfFailure)")
    }
  }

  /// Removes a file or a folder with all it holds; nothing happens if it is not there.
  static func remove(_ path: String) { FilePlace.removeAll(path) }

  /// The names in a folder, sorted; none if it cannot be read.
  static func names(in folder: String) -> [String] { (try? FilePlace.names(in: folder)) ?? [] }

  /// Something that changes whenever the file at `path` is saved; nil if there is no file.
  static func stamp(_ path: String) -> [Int]? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    let time = facts.modified
    return [Int(facts.st_ino), Int(facts.st_size), Int(time.tv_sec), Int(time.tv_nsec)]
  }
}
