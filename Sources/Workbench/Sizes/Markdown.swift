/// A table in Markdown.
func markdownTable(_ head: [String], _ rows: [[String]]) -> String {
  let lines = [head, head.map { _ in "---" }] + rows
  return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
}

/// Lines of code in a table's cell.
func markdownCode(_ text: String) -> String {
  text.split(separator: "\n").map { "`\($0)`" }.joined(separator: "<br>")
}

/// A list of short texts: `5`, `5 and 6`, `5, 6 and 7`.
func joinedByAnd(_ items: [String]) -> String {
  guard let last = items.last, items.count > 1 else { return items.first ?? "none" }
  return items.dropLast().joined(separator: ", ") + " and " + last
}
