public import ExerciseKit
public import Tensors

extension Exercises {
  public static var assemble8s: Exercise<NetworkParts, Tensor<Int>> {
    Exercise(
      "assemble8s", lesson: 29, title: "FCN-8s from its parts",
      hints: [
        "In which order do the three score maps come together? Which of them is cropped each time?",
        "a = up2(fc7) + pool4 at 5; b = up2(a) + pool3 at 9; up8(b) at 31.",
        "let twice = parts.upsample(parts.scoreFc7, by: 2); then parts.add(twice, try "
          + "parts.crop(parts.scorePool4, at: 5, to: twice.size)); and so on.",
      ],
      cases: {
        [
          networkParts(Size(3), 65), networkParts(Size(height: 20, width: 13), 66),
          networkParts(Size(height: 4, width: 30), 108),
          networkParts(Size(height: 62, width: 28), 109),
        ]
      },
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
        Decoy("skips cropped at 0", "Both skips reach further out than the coarse scores.") {
          parts in
          try cropped(parts, pool4: 0, pool3: 0)
        },
        Decoy("pool4 forgotten", "The scores of pool4 are added before those of pool3.") { parts in
          try cropped(parts, weights: (0, 1))
        },
        Decoy("the two offsets swapped", "5 belongs to pool4, 9 to pool3.") { parts in
          try cropped(parts, pool4: 9, pool3: 5)
        },
        Decoy("pool3 cropped at 5, too", "pool3 is cropped at 9.") { parts in
          try cropped(parts, pool3: 5)
        },
        Decoy("pool4 cropped at 9, too", "pool4 is cropped at 5.") { parts in
          try cropped(parts, pool4: 9)
        },
        Decoy("FCN-16s's final crop", "27 belongs to FCN-16s; FCN-8s needs 31.") { parts in
          try cropped(parts, last: 27)
        },
        Decoy("FCN-32s's final crop", "19 belongs to FCN-32s; FCN-8s needs 31.") { parts in
          try cropped(parts, last: 19)
        },
        Decoy("final crop at 0", "The padding of 100 lies before the picture, too: 31.") { parts in
          try cropped(parts, last: 0)
        },
        Decoy("final crop one too early", "The final offset is 31.") { parts in
          try cropped(parts, last: 30)
        },
        Decoy("not cropped at the end", "The scores must have the picture's size.") { parts in
          parts.upsample(try fusedScores(parts), by: 8)
        },
        Decoy(
          "enlarged three times by 2 at the end", "Three steps do not give what one of 8 gives."
        ) {
          parts in
          var scores = try fusedScores(parts)
          for _ in 0..<3 { scores = parts.upsample(scores, by: 2) }
          return try parts.crop(scores, at: 31, to: parts.imageSize)
        },
        Decoy("fc7 forgotten", "The scores of fc7 are what the skips are added to.") { parts in
          try cropped(parts, coarse: 0)
        },
      ])
  }
}

private func fusedScores(
  _ parts: NetworkParts, pool4: Int? = 5, pool3: Int? = 9, weights: (Int, Int) = (1, 1),
  coarse: Int = 1
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
  let twice = parts.upsample(parts.scoreFc7.map { $0 * coarse }, by: 2)
  let at16 = parts.add(twice, try skip(parts.scorePool4, pool4, twice.size, weights.0))
  let fourTimes = parts.upsample(at16, by: 2)
  return parts.add(fourTimes, try skip(parts.scorePool3, pool3, fourTimes.size, weights.1))
}

private func cropped(
  _ parts: NetworkParts, pool4: Int? = 5, pool3: Int? = 9, last: Int = 31,
  weights: (Int, Int) = (1, 1), coarse: Int = 1
) throws -> Tensor<Int> {
  let scores = try fusedScores(parts, pool4: pool4, pool3: pool3, weights: weights, coarse: coarse)
  return try parts.crop(parts.upsample(scores, by: 8), at: last, to: parts.imageSize)
}
