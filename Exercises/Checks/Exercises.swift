public import ExerciseKit

/// Every exercise with its check.
public enum Exercises {
  /// In the order of the lessons, a line for each part of the book.
  public static let all: [any AnyExercise] = [
    correlate1D, flipped, convolve2D, samePadding, outputSize, unreadCells, effectiveKernelSize,
    convolveChannels, poolOutputSize, maxPool,
    convolutionMatrix, transposeByMatrix, transposedConvolve, zeroInsert, equivalentPadding,
    outputPadding, restoredSizes, convertLayout, overlapCounts,
    bilinearKernel, upsample, compose, diagonalFill,
    fullyConnectedToConvolution, slidingWindows, receptiveField, cropOffset, smallestInput,
    assemble32s, fuse, assemble8s, findTheShift, concatenate,
    maskedCrossEntropy, inputGradient, kernelGradient, sgdStep, meanIU,
    im2col, winograd1D,
    pathCounts, fittingSizes, outputPaddings,
    chainSlopes, forkGradient, maxPoolGradient, scoreGradient, backwardPass, trainingStep,
    initialVariance,
    balancedProbabilities,
  ]
}
