import ExerciseKit
import Tensors

/// Assemble FCN-32s from its `parts`: score the last feature map of the classifier, enlarge the scores
/// 32 times in one step, and crop them to the picture.
///
/// `parts.scoreFc7` is the score map (1, classes, height, width); `parts.upsample(_, by: 32)` enlarges;
/// `parts.crop(_, at: offset, to: parts.imageSize)` crops. Lesson 25 derives the offset: 19.
///
///     fc7 1×1 → scores 1×1 → 64×64 → cropped at 19 to a picture of, say, 20×13
public func assemble32s(_ parts: NetworkParts) throws -> Tensor<Int> {
  // solution
  try parts.crop(parts.upsample(parts.scoreFc7, by: 32), at: 19, to: parts.imageSize)
  // end of solution
}
