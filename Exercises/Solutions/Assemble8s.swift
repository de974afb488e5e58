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
public func assemble8s(_ parts: NetworkParts) throws -> Tensor<Int> {
  // solution
  let twice = parts.upsample(parts.scoreFc7, by: 2)
  let at16 = parts.add(twice, try parts.crop(parts.scorePool4, at: 5, to: twice.size))
  let fourTimes = parts.upsample(at16, by: 2)
  let at8 = parts.add(fourTimes, try parts.crop(parts.scorePool3, at: 9, to: fourTimes.size))
  return try parts.crop(parts.upsample(at8, by: 8), at: 31, to: parts.imageSize)
  // end of solution
}
