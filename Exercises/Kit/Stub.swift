/// How a solution becomes the file a learner starts from: what stands between the two marks is cut
/// out and replaced by `throw Unsolved()`.
public enum Stub {
  static let opening = "// solution"
  static let closing = "// end of solution"

  /// The stub of a solution file, or nil if the marks are missing, unpaired or more than one pair.
  ///
  /// ```swift
  /// Stub.text(ofSolution: "func f() {\n  // solution\n  work()\n  // end of solution\n}\n")
  /// // "func f() {\n  throw Unsolved()\n}\n"
  /// ```
  public static func text(ofSolution solution: String) -> String? {
    guard let parts = split(solution) else { return nil }
    return parts.before + parts.indent + "throw Unsolved()\n" + parts.after
  }

  /// What a learner reads once the answer may be seen: the file without the marks.
  public static func answer(ofSolution solution: String) -> String? {
    guard let parts = split(solution) else { return nil }
    return parts.before + parts.body + parts.after
  }

  /// The task: the text of the `///` comment, without the slashes.
  public static func task(ofSolution solution: String) -> [String] {
    solution.split(separator: "\n").filter { $0.hasPrefix("///") }.map { line in
      String(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3))
    }
  }

  /// The file with a paragraph more at the end of its `///` comment.
  public static func adding(_ sentence: String, toCommentOf solution: String) -> String {
    var lines = solution.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let last = lines.lastIndex(where: { $0.hasPrefix("///") }) else { return solution }
    lines.insert(contentsOf: ["///", "/// \(sentence)"], at: last + 1)
    return lines.joined(separator: "\n")
  }

  /// Whether a file's one function still has nothing but `throw Unsolved()` in it.
  public static func isStub(_ text: String) -> Bool {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty && !$0.hasPrefix("//") }
    return lines.suffix(2) == ["throwUnsolved()", "}"]
      && lines.dropLast(2).last?.hasSuffix("{") == true
      && lines.count { $0.hasSuffix("{") } == 1
  }

  private static func split(
    _ text: String
  ) -> (before: String, indent: String, body: String, after: String)? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let marks = lines.map { $0.drop { $0 == " " } }
    let openings = marks.indices.filter { marks[$0] == opening }
    let closings = marks.indices.filter { marks[$0] == closing }
    guard openings.count == 1, closings.count == 1, let from = openings.first,
      let to = closings.first, from < to
    else { return nil }
    func joined(_ range: Range<Int>) -> String { lines[range].map { $0 + "\n" }.joined() }
    return (
      joined(0..<from), String(lines[from].prefix { $0 == " " }), joined((from + 1)..<to),
      joined((to + 1)..<lines.count)
    )
  }
}

/// What the body of an exercise throws until it is solved.
///
/// ```swift
/// public func flipped(_ w: Tensor<Int>) throws -> Tensor<Int> {
///   throw Unsolved()
/// }
/// ```
public struct Unsolved: Error, CustomStringConvertible {
  /// The error itself; it carries nothing.
  public init() {}

  /// One sentence.
  public var description: String { "this exercise is not solved yet" }
}
