/// Whether an attempt may be compiled into one module with others, which is much quicker than a module
/// for each: nothing in it can mean something else there.
///
/// Whoever is in doubt gets a module alone, so this looks at lines, not at grammar: beyond comments and
/// imports there must be the exercise's function alone, and it must not name the function of another
/// exercise.
func sharesNothing(_ text: String, _ name: String, besides others: Set<String>) -> Bool {
  var depth = 0
  for line in text.split(separator: "\n") {
    let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
    let words = code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
    let marks = code.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
    if freeNames(in: code).contains(where: { $0 != name && others.contains($0) }) { return false }
    if code.contains("#sourceLocation") { return false }
    if depth == 0 {
      let isOwn = words.starts(with: ["public", "func", name])
      guard marks.isEmpty || marks == "{" || words.first == "import" || isOwn,
        !marks.contains(";"), !marks.hasPrefix("@")
      else { return false }
    }
    for mark in marks {
      if "{([".contains(mark) { depth += 1 }
      if "})]".contains(mark) { depth -= 1 }
      if depth < 0 { return false }
    }
    if depth == 0, marks.hasPrefix("}"), marks != "}" { return false }
  }
  return depth == 0
}

/// The names that are no member of something: of `parts.fuse(a...compose)` `parts`, `a` and `compose`.
private func freeNames(in code: Substring) -> [String] {
  code.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }.flatMap { chain in
    let parts = chain.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return parts.indices.filter { $0 == 0 || $0 > 1 && parts[$0 - 1].isEmpty }.map { parts[$0] }
  }
}
