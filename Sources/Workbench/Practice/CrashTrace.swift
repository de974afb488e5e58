/// What the Swift runtime writes about a process that crashed: its calls, innermost first, each with
/// its number and the line it stands in.
struct CrashTrace {
  /// What the runtime is asked for: text alone, and of a deep stack its ends alone. A path with a
  /// comma cannot be said in these settings.
  static func settings(writingTo path: String) -> String {
    path.contains(",")
      ? "enable=no"
      : "enable=yes,color=no,interactive=no,sanitize=no,cache=no,threads=crashed,registers=none,"
        + "images=mentioned,limit=64,output-to=\(path)"
  }

  /// The line of the attempt that was at work.
  private(set) var line: Int?
  /// Whether the calls are so many that only a function that calls itself can have made them.
  private(set) var isEndlessRecursion = false
  /// Where the attempt was at work, in its program, if that is known without a line: the compiler
  /// gives some calls none, among them what `a[i] += b` calls.
  private(set) var addressWithoutLine: UInt?

  /// The trace of the program at `path`, made of an attempt whose file is `stem`.swift.
  init(_ text: String, stem: String, program path: String = "") {
    let file = "/Attempts/\(stem).swift"
    var address: UInt?
    for call in text.split(separator: "\n") {
      let words = call.split(separator: " ")
      if let first = words.first, let number = Int(first), number > 1000 {
        isEndlessRecursion = true
      }
      if line == nil, address == nil, let place = call.firstRange(of: file) {
        line = Int(call[place.upperBound...].dropFirst().prefix { $0.isNumber })
        address = words.first { $0.hasPrefix("0x") }.flatMap { UInt($0.dropFirst(2), radix: 16) }
      }
      if line == nil, let address, !path.isEmpty, call.hasSuffix(" " + path),
        let base = UInt(call.dropFirst(2).prefix { $0.isHexDigit }, radix: 16), base < address
      {
        // The address is where the call returns to; the call lies before it.
        addressWithoutLine = address - base - 1
      }
    }
  }

  /// The same, with the line that a symbolizer finds where the runtime finds none.
  func completed(stem: String, program path: String) -> CrashTrace {
    guard line == nil, let addressWithoutLine, let compiler = Environment.program("swiftc"),
      let found = try? runProcess(
        Environment.parent(of: Environment.resolved(compiler)) + "/llvm-symbolizer",
        ["--skip-line-zero", "-e", path, "0x" + String(addressWithoutLine, radix: 16)],
        clockLimit: 10)
    else { return self }
    var trace = self
    trace.line = CrashTrace(found.output, stem: stem).line
    return trace
  }
}
