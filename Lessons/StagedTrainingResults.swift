import LessonKit
import Networks
import Primitives
import Tensors
import Training

/// Lesson 34: what the log says that comes with the book's weights.
@StepBuilder func trainedForThisBook(_ results: StageResults) throws -> [Step] {
  let record = results.record
  let names = ClassNames.scenes
  let means = results.meanIU
  let crowd = TrainingRecipe.scenes.pictures.shapes
  heading("As trained for this book")
  prose(
    "The scenes are drawn: discs, squares, triangles, rings and crosses on grey, with noise. One "
      + "command runs all four stages, in about two minutes on two cores:")
  formula("convbook train --seed \(record.seed) --output training")
  prose(
    "The weights and the log of that run come with the book, and these numbers are from the log. Each "
      + "network learned from \(record.trainingPictures) scenes, each crowded with "
      + "\(crowd.lowerBound) to \(crowd.upperBound) shapes and mirrored and turned whenever it came, and was "
      + "judged by \(record.validationPictures) others with \(Scene.usualShapes.lowerBound) to "
      + "\(Scene.usualShapes.upperBound), pixel by pixel. The IU of a class is, of all pixels that "
      + "are of the class or were called so, the share that are both; lesson 35 has all four metrics."
  )
  table(
    ["", "steps", "pixel acc.", "mean acc.", "mean IU", "f.w. IU"],
    rows: results.stages.indices.map { stage in
      let scores = results.matrices[stage].scores!
      return [SegmentedScene.names[stage], "\(results.stages[stage].iterations)"]
        + [
          scores.pixelAccuracy, scores.meanAccuracy, scores.meanIU, scores.frequencyWeightedIU,
        ].map { decimal($0, 3) }
    })
  claim(
    "each skip helps: mean IU", evidence: means.map { decimal($0, 3) }.joined(separator: " < "),
    holds: means[0] < means[1] && means[1] < means[2])
  let byGain = (1..<names.count).sorted { results.gain(of: $0) > results.gain(of: $1) }
  predict(
    "Of disc, square, triangle, ring and cross: whose IU grows most from FCN-32s to FCN-8s?",
    answer: names[byGain[0]],
    why:
      "The strokes of rings and crosses are a few pixels wide. A map with one cell for 32 pixels "
      + "hardly shows them, one with a cell for 8 nearly does.")
  table(
    ["IU"] + SegmentedScene.names + ["gain"],
    rows: names.indices.map { label in
      [names[label]] + results.ius(of: label).map { decimal($0, 3) }
        + [decimal(results.gain(of: label), 3)]
    })
  let rising = names.indices.count { label in
    let ius = results.ius(of: label)
    return ius[0] < ius[1] && ius[1] < ius[2]
  }
  claim("every class gains from every skip: rows that rise", rising, equals: names.count)
  let (thin, solid) = (StageResults.thin, StageResults.solid)
  let least = thin.map(results.gain).min()!
  let most = solid.map(results.gain).max()!
  claim(
    "the thin shapes gain most",
    evidence: "ring and cross at least \(decimal(least, 3)), the solid ones at most "
      + decimal(most, 3),
    holds: least > most)
  try whatTheStreamsSay()
}

/// Lesson 34: the losses at the seams, from the log, and the first steps of a stage, taken now.
@StepBuilder func whereStagesBegin(_ results: StageResults) throws -> [Step] {
  let classes = ClassNames.scenes.count
  let level = try crossEntropy(
    Tensor<Double>.zeros([1, classes, 1, 1]), labels: Tensor<Int>(row: [0]))
  let first = results.stages.map { $0.losses[0] }
  heading("The mistake: a new stage starts from nothing")
  prose(
    "A new score layer is 0, so at its first step a stage says nearly what the stage before said: not "
      + "exactly, since 2 and then 16 is not 32 (lesson 28). The log shows it. The loss of one batch, "
      + "the few scenes that one step sees, goes up and down with the batch, so its first is held against the stage before's last "
      + "\(results.end(of: 0).count):")
  table(
    ["", "first loss", "stage before, least", "mean", "most"],
    rows: first.indices.map { stage in
      let before = stage > 0 ? Array(results.end(of: stage - 1)) : []
      let mean = before.reduce(0, +) / Double(max(1, before.count))
      return [SegmentedScene.names[stage], decimal(first[stage], 3)]
        + (before.isEmpty
          ? ["", "", ""] : [before.min()!, mean, before.max()!].map { decimal($0, 3) })
    })
  claim(
    "FCN-32s begins with all \(classes) classes level",
    evidence: "\(decimal(first[0], 4)), and ln \(classes) = \(decimal(level, 4))",
    holds: abs(first[0] - level) < 1e-5)
  claim(
    "FCN-16s and FCN-8s begin where the stage before ended",
    evidence: "\(decimal(first[1], 3)) and \(decimal(first[2], 3)), both within that range",
    holds: (1...2).allSatisfy { stage in
      let before = results.end(of: stage - 1)
      return before.min()! <= first[stage] && first[stage] <= before.max()!
    })
  let live = try FirstSteps(steps: 8, scenes: 2)
  let start = live.losses.first!
  let end = live.losses.last!
  prose(
    "And here are real steps, taken while this lesson ran: FCN-16s from the weights of FCN-32s, "
      + "\(live.losses.count) steps on two scenes, always the same ones.")
  formula(live.losses.map { decimal($0, 2) }.joined(separator: "  "))
  claim(
    "it learns: the loss falls by a third and more",
    evidence: "from \(decimal(start, 2)) to \(decimal(end, 2))", holds: 3 * end < 2 * start)
  let asleep = live.moved.indices.filter { !live.moved[$0] }
  claim(
    "score_pool4 began at 0; at the first step the weights of "
      + "\(live.moved.count - asleep.count) of its \(live.moved.count) features moved, and the others "
      + "are 0 all over here",
    evidence: "0 all over: \(live.silent.count { $0 }); not moved: \(asleep.count)",
    holds: live.moved == live.silent.map { !$0 })
}

/// Lesson 34: the control, and what these results do not show.
@StepBuilder func whatMayNotBeConcluded(_ results: StageResults) throws -> [Step] {
  let control = StageResults(try TrainedWeights.control())
  let steps = results.stages.map(\.iterations).reduce(0, +)
  let both = results.stages[0].iterations + results.stages[1].iterations
  let means = results.meanIU
  heading("Where it breaks: what may not be concluded")
  prose(
    "Each network has also learned for longer than the one before: FCN-8s comes after \(steps) steps in "
      + "all. So the tables alone do not prove that the skips did it. For that FCN-32s must be "
      + "trained for as long as FCN-16s was in all, and stay behind. Such a control was run; its "
      + "log comes with the book, too:")
  formula(
    "convbook train --stage 32s --from training/classifier.safetensors \\",
    "  --iterations \(control.stages[0].iterations) --seed \(control.record.seed) --output control")
  table(
    ["", "steps", "mean IU"] + StageResults.thin.map { "IU \(ClassNames.scenes[$0])" },
    rows: [
      ("FCN-32s", results, 0), ("FCN-32s, the control", control, 0), ("FCN-16s", results, 1),
      ("FCN-8s", results, 2),
    ].map { name, run, stage in
      [
        name,
        "\(run.stages[...stage].map(\.iterations).reduce(0, +))",
        decimal(run.meanIU[stage], 3),
      ] + StageResults.thin.map { decimal(run.ius(of: $0)[stage], 3) }
    })
  claim(
    "with as many steps as FCN-16s the control stays far below it",
    evidence: "\(decimal(control.meanIU[0], 3)) and \(decimal(means[1], 3)); it gained "
      + "\(decimal(control.meanIU[0] - means[0], 3)), the first skip "
      + decimal(means[1] - means[0], 3),
    holds: control.stages[0].iterations == both
      && control.meanIU[0] - means[0] < (means[1] - means[0]) / 2)
  prose(
    "So the first skip's gain is not that of longer training. For the second no control was run; but "
      + "Docs/Training.md tells how far the best scores of any network get with cells of 16 pixels, and "
      + "FCN-8s is beyond that. That the classifier's training helped, or that stages are needed, would go "
      + "too far: no network without was measured here, and "
      + "the authors' FCN-8s that was trained at once comes out as good (65.4 against 65.5 mean IU)."
  )
}
