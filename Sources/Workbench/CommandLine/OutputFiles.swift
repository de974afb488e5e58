import Interchange
import Tensors

/// Writes several files one after the other. If one fails, the sentence says which are there by then: they
/// are whole, and are kept.
struct OutputFiles {
  private var written: [String] = []

  /// Writes one file.
  ///
  /// - Throws: what `write` throws, as an `ExitStatus` if there are files before it.
  mutating func write(_ path: String, _ write: () throws -> Void) throws {
    do {
      try write()
    } catch {
      guard !written.isEmpty, let status = error as? ExitStatus ?? exitStatus(of: error) else {
        throw error
      }
      throw ExitStatus(
        code: status.code,
        "\(status.description); \(written.summary) \(written.count == 1 ? "was" : "were") written "
          + "before, and \(written.count == 1 ? "is" : "are") kept")
    }
    written.append(path)
  }
}
