public import LessonKit

extension LessonIndex {
  /// All of them, in order.
  public static let all: [Lesson] =
    slidingWindow + matrixAndTranspose + upsampling + densePrediction + networks
    + learning + fast + ownNetworks + understood

  /// Part I.
  private static let slidingWindow: [Lesson] = [
    .theSlidingDotProduct, .correlationAndConvolution, .theWindowInTwoDimensions, .padding,
    .strideAndTheFloor, .dilation, .channelsBiasGroups, .pooling,
  ]

  /// Part II.
  private static let matrixAndTranspose: [Lesson] = [
    .convolutionIsAMatrix, .theTransposeOfThatMatrix, .scatter, .zeroInsertion,
    .paddingOfATransposeCrops, .outputPadding, .shapesAreAmbiguous, .weightLayouts, .checkerboards,
  ]

  /// Part III.
  private static let upsampling: [Lesson] = [
    .bilinearKernels, .upsamplingIsBackwardsConvolution, .twiceTwoIsNotFour, .oneKernelPerClass,
  ]

  /// Part IV.
  private static let densePrediction: [Lesson] = [
    .fullyConnectedAndConvolution, .theClassifierSlides, .receptiveField, .coordinateMapsAndCrops,
    .whyPad100,
  ]

  /// Part V.
  private static let networks: [Lesson] = [
    .fcn32sLesson, .theFirstSkip, .fcn8sLesson, .debuggingAListing, .relatives,
  ]

  /// Part VI.
  private static let learning: [Lesson] = [
    .theLoss, .gradientsOfEachOther, .stagedTraining, .metrics,
  ]

  /// Part VII.
  private static let fast: [Lesson] = [.im2colLesson, .winogradLesson, .capstone]

  /// Part VIII.
  private static let ownNetworks: [Lesson] = [.fieldThroughBranches, .whichSizesFit]

  /// Part IX.
  private static let understood: [Lesson] = [
    .theChainRule, .forksAdd, .probabilityLessTruth, .oneWholeBackwardPass, .upsamplingLearns,
    .howWeightsBegin, .stepsOfLearning, .readingALossCurve, .dropoutAndTheMean, .rareClasses,
  ]

  /// The lesson of this number.
  public static func lesson(_ number: Int) -> Lesson? {
    all.first { $0.number == number }
  }
}
