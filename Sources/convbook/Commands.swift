import CommandLineKit

/// The program. A new command is one more line here.
let convbook = Program(
  name: "convbook",
  summary: "a workbook for convolution arithmetic",
  commands: [
    lessonsCommand, lessonCommand,
    sizeCommand, solveCommand,
    networkCommand,
    applyCommand,
  ],
  cover: printCoverPage,
  status: exitStatus(of:))
