import Interchange

/// The files that a command reads. None of them may be written over, by whatever path or link its
/// output leads to it.
struct InputFiles {
  private var pathAt: [String: String] = [:]

  init(_ paths: [String]) {
    for path in paths where FilePlace.isFile(path) { pathAt[FilePlace.location(of: path)] = path }
  }

  /// Checks, before any work, that an output can be written and replaces no input.
  ///
  /// - Throws: `ExitStatus` 64 if it is an input; `FileProblem.cannotWrite`.
  func check(output: String) throws {
    try checkReplacement(by: output)
    try FilePlace.checkOutput(output)
  }

  /// Checks that an output replaces no input, also where its folder is not made yet.
  ///
  /// - Throws: `ExitStatus` 64
  func checkReplacement(by output: String) throws(ExitStatus) {
    guard let input = pathAt[FilePlace.location(of: output)] else { return }
    throw .usage("\(output) would replace the input \(input); give the output another name")
  }
}
