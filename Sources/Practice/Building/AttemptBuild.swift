internal import ExerciseKit

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Compiles attempts, apart from the package's own build, so that one that is broken breaks nothing
/// else: the attempts alone first, seeing only what an attempt may see; then the program that checks
/// them.
struct AttemptBuild {
  /// What a build gave.
  enum Result {
    /// The program that checks these attempts.
    case program(String)
    /// Lines of the compiler for each exercise whose file does not compile.
    case errors([String: [String]])
  }

  let toolchain: Toolchain
  let workspace: Workspace
  /// The folder for this process's own files.
  let folder: String

  init(_ workspace: Workspace) throws(PracticeError) {
    self.workspace = workspace
    toolchain = try Toolchain(root: workspace.root)
    folder = try AttemptBuild.makeFolder(workspace)
    try Files.makeFolder("\(folder)/modules")
    for module in ["Tensors", "ExerciseKit"] {
      let link = "\(folder)/modules/\(module).swiftmodule"
      unlink(link)
      guard symlink("\(toolchain.modules)/\(module).swiftmodule", link) == 0 else {
        throw .cannotWrite("\(link) cannot be made: \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Removes everything that was built.
  func clean() { Files.remove(folder) }

  /// A folder in the book's own, or a temporary one where the book is read-only.
  private static func makeFolder(_ workspace: Workspace) throws(PracticeError) -> String {
    let name = "build-\(getpid())"
    if (try? Files.makeFolder("\(workspace.ownFolder)/\(name)")) != nil,
      access("\(workspace.ownFolder)/\(name)", W_OK) == 0
    {
      return "\(workspace.ownFolder)/\(name)"
    }
    let temporary = Environment.all["TMPDIR"] ?? "/tmp"
    let folder = "\(temporary)/convbook-\(name)"
    try Files.makeFolder(folder)
    return folder
  }

  /// Compiles these attempts into one program, or says which do not compile.
  func build(_ exercises: [any AnyExercise]) throws(PracticeError) -> Result {
    let sources = exercises.map(workspace.attemptPath)
    let compiled = try compile(
      ["-module-name", "Attempts", "-parse-as-library", "-wmo", "-emit-module"]
        + ["-emit-module-path", "\(folder)/Attempts.swiftmodule", "-c"] + sources
        + ["-I", "\(folder)/modules", "-o", "\(folder)/Attempts.o"])
    guard compiled.end == .exited(0) else {
      return .errors(try attribute(compiled, to: exercises, files: sources))
    }
    return try link(exercises)
  }

  private func link(_ exercises: [any AnyExercise]) throws(PracticeError) -> Result {
    let main = "\(folder)/main.swift"
    try Files.write(RunnerSource.text(for: exercises.map(\.name)), to: main)
    try Files.write(
      toolchain.objects.map { $0 + "\n" }.joined(), to: "\(folder)/objects.txt")
    let program = "\(folder)/check"
    let linked = try compile(
      ["-module-name", "check", main, "\(folder)/Attempts.o", "@\(folder)/objects.txt"]
        + ["-I", folder, "-I", toolchain.modules, "-o", program])
    if linked.end == .exited(0) { return .program(program) }
    // Only a function whose name, arguments or result were changed fails to fit here.
    var errors: [String: [String]] = [:]
    for line in linked.output.split(separator: "\n") {
      guard let number = Diagnostics.line(of: line, in: main) else { continue }
      if let name = RunnerSource.name(onLine: number, of: exercises.map(\.name)) {
        errors[name] = [
          "the function no longer fits its exercise; its first line must stay",
          "  " + (declaration(name, exercises) ?? name),
        ]
      }
    }
    guard errors.isEmpty else { return .errors(errors) }
    throw .cannotRun("the check cannot be built:\n" + linked.output)
  }

  private func declaration(_ name: String, _ exercises: [any AnyExercise]) -> String? {
    guard let exercise = exercises.first(where: { $0.name == name }),
      let stub = try? workspace.stub(exercise),
      let start = stub.firstRange(of: "public func \(name)"),
      let end = stub[start.lowerBound...].firstRange(of: "{\n")
    else { return nil }
    return stub[start.lowerBound..<end.lowerBound].split { $0 == "\n" || $0 == " " }
      .joined(separator: " ")
  }

  private func attribute(
    _ finished: FinishedProcess, to exercises: [any AnyExercise], files: [String]
  ) throws(PracticeError) -> [String: [String]] {
    var errors: [String: [String]] = [:]
    for (exercise, file) in zip(exercises, files) {
      let lines = Diagnostics.lines(of: finished.output, about: file)
      if !lines.isEmpty { errors[exercise.name] = lines }
    }
    guard errors.isEmpty else { return errors }
    if finished.output.contains("module compiled with") {
      throw .cannotRun(
        "the book was built with another Swift than \(toolchain.compiler); "
          + "run swift build --product convbook in \(workspace.root)")
    }
    throw .cannotRun("the attempts cannot be compiled:\n" + finished.output)
  }

  private func compile(_ arguments: [String]) throws(PracticeError) -> FinishedProcess {
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

  /// The build's own cache of compiled system modules, so that the first check finds it warm.
  private var cache: String {
    let shared = Environment.parent(of: toolchain.modules) + "/ModuleCache"
    return access(shared, W_OK) == 0 ? shared : "\(folder)/ModuleCache"
  }
}
