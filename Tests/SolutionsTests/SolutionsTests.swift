import Checks
import ExerciseKit
import Solutions
import Testing

/// Every solution, bound to its exercise; the compiler holds it to the signature.
private var solutions: [Candidate] {
  [
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
    Candidate(Exercises.fullyConnectedToConvolution, fullyConnectedToConvolution),
    Candidate(Exercises.slidingWindows, slidingWindows),
    Candidate(Exercises.receptiveField, receptiveField),
    Candidate(Exercises.cropOffset, cropOffset),
    Candidate(Exercises.smallestInput, smallestInput),
    Candidate(Exercises.assemble32s, assemble32s),
    Candidate(Exercises.fuse, fuse),
    Candidate(Exercises.assemble8s, assemble8s),
    Candidate(Exercises.findTheShift, findTheShift),
    Candidate(Exercises.concatenate, concatenate),
    Candidate(Exercises.maskedCrossEntropy, maskedCrossEntropy),
    Candidate(Exercises.inputGradient, inputGradient),
    Candidate(Exercises.kernelGradient, kernelGradient),
    Candidate(Exercises.sgdStep, sgdStep),
    Candidate(Exercises.meanIU, meanIU),
    Candidate(Exercises.im2col, im2col),
    Candidate(Exercises.winograd1D, winograd1D),
  ]
}

struct SolutionsTests {
  @Test func `every solution passes its check`() {
    for candidate in solutions {
      let verdict = candidate.verdict()
      #expect(verdict.outcome == .passed, "\(verdict)")
    }
  }

  @Test func `every exercise has its solution here, in the order of the lessons`() {
    #expect(solutions.map(\.name) == Exercises.all.map(\.name))
  }
}
