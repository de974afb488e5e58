import ConvolutionArithmetic
import FastKernels
import Foundation
import Networks
import Primitives
import Tensors
import Testing
import Training

/// A course of training: that it can be put aside anywhere, and that any stage can be run alone.
@Suite struct TrainingRunTests {
  /// All four stages, two iterations each, on a handful of small pictures.
  static let recipe: TrainingRecipe = {
    var recipe = TrainingRecipe.quick
    for stage in recipe.stages.indices { recipe.stages[stage].iterations = 2 }
    for block in recipe.backbone.blocks.indices {
      recipe.backbone.blocks[block].channels = 3 + block
    }
    recipe.backbone.classifierChannels = 6
    recipe.batch = 3
    recipe.pictures = PictureCounts(training: 4, validation: 1, single: 5)
    // Something that depends on the iteration.
    recipe.settings.dropout = 0.25
    return recipe
  }()

  static func run(
    _ recipe: TrainingRecipe = recipe, from state: TrainingState? = nil, threads: Int = 2
  ) -> TrainingRun {
    TrainingRun(
      recipe, data: .scenes(recipe, seed: 3), seed: 3, from: state, threads: Threads(threads))
  }

  /// Runs to the end; returns the weights at the end of each stage that is left.
  static func finish(_ run: TrainingRun) throws -> [Weights<Float>] {
    var weights: [Weights<Float>] = []
    while !run.isDone {
      while !run.stageIsDone { _ = try run.step() }
      weights.append(run.weights)
      run.finishStage()
    }
    return weights
  }

  @Test func `a run that was put aside anywhere ends where an uninterrupted one does, bit by bit`()
    throws
  {
    let whole = Self.run()
    let expected = try Self.finish(whole)
    #expect(expected.count == 4)
    let run = Self.run(threads: 1)
    var last = run.state
    while !run.isDone {
      // From its beginning, its middle and its end, a stage goes on to the same weights.
      let resumed = Self.run(from: run.state)
      let weights = try Self.finish(resumed)
      #expect(
        weights.elementsEqual(expected.suffix(weights.count)),
        "stage \(run.stageIndex), \(run.iteration)")
      #expect(resumed.losses == whole.losses)
      if run.stageIsDone { run.finishStage() } else { _ = try run.step() }
      last = run.state
    }
    #expect(last.stage == 4 && last.weights == expected[3])
  }

  @Test func `a stage alone ends where it does among the others`() throws {
    let expected = try Self.finish(Self.run())
    for stage in 1..<4 {
      var alone = Self.recipe
      alone.stages = [alone.stages[stage]]
      let run = Self.run(alone, from: .start(alone, from: expected[stage - 1]))
      #expect(try Self.finish(run) == [expected[stage]])
    }
  }

  @Test func `stages begin with the last one's weights, new scores at 0 and bilinear upsampling`()
    throws
  {
    let run = Self.run()
    while !run.stageIsDone { _ = try run.step() }
    let classifier = run.weights
    run.finishStage()
    #expect(run.stage.kind == .fcn32s && run.state.velocities.isEmpty)
    // One iteration at rate 0 shows what it begins with.
    var still = Self.recipe
    still.stages[1].rate = 0
    let next = Self.run(still, from: run.state)
    _ = try next.step()
    let weights = next.weights
    for name in ["conv1_1.weight", "conv5_1.bias", "fc6.weight", "fc7.bias"] {
      #expect(weights[name] == classifier[name])
    }
    #expect(weights["score_fr.weight"]!.elements.allSatisfy { $0 == 0 })
    #expect(weights["upscore.weight"] == bilinearKernels(classes: 6, kernelSize: 64))
    #expect(weights["fc8.weight"] == nil)
  }

  @Test func `the first loss of FCN-32s is log 6: all classes are equally likely`() throws {
    var recipe = Self.recipe
    recipe.stages.removeFirst()
    recipe.settings.dropout = 0
    let loss = try Self.run(recipe).step()
    #expect(abs(loss - Double.log(6)) < 1e-6)
  }

  @Test func `the rate goes up at first, is constant and then goes down to almost nothing`() {
    let warmed = TrainingStage(.fcn8s, iterations: 8, rate: 2, warmUp: 2, cooling: 0.5)
    let risen = (0..<8).map { warmed.rate(at: $0) }
    #expect(risen == [1, 2, 2, 2, 2, 1.5, 1, 0.5])
    // ¼ of 8, ½ of 6, ¾ of 4, and 2.
    let both = TrainingStage(.fcn8s, iterations: 4, rate: 8, warmUp: 4, cooling: 1)
    #expect((0..<4).map { both.rate(at: $0) } == [2, 3, 3, 2])
    let stage = TrainingStage(.fcn8s, iterations: 8, rate: 2, cooling: 0.5)
    let rates = (0..<8).map { stage.rate(at: $0) }
    #expect(rates == [2, 2, 2, 2, 2, 1.5, 1, 0.5])
    let constant = TrainingStage(.fcn8s, iterations: 3, rate: 2)
    #expect((0..<3).map { constant.rate(at: $0) } == [2, 2, 2])
  }

  @Test func `every epoch takes every picture once`() throws {
    // Four pictures of four sizes, one for each step of batch 1; sizes may differ from step to step.
    var recipe = Self.recipe
    recipe.stages = [TrainingStage(.fcn32s, iterations: 8, rate: 0.01)]
    recipe.batch = 1
    let scenes = try (0..<4).map {
      try PictureSet.scenes(count: 1, seed: 1, size: Size(height: 33 + $0, width: 40)).read(0)
    }
    let seen = Seen()
    let set = PictureSet(count: 4, classNames: ClassNames.scenes) { index in
      seen.append(index)
      return scenes[index]
    }
    let run = TrainingRun(
      recipe, data: TrainingData(training: set, validation: set, preprocessing: .scene), seed: 1)
    while !run.stageIsDone { _ = try run.step() }
    #expect(Set(seen.indices.prefix(4)) == [0, 1, 2, 3])
    #expect(Set(seen.indices.suffix(4)) == [0, 1, 2, 3])
    #expect(seen.indices.count == 8)
  }

  /// Pictures in the order in which they were read.
  private final class Seen: @unchecked Sendable {
    private(set) var indices: [Int] = []
    func append(_ index: Int) { indices.append(index) }
  }

  @Test func `a picture smaller than the kernels see is continued with zeros`() throws {
    let scene = try PictureSet.scenes(count: 1, seed: 1, size: 16).read(0)
    let set = PictureSet(
      count: 1, classNames: ClassNames.scenes, name: { "holiday-\($0).png" }, read: { _ in scene })
    var recipe = Self.recipe
    recipe.stages = [TrainingStage(.fcn8s, iterations: 1, rate: 1)]
    let run = TrainingRun(
      recipe, data: TrainingData(training: set, validation: set, preprocessing: .scene), seed: 1)
    // All scores begin at zero, so each of the six classes has the probability 1/6, and the loss is ln 6.
    #expect(try abs(run.step() - log(6)) < 1e-5)
  }

  @Test
  func `a picture that needs more memory than there is, is refused before any of it is taken`()
    throws
  {
    let scene = try PictureSet.scenes(count: 1, seed: 1, size: Size(height: 128, width: 640)).read(
      0)
    let set = PictureSet(
      count: 1, classNames: ClassNames.scenes, name: { "wide-\($0).png" }, read: { _ in scene })
    var recipe = Self.recipe
    recipe.stages = [TrainingStage(.fcn32s, iterations: 2, rate: 0.01)]
    recipe.batch = 1
    let run = TrainingRun(
      recipe, data: TrainingData(training: set, validation: set, preprocessing: .scene), seed: 1)
    run.memoryLimit = 4 << 20
    let error = #expect(throws: GeometryError.self) { try run.step() }
    #expect(error?.description.hasPrefix("wide-0.png: a picture of 128×640 needs") == true)
    #expect(
      error?.description.hasSuffix("MB to learn from, and 4 MB are free; make it smaller") == true)
    run.memoryLimit = 1 << 30
    #expect(try run.step().isFinite)
  }
}
