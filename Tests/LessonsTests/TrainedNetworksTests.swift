import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Testing
import Training

@testable import Lessons

/// What lessons 34 and 38 print of trained networks is the same on every machine.
@Suite struct TrainedNetworksTests {
  /// Instruction sets differ in the last bits of the scores. If scores may move ten times as far and no
  /// character changes, none will on a machine that this test does not run on.
  @Test func `labels and heat map of the last lesson's scene have room to spare`() throws {
    let scene = try SegmentedScene(seed: Capstone.sceneSeed)
    var farthest: Float = 0
    for level in Level.available {
      let other = try SegmentedScene(seed: Capstone.sceneSeed, level: level)
      #expect(other.labels == scene.labels, "\(level)")
      for (a, b) in zip(scene.scores, other.scores) {
        farthest = max(farthest, zip(a.elements, b.elements).map { abs($0 - $1) }.max()!)
      }
    }
    #expect(farthest < 3e-5, "\(farthest)")
    let room: Float = 1e-4
    #expect(2 * room < scene.closest, "\(scene.closest)")

    let shown = Capstone.heat(scene)
    var random = SplitMix64(seed: 1)
    for _ in 0..<20 {
      let scores = scene.scores[2].map { $0 + Float(random.integer(in: -100...100)) / 100 * room }
      #expect(Capstone.heat(of: scores) == shown)
    }
  }

  @Test func `the first steps of stage 16s print alike on every instruction set, with room`() throws
  {
    let steps = try FirstSteps(steps: 8, scenes: 2, level: .baseline)
    for loss in steps.losses {
      // How far the loss is from where its second decimal changes.
      let place = 100 * loss - 0.5
      #expect(abs(place - place.rounded()) / 100 > 2e-4, "\(loss)")
    }
    for level in Level.available where level != .baseline {
      let other = try FirstSteps(steps: 8, scenes: 2, level: level)
      #expect(other.moved == steps.moved && other.silent == steps.silent)
      for (a, b) in zip(steps.losses, other.losses) {
        #expect(abs(a - b) < 1e-4, "\(level): \(a) and \(b)")
      }
    }
    #expect(zip(steps.losses, steps.losses.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func `what single streams say prints alike on every instruction set, with room`() throws {
    let heard = try StreamsHeard(scenes: 4, level: .baseline)
    let ius = heard.matrices.map { matrix in
      ClassNames.scenes.indices.map { matrix.intersectionOverUnion(of: $0)?.doubleValue ?? 0 }
    }
    for level in Level.available where level != .baseline {
      let other = try StreamsHeard(scenes: 4, level: level)
      for (a, b) in zip(heard.matrices, other.matrices) {
        let moved = zip(a.counts.joined(), b.counts.joined()).map { abs($0 - $1) }.reduce(0, +)
        #expect(moved <= 2, "\(level)")
      }
    }
    // A pixel or two more or less change no second decimal.
    for iu in ius.joined() where iu > 0.005 {
      let place = 100 * iu - 0.5
      #expect(abs(place - place.rounded()) > 0.02, "\(iu)")
    }
  }

  @Test func `the log holds the recipe's stages, and counts every pixel of a hundred scenes`()
    throws
  {
    let record = try TrainedWeights.record()
    let recipe = TrainingRecipe.scenes
    #expect(record.stages.map(\.name) == recipe.stages.map(\.kind.rawValue))
    #expect(record.stages.map(\.iterations) == recipe.stages.map(\.iterations))
    #expect(record.stages.map(\.rate) == recipe.stages.map(\.rate))
    for run in [record, try TrainedWeights.control()] {
      #expect(run.trainingPictures == recipe.pictures.training && run.batch == recipe.batch)
      for stage in run.stages { #expect(stage.losses.count == stage.iterations) }
      for matrix in StageResults(run).matrices {
        #expect(matrix.total == run.validationPictures * Scene.usualSize.area)
      }
    }
  }

  /// A few pixels whose scores are level may get another label on another machine.
  @Test func `the counts of the log are those of the weights`() throws {
    let results = StageResults(try TrainedWeights.record())
    let pictures = PictureSet.scenes(
      count: results.record.validationPictures, seed: results.record.seed)
    let scenes = try (0..<pictures.count).map(pictures.read)
    let inputs = scenes.map { Preprocessing.scene.input(pixels: $0.pixels, size: $0.size) }
    for (stage, name) in TrainedWeights.networks.enumerated() {
      let (network, weights) = try TrainedWeights.weights(of: name)
      let fast = try FastNetwork(network, weights: WeightSource(weights))
      var matrix = ConfusionMatrix(classes: ClassNames.scenes.count)
      for (scene, input) in zip(scenes, inputs) {
        let labels = FastKernels.argmax(try fast.forward(input)).elements.map { UInt8($0) }
        try matrix.add(truth: scene.labels, labels: labels)
      }
      let different = zip(matrix.counts.joined(), results.matrices[stage].counts.joined())
        .map { abs($0 - $1) }.reduce(0, +)
      #expect(different <= 40, "\(name): \(different)")
    }
  }

  @Test func `the sheet shows scene, truth and labels in their places`() throws {
    let scene = try SegmentedScene(seed: Capstone.sceneSeed)
    let sheet = try Picture(decoding: ScenePictures(scene).sheetPNG)
    #expect((sheet.width, sheet.height) == (5 * 264 + 8, 2 * 264 + 8))
    #expect(sheet[row: 0, column: 0] == RGB(255, 255, 255))
    let maps = [scene.truth] + scene.labels
    for (row, column) in [(0, 0), (31, 19), (55, 110), (127, 127)] {
      let pixel = 3 * (row * 128 + column)
      #expect(
        sheet[row: 8 + 2 * row, column: 8 + 2 * column]
          == RGB(
            scene.scene.pixels[pixel], scene.scene.pixels[pixel + 1], scene.scene.pixels[pixel + 2])
      )
      for (place, map) in maps.enumerated() {
        #expect(
          sheet[row: 8 + 2 * row + 1, column: 8 + 264 * (place + 1) + 2 * column + 1]
            == VOCPalette.color(of: UInt8(map[0, 0, row, column])))
      }
    }
  }
}

extension SegmentedScene {
  /// The smallest lead of any pixel's highest score over its second, in any of the networks.
  fileprivate var closest: Float {
    scores.map { scores in
      let (classes, area) = (scores.channels, scores.size.area)
      return (0..<area).map { pixel in
        let sorted = (0..<classes).map { scores.elements[$0 * area + pixel] }.sorted(by: >)
        return sorted[0] - sorted[1]
      }.min()!
    }.min()!
  }
}
