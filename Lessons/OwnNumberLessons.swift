public import LessonKit

/// The lessons of the book.
public enum LessonIndex {
  /// The lessons that take numbers of the reader's own. They build on the arithmetic and the primitives
  /// alone, so that the live book runs them in a browser.
  public static let withOwnNumbers: [Lesson] = [
    .padding, .strideAndTheFloor, .dilation, .pooling, .paddingOfATransposeCrops, .outputPadding,
    .shapesAreAmbiguous, .checkerboards, .bilinearKernels, .upsamplingIsBackwardsConvolution,
  ]
}
