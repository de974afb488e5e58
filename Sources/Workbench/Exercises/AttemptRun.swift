import ExerciseKit
internal import Platform
import Tensors

/// Runs one attempt in a process of its own, judges its answers in this one and says what became of it.
enum AttemptRun {
  /// The verdict on an attempt, which the program at `path` runs.
  ///
  /// That process is sent the arguments of the cases and sends back what the attempt returns, as
  /// ``runAttempt(of:arguments:descriptor:)`` does it. The right answers are not in it, and are
  /// computed here when it has ended; so whatever an attempt reads or writes, right answers to all
  /// cases are the only way to pass.
  ///
  /// - Throws: ``ExerciseError/cannotRun(_:)`` if the program cannot be started.
  static func verdict(
    of exercise: any AnyExercise, program path: String,
    clockLimit: Double = AttemptLimits.clockSeconds
  ) throws(ExerciseError) -> Verdict {
    // Only a process that crashes pays for the backtrace, which says in which line it was.
    let trace = "\(path)-\(UInt64.random(in: 0...UInt64.max)).trace"
    defer { Files.remove(trace) }
    let finished = try runProcess(
      path, [exercise.name], input: exercise.message.bytes,
      environment: ["SWIFT_BACKTRACE": CrashTrace.settings(writingTo: trace)],
      clockLimit: clockLimit, memoryLimit: AttemptLimits.memory)
    return read(
      finished, exercise: exercise,
      trace: CrashTrace((try? Files.read(trace)) ?? "", stem: exercise.stem, program: path)
        .completed(stem: exercise.stem, program: path))
  }

  static func read(
    _ finished: FinishedProcess, exercise: any AnyExercise,
    trace: CrashTrace = CrashTrace("", stem: "")
  ) -> Verdict {
    let (results, isWhole) = CaseResult.all(in: finished.report)
    let count = exercise.caseCount
    let answers = results.prefix { $0.isAnswer }.count
    // Answers to all cases, or to some and then the word that there is none; and nothing else.
    let isComplete =
      isWhole && results.count <= count
      && (results.count == answers ? answers == count : results.count == answers + 1)
    let printed = finished.output.split(whereSeparator: \.isNewline).map(String.init)
    var verdict: Verdict
    switch finished.end {
    case .exited(0) where isComplete:
      verdict = exercise.judge(results)
      verdict.output = shortened(printed)
      return verdict.harmless
    case .exited(0) where !isWhole || answers >= count:
      verdict = exercise.failure(
        .exited, after: results,
        detail: "something that is no answer came where the attempt's answers come")
    case .exited(let code):
      verdict = exercise.failure(
        .exited, after: results,
        detail: "the attempt ended the process itself, with exit code \(code)")
    case .timedOut:
      verdict = exercise.failure(
        .timedOut, after: results,
        detail: "no answer after \(AttemptLimits.processorSeconds) s of computing or "
          + "\(Int(AttemptLimits.clockSeconds)) s of waiting")
    case .tooMuchMemory:
      verdict = exercise.failure(
        .crashed, after: results,
        detail: "the attempt held more than the \(AttemptLimits.memory >> 30) GiB that it may use")
    case .signalled(let signal):
      let place =
        trace.line.map { ", in line \($0) of Exercises/Attempts/\(exercise.stem).swift" } ?? ""
      let detail =
        if let reason = reason(printed) {
          reason + place
            + (reason.contains("failed to allocate")
              ? "; an attempt may use \(AttemptLimits.memory >> 30) GiB" : "")
        } else if trace.isEndlessRecursion {
          "the function calls itself without end" + place
        } else {
          "the process was stopped by signal \(signal)" + place
            + (signal == SIGSEGV || signal == SIGBUS
              ? "; mostly that is a function that calls itself without end" : "")
        }
      verdict = exercise.failure(.crashed, after: results, detail: detail)
    }
    verdict.output = shortened(ownLines(printed))
    return verdict.harmless
  }

  /// `Fatal error: Index out of range`, as the runtime says it.
  private static func reason(_ printed: [String]) -> String? {
    guard let line = printed.last(where: { $0.contains("Fatal error") }),
      let start = line.firstRange(of: "Fatal error")
    else { return nil }
    return String(line[start.lowerBound...])
  }

  /// What the attempt itself printed: without the runtime's last words and the addresses it adds.
  private static func ownLines(_ printed: [String]) -> [String] {
    let trace = printed.firstIndex { $0 == "Current stack trace:" } ?? printed.count
    return printed[..<trace].filter {
      !$0.contains("Fatal error") && !($0.hasPrefix("*** ") && $0.contains("Backtracing from"))
    }
  }

  static func cut(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit) + " …" : text
  }

  /// The first lines of what was printed, and how many more there were.
  static func shortened(_ lines: [String], to limit: Int = 20) -> [String] {
    let first = lines.prefix(limit).map { cut($0, to: 200) }
    return lines.count > limit ? first + ["… and \(lines.count - limit) more lines"] : first
  }
}

extension Verdict {
  /// The verdict with the control characters of what an attempt said and answered written out: none
  /// of them reaches the terminal.
  var harmless: Verdict {
    var verdict = self
    verdict.detail = AttemptRun.cut(detail.visible, to: 2000)
    verdict.got = got?.mapLines(\.visible)
    verdict.output = output.map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
        .visible
    }
    return verdict
  }
}

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
