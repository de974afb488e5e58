public import ExerciseKit
public import Tensors

extension Exercises {
  /// Lesson 29: FCN-8s.
  public static let assemble8s = Exercise<NetworkParts, Tensor<Int>>(
    "assemble8s", lesson: 29, title: "FCN-8s from its parts",
    hints: [
      "In which order do the three score maps come together? Which of them is cropped each time?",
      "a = up2(fc7) + pool4 at 5; b = up2(a) + pool3 at 9; up8(b) at 31.",
      "let twice = parts.upsample(parts.scoreFc7, by: 2); then parts.add(twice, try "
        + "parts.crop(parts.scorePool4, at: 5, to: twice.size)); and so on.",
    ],
    cases: { [networkParts(Size(3), 65), networkParts(Size(height: 20, width: 13), 66)] },
    show: showParts,
    expected: { parts in try cropped(parts) },
    arithmetic: { parts, cell in
      enlarging(
        try fusedScores(parts), by: 8, offset: 31, cell: cell, map: "the fused scores at 1/8")
    },
    decoys: [
      Decoy("final crop at 28", "28 circulates; it is right for padding 97. With 100 it is 31.") {
        parts in try cropped(parts, last: 28)
      },
      Decoy("skips forgotten", "The scores of pool4 and pool3 are added on the way.") { parts in
        try cropped(parts, weights: (0, 0))
      },
      Decoy("pool3 forgotten", "That is FCN-16s in three steps.") { parts in
        try cropped(parts, weights: (1, 0))
      },
      Decoy("skips cropped at the centre", "The offsets 5 and 9 are derived (lesson 25).") {
        parts in
        try cropped(parts, pool4: nil, pool3: nil)
      },
      Decoy("skips cropped at 0", "Both skips reach further out than the coarse scores.") { parts in
        try cropped(parts, pool4: 0, pool3: 0)
      },
    ])
}

private func fusedScores(
  _ parts: NetworkParts, pool4: Int? = 5, pool3: Int? = 9, weights: (Int, Int) = (1, 1)
) throws -> Tensor<Int> {
  func skip(_ scores: Tensor<Int>, _ offset: Int?, _ size: Size, _ weight: Int) throws -> Tensor<
    Int
  > {
    let down = offset ?? (scores.height - size.height) / 2
    let right = offset ?? (scores.width - size.width) / 2
    let like = Tensor<Int>.zeros([1, scores.channels, size.height, size.width])
    return reindexed(like, from: scores) { [0, $0[1], $0[2] + down, $0[3] + right] }
      .map { $0 * weight }
  }
  let twice = parts.upsample(parts.scoreFc7, by: 2)
  let at16 = parts.add(twice, try skip(parts.scorePool4, pool4, twice.size, weights.0))
  let fourTimes = parts.upsample(at16, by: 2)
  return parts.add(fourTimes, try skip(parts.scorePool3, pool3, fourTimes.size, weights.1))
}

private func cropped(
  _ parts: NetworkParts, pool4: Int? = 5, pool3: Int? = 9, last: Int = 31,
  weights: (Int, Int) = (1, 1)
) throws -> Tensor<Int> {
  let scores = try fusedScores(parts, pool4: pool4, pool3: pool3, weights: weights)
  return try parts.crop(parts.upsample(scores, by: 8), at: last, to: parts.imageSize)
}
