import Foundation
import Networks
import Testing
import Training

/// A small network trained again, against the loss curve that was recorded with
///
///     convbook train --recipe quick --scenes 40 --iterations 15 --batch 5 --output small
///     cp small/log.csv Tests/TrainingTests/Fixtures/small-training.csv
@Suite struct RecordedTrainingTests {
  @Test func `the losses of all four stages are the recorded ones`() throws {
    var recipe = TrainingRecipe.quick
    for stage in recipe.stages.indices { recipe.stages[stage].iterations = 15 }
    recipe.batch = 5
    recipe.pictures = PictureCounts(training: 40, validation: 10, single: 100)
    let run = TrainingRun(recipe, data: .scenes(recipe, seed: 0), seed: 0)
    while !run.isDone {
      while !run.stageIsDone { _ = try run.step() }
      run.finishStage()
    }
    // With fused multiply-adds and without, last bits differ, and each step makes some more of that:
    // from 1e-7 at first to a few parts in a hundred in the end.
    let tolerances = [0.001, 0.01, 0.2, 0.2]
    let recorded = try Self.recorded()
    #expect(recorded.map(\.count) == [15, 15, 15, 15])
    for (stage, tolerance) in tolerances.enumerated() {
      for (iteration, (loss, expected)) in zip(run.losses[stage], recorded[stage]).enumerated() {
        #expect(
          abs(Double(loss) - expected) <= tolerance * expected,
          "stage \(stage + 1), iteration \(iteration + 1): \(loss), recorded \(expected)")
      }
    }
    // And it learns: each of the networks ends lower than it began.
    for losses in run.losses.dropFirst() {
      let (early, late) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
      #expect(late < early)
    }
  }

  /// The losses by stage, in the order of the file.
  private static func recorded() throws -> [[Double]] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/small-training.csv")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
    var (names, losses): ([Substring], [[Double]]) = ([], [])
    for line in lines {
      let cells = line.split(separator: ",")
      if names.last != cells[0] {
        names.append(cells[0])
        losses.append([])
      }
      losses[losses.count - 1].append(try #require(Double(cells[3])))
    }
    return losses
  }
}
