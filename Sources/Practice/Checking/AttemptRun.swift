public import ExerciseKit

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Runs the check of one attempt in a process of its own and says what became of it.
public enum AttemptRun {
  /// The verdict of the program at `path` on an exercise.
  ///
  /// Only a verdict that the check itself reports, under a word made up for this run, can say
  /// passed; a process that ends in any other way has failed.
  ///
  /// - Throws: ``PracticeError/cannotRun(_:)`` if the program cannot be started.
  public static func verdict(
    of exercise: any AnyExercise, program path: String,
    clockLimit: Double = AttemptLimits.clockSeconds
  ) throws(PracticeError) -> Verdict {
    var random = SystemRandomNumberGenerator()
    let nonce = "r\(random.next())"
    // Only a process that crashes pays for the backtrace, which says in which line it was.
    let trace = "\(path)-\(random.next()).trace"
    defer { Files.remove(trace) }
    let finished = try runProcess(
      path, [exercise.name, "\(reportDescriptor)", nonce],
      environment: ["SWIFT_BACKTRACE": CrashTrace.settings(writingTo: trace)],
      clockLimit: clockLimit)
    return read(
      finished, nonce: nonce, exercise: exercise,
      trace: CrashTrace((try? Files.read(trace)) ?? "", stem: exercise.stem, program: path)
        .completed(stem: exercise.stem, program: path))
  }

  static func read(
    _ finished: FinishedProcess, nonce: String, exercise: any AnyExercise,
    trace: CrashTrace = CrashTrace("", stem: "")
  ) -> Verdict {
    var last: CaseNotice?
    var found: Verdict?
    for line in finished.report.split(separator: "\n") {
      switch Report(line: line, nonce: nonce) {
      case .started(let notice)?: last = notice
      case .verdict(let verdict)?: found = verdict
      case nil: continue
      }
    }
    let printed = finished.output.split(separator: "\n").map(String.init)
    if var verdict = found, finished.end == .exited(0), verdict.exercise == exercise.name {
      verdict.output = shortened(printed)
      return verdict
    }
    var verdict = Verdict(exercise.name, .exited, lesson: exercise.lesson)
    switch finished.end {
    case .exited(let code):
      verdict.detail = "the attempt ended the process itself, with exit code \(code)"
    case .timedOut:
      verdict.outcome = .timedOut
      verdict.detail =
        "no answer after \(AttemptLimits.processorSeconds) s of computing or "
        + "\(Int(AttemptLimits.clockSeconds)) s of waiting"
    case .signalled(let signal):
      verdict.outcome = .crashed
      let place =
        trace.line.map { ", in line \($0) of Exercises/Attempts/\(exercise.stem).swift" } ?? ""
      verdict.detail =
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
    }
    if var earlier = last?.fault, let last {
      earlier.detail += "; case \(last.number) does not end well: \(verdict.detail)"
      earlier.output = shortened(ownLines(printed))
      return earlier
    }
    verdict.caseNumber = last?.number
    verdict.caseCount = last?.count
    verdict.arguments = last?.arguments ?? []
    verdict.replay = last?.replay
    verdict.output = shortened(ownLines(printed))
    return verdict
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

  /// The first lines of what was printed, and how many more there were.
  static func shortened(_ lines: [String], to limit: Int = 20) -> [String] {
    guard lines.count > limit else { return lines.map { String($0.prefix(200)) } }
    return lines.prefix(limit).map { String($0.prefix(200)) }
      + ["… and \(lines.count - limit) more lines"]
  }
}
