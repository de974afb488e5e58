public import ExerciseKit

/// Every exercise with its check.
public enum Exercises {
  /// In the order of the lessons.
  public static let all: [any AnyExercise] = [
    correlate1D, flipped, convolve2D, samePadding, outputSize, unreadCells, effectiveKernelSize,
    convolveChannels, poolOutputSize, maxPool,
  ]
}
