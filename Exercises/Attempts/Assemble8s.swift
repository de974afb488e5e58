import ExerciseKit
import Tensors

/// Assemble FCN-8s from its `parts`: enlarge the scores of fc7 twice, add those of pool4; enlarge that
/// twice, add those of pool3; enlarge that 8 times and crop it to the picture.
///
/// `parts.scoreFc7`, `parts.scorePool4` and `parts.scorePool3` are score maps (1, classes, height,
/// width); `parts.upsample(_, by:)` enlarges, `parts.crop(_, at: offset, to: size)` crops, and
/// `parts.add(_, _)` adds maps of equal size. Each skip is cropped to what it is added to. The offsets
/// are those of lesson 25: 5 for pool4, 9 for pool3, 31 at the end.
///
///     1 → 4, pool4 14 cropped at 5 to 4 → 10, pool3 28 cropped at 9 to 10 → 88, cropped at 31
///
/// Lesson 29: FCN-8s, complete.
public func assemble8s(_ parts: NetworkParts) throws -> Tensor<Int> {
  throw Unsolved()
}
