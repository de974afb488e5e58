/// The compiler's own words, sorted by the file they are about.
enum Diagnostics {
  /// The lines about one file: each `FILE:LINE:COLUMN: error: …` with the lines that explain it;
  /// nothing unless one of them is an error.
  static func lines(of output: String, about file: String) -> [String] {
    var lines: [String] = []
    var belongs = false
    var hasError = false
    for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("/") || line.hasPrefix("error:") || line.hasPrefix("<unknown>") {
        belongs = line.hasPrefix(file + ":")
        hasError = hasError || (belongs && line.contains(": error: "))
      }
      if belongs { lines.append(String(line)) }
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return hasError ? lines : []
  }

  /// The line number of an error that is about `file`.
  static func line(of text: some StringProtocol, in file: String) -> Int? {
    guard text.hasPrefix(file + ":"), text.contains(": error: ") else { return nil }
    return Int(text.dropFirst(file.count + 1).prefix { $0.isNumber })
  }
}
