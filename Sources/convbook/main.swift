internal import Platform
import Workbench

// A file that grows beyond what is allowed is a write that fails, and is told.
signal(SIGXFSZ, SIG_IGN)
exit(runConvbook(Array(CommandLine.arguments.dropFirst())))
