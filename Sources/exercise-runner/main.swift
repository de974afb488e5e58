import Attempts
import Checks
import ExerciseKit

runAttempt(
  of: [
    Candidate(Exercises.correlate1D, correlate1D),
    Candidate(Exercises.flipped, flipped),
    Candidate(Exercises.convolve2D, convolve2D),
    Candidate(Exercises.samePadding, samePadding),
    Candidate(Exercises.outputSize, outputSize),
    Candidate(Exercises.unreadCells, unreadCells),
    Candidate(Exercises.effectiveKernelSize, effectiveKernelSize),
    Candidate(Exercises.convolveChannels, convolveChannels),
    Candidate(Exercises.poolOutputSize, poolOutputSize),
    Candidate(Exercises.maxPool, maxPool),
  ], arguments: CommandLine.arguments)
