import FastKernels
import Tensors

/// The program. A new command is one more line here.
let convbook: Program = Program(
  name: "convbook",
  summary: "a workbook for convolution arithmetic",
  version: "0.9.0",
  commands: [
    lessonsCommand, lessonCommand, traceCommand, exploreCommand, galleryCommand, bookCommand,
    sizeCommand, solveCommand, formulasCommand, networkCommand, fitCommand,
    glossaryCommand, recapCommand,
    exercisesCommand, nextCommand, taskCommand, checkCommand, watchCommand, hintCommand,
    resetCommand, solutionCommand, quizCommand,
    applyCommand, forwardCommand, segmentCommand, sceneCommand, evaluateCommand,
    benchmarkCommand, trainCommand, convertCommand,
    completionsCommand, manCommand,
  ],
  cover: printCoverPage,
  status: exitStatus(of:))

/// Runs `convbook` with these words and returns its exit code.
public func runConvbook(_ words: [String]) -> Int32 {
  if let unknown = Level.unknown {
    printError(
      "convbook: CONVBOOK_KERNELS is \"\(unknown.visible)\"; it must be "
        + "\(listed(Level.allCases.map(\.rawValue))), or not be set")
    return 64
  }
  return convbook.run(words)
}
