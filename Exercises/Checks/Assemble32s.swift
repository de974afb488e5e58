public import ExerciseKit
public import Tensors

extension Exercises {
  public static var assemble32s: Exercise<NetworkParts, Tensor<Int>> {
    Exercise(
      "assemble32s", lesson: 27, title: "FCN-32s from its parts",
      hints: [
        "What is enlarged: features or scores? How large is the result, and what lies around the "
          + "picture in it?",
        "crop(upsample(score of fc7, by 32), at 19, to the picture's size).",
        "try parts.crop(parts.upsample(parts.scoreFc7, by: 32), at: …, to: parts.imageSize)",
      ],
      cases: {
        [
          networkParts(Size(3), 57), networkParts(Size(height: 20, width: 13), 58),
          networkParts(Size(height: 4, width: 30), 106),
          networkParts(Size(height: 62, width: 28), 107),
        ]
      },
      show: showParts,
      expected: { parts in try upsampledScore(parts, offset: 19) },
      arithmetic: { parts, cell in
        enlarging(parts.scoreFc7, by: 32, offset: 19, cell: cell, map: "the scores of fc7")
      },
      decoys: [
        Decoy("cropped at the centre", "The padding before and after the picture is not the same.")
        {
          parts in
          try upsampledScore(
            parts, offset: (32 * (parts.fc7.height + 1) - parts.imageSize.height) / 2)
        },
        Decoy("FCN-16s's crop", "27 belongs to FCN-16s; one step of 32 needs 19.") { parts in
          try upsampledScore(parts, offset: 27)
        },
        Decoy("cropped at 0", "The padding of 100 lies before the picture, too.") { parts in
          try upsampledScore(parts, offset: 0)
        },
        Decoy("not cropped", "The scores must have the picture's size.") { parts in
          parts.upsample(parts.scoreFc7, by: 32)
        },
        Decoy("cropped one too early", "The offset is 19 (lesson 25).") { parts in
          try upsampledScore(parts, offset: 18)
        },
        Decoy("cropped one too late", "The offset is 19 (lesson 25).") { parts in
          try upsampledScore(parts, offset: 20)
        },
        Decoy("FCN-8s's crop", "31 belongs to FCN-8s; one step of 32 needs 19.") { parts in
          try upsampledScore(parts, offset: 31)
        },
        Decoy(
          "enlarged twice, then 16 times", "Two steps do not give what one of 32 gives (lesson 20)."
        ) {
          parts in
          try parts.crop(
            parts.upsample(parts.upsample(parts.scoreFc7, by: 2), by: 16), at: 19,
            to: parts.imageSize
          )
        },
        Decoy(
          "enlarged five times by 2", "Five steps do not give what one of 32 gives (lesson 20)."
        ) {
          parts in
          var scores = parts.scoreFc7
          for _ in 0..<5 { scores = parts.upsample(scores, by: 2) }
          guard
            min(scores.height - parts.imageSize.height, scores.width - parts.imageSize.width) >= 19
          else { throw NoAnswer() }
          return try parts.crop(scores, at: 19, to: parts.imageSize)
        },
      ])
  }
}

private func upsampledScore(_ parts: NetworkParts, offset: Int) throws -> Tensor<Int> {
  try parts.crop(parts.upsample(parts.scoreFc7, by: 32), at: offset, to: parts.imageSize)
}
