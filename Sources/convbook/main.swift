internal import Platform
import Workbench

exit(runConvbook(Array(CommandLine.arguments.dropFirst())))
