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
    Candidate(Exercises.convolutionMatrix, convolutionMatrix),
    Candidate(Exercises.transposeByMatrix, transposeByMatrix),
    Candidate(Exercises.transposedConvolve, transposedConvolve),
    Candidate(Exercises.zeroInsert, zeroInsert),
    Candidate(Exercises.equivalentPadding, equivalentPadding),
    Candidate(Exercises.outputPadding, outputPadding),
    Candidate(Exercises.restoredSizes, restoredSizes),
    Candidate(Exercises.convertLayout, convertLayout),
    Candidate(Exercises.overlapCounts, overlapCounts),
    Candidate(Exercises.bilinearKernel, bilinearKernel),
    Candidate(Exercises.upsample, upsample),
    Candidate(Exercises.compose, compose),
    Candidate(Exercises.diagonalFill, diagonalFill),
  ], arguments: CommandLine.arguments)
