/// What the Swift runtime writes about a process that crashed: its calls, innermost first, each with
/// its number and the line it stands in.
struct CrashTrace {
  /// What the runtime is asked for: text alone, and of a deep stack its ends alone. A path with a
  /// comma cannot be said in these settings.
  static func settings(writingTo path: String) -> String {
    path.contains(",")
      ? "enable=no"
      : "enable=yes,color=no,interactive=no,sanitize=no,cache=no,threads=crashed,registers=none,"
        + "images=none,limit=64,output-to=\(path)"
  }

  /// The line of the attempt that was at work.
  private(set) var line: Int?
  /// Whether the calls are so many that only a function that calls itself can have made them.
  private(set) var isEndlessRecursion = false

  /// The trace of an attempt whose file is `stem`.swift.
  init(_ text: String, stem: String) {
    for call in text.split(separator: "\n") {
      let words = call.split(separator: " ")
      if let first = words.first, let number = Int(first), number > 1000 {
        isEndlessRecursion = true
      }
      guard line == nil, let place = call.firstRange(of: "/Attempts/\(stem).swift:") else {
        continue
      }
      line = Int(call[place.upperBound...].prefix { $0.isNumber })
    }
  }
}
