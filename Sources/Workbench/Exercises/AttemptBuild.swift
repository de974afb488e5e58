import ExerciseKit
internal import Platform

/// Compiles attempts, apart from the package's own build, so that one that is broken breaks nothing
/// else: the attempts alone first, as a module, then the program that runs them. Neither sees more of the
/// book than an attempt may see.
struct AttemptBuild {
  /// What a build gave.
  enum Result {
    /// The program that runs these attempts.
    case program(String)
    /// Lines of the compiler for each exercise whose file does not compile.
    case errors([String: [String]])
  }

  let toolchain: Toolchain
  let book: BookFolder
  /// The folder for this process's own files.
  let folder: String

  init(_ book: BookFolder) throws(ExerciseError) {
    self.book = book
    toolchain = try Toolchain(root: book.root)
    folder = try AttemptBuild.makeFolder(book)
    try Files.makeFolder("\(folder)/modules")
    for module in Toolchain.modulesForAttempts {
      let link = "\(folder)/modules/\(module).swiftmodule"
      unlink(link)
      guard symlink("\(toolchain.modules)/\(module).swiftmodule", link) == 0 else {
        throw .cannotWrite("\(link) cannot be made: \(reasonOfFailure)")
      }
    }
  }

  /// Removes everything that was built.
  func clean() { Files.remove(folder) }

  /// A folder in the book's own, or a temporary one where the book is read-only.
  private static func makeFolder(_ book: BookFolder) throws(ExerciseError) -> String {
    var places = [book.ownFolder, Environment.temporaryFolder].map { "\($0)/\(prefix)" }
    for place in places { removeLeftovers(place) }
    let first = places.removeFirst() + "\(getpid())"
    if (try? Files.makeFolder(first)) != nil, access(first, W_OK) == 0 { return first }
    let folder = places[0] + "\(getpid())"
    try Files.makeFolder(folder)
    return folder
  }

  private static let prefix = "convbook-build-"

  /// Removes what was left by processes that were killed: what begins so and ends with the number of a
  /// process that is no more.
  private static func removeLeftovers(_ beginning: String) {
    let folder = Environment.parent(of: beginning)
    for name in Files.names(in: folder) where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      Files.remove("\(folder)/\(name)")
    }
  }

  /// Compiles these attempts into one program, or says which do not compile.
  func build(_ exercises: [any AnyExercise]) throws(ExerciseError) -> Result {
    let sources = exercises.map(book.attemptPath)
    let compiled = try compile(
      ["-module-name", "Attempts", "-parse-as-library", "-wmo", "-emit-module"]
        + ["-emit-module-path", "\(folder)/Attempts.swiftmodule", "-c"] + sources
        + ["-I", "\(folder)/modules", "-o", "\(folder)/Attempts.o"])
    guard compiled.end == .exited(0) else {
      return .errors(try attribute(compiled, to: exercises, files: sources))
    }
    return try link(exercises)
  }

  private func link(_ exercises: [any AnyExercise]) throws(ExerciseError) -> Result {
    let main = "\(folder)/main.swift"
    try Files.write(CandidateList.runner.text(for: exercises), to: main)
    let program = "\(folder)/attempts"
    let linked = try compile(
      ["-module-name", "runner", main, "\(folder)/Attempts.o"] + toolchain.objectsForAttempts
        + ["-I", folder, "-I", "\(folder)/modules", "-o", program])
    if linked.end == .exited(0) { return .program(program) }
    // Only a function whose name, arguments or result were changed fails to fit here.
    var errors: [String: [String]] = [:]
    for line in linked.output.split(separator: "\n") {
      guard let number = Diagnostics.line(of: line, in: main) else { continue }
      guard let exercise = CandidateList.runner.exercise(onLine: number, of: exercises) else {
        continue
      }
      errors[exercise.name] = [
        "the function no longer fits its exercise; its first line must stay",
        "  " + (declaration(exercise) ?? exercise.name),
      ]
    }
    guard errors.isEmpty else { return .errors(errors) }
    return .errors(
      unplaced(
        linked, exercises,
        ["multiple definition of", "duplicate symbol"].contains { kind in
          linked.output.split(separator: "\n").contains {
            $0.contains(kind) && $0.contains("main")
          }
        }
          ? "the file declares an entry point of its own, such as @main; remove it"
          : "the file compiles, but does not fit into a program"))
  }

  private func declaration(_ exercise: any AnyExercise) -> String? {
    guard let stub = try? book.stub(exercise),
      let start = stub.firstRange(of: "func \(exercise.name)"),
      let end = stub[start.lowerBound...].firstRange(of: "{\n")
    else { return nil }
    return stub[start.lowerBound..<end.lowerBound].split { $0 == "\n" || $0 == " " }
      .joined(separator: " ")
  }

  private func attribute(
    _ finished: FinishedProcess, to exercises: [any AnyExercise], files: [String]
  ) throws(ExerciseError) -> [String: [String]] {
    var errors: [String: [String]] = [:]
    for (exercise, file) in zip(exercises, files) {
      let lines = Diagnostics.lines(of: finished.output, about: file)
      if !lines.isEmpty { errors[exercise.name] = lines }
    }
    guard errors.isEmpty else { return errors }
    if finished.output.contains("module compiled with") {
      throw .cannotRun(
        "the book was built with another Swift than \(toolchain.compiler); "
          + "run swift build --product convbook in \(book.root)")
    }
    if finished.output.contains("<unknown>:0: error:") {
      throw .cannotRun("the attempts cannot be compiled:\n" + finished.output)
    }
    return unplaced(
      finished, exercises,
      exercises.contains { book.attempt($0)?.contains("#sourceLocation") == true }
        ? "the file gives its lines other names with #sourceLocation; remove it"
        : "the compiler names no line of the file")
  }

  /// Lines that are about no attempt's file: they count for each, until it is built alone.
  private func unplaced(
    _ finished: FinishedProcess, _ exercises: [any AnyExercise], _ sentence: String
  ) -> [String: [String]] {
    let lines = finished.output.split(separator: "\n").map(String.init)
    return Dictionary(
      uniqueKeysWithValues: exercises.map { ($0.name, [sentence] + lines.map { "  " + $0 }) })
  }

  private func compile(_ arguments: [String]) throws(ExerciseError) -> FinishedProcess {
    let finished = try runProcess(
      toolchain.compiler,
      // Line numbers are for the backtrace of a crash.
      ["-Onone", "-gline-tables-only", "-swift-version", "6", "-module-cache-path", "\(cache)"]
        + arguments,
      clockLimit: 120)
    if finished.end == .timedOut {
      throw .cannotRun("\(toolchain.compiler) did not end in 120 seconds")
    }
    return finished
  }

  /// The cache of compiled system modules. The compiler refuses one that was filled under another path,
  /// so it is neither the build's nor named the same when the book lies elsewhere.
  private var cache: String {
    let own = "\(book.ownFolder)/modules-\(fingerprint(book.ownFolder))"
    return folder.hasPrefix(book.ownFolder + "/") ? own : "\(folder)/modules-of-the-system"
  }
}

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
