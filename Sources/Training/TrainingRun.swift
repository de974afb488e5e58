import ConvolutionArithmetic
public import FastKernels
public import Networks
import Primitives
import Tensors

/// A recipe on its pictures, iteration by iteration, stage by stage.
///
/// ```swift
/// let run = TrainingRun(.quick, data: .scenes(.quick, seed: 0), seed: 0)
/// while !run.isDone {
///   let loss = try run.step()
///   if run.stageIsDone { run.finishStage() }
/// }
/// run.weights   // of FCN-8s
/// ```
public final class TrainingRun {
  /// What is done.
  public let recipe: TrainingRecipe
  /// The pictures.
  public let data: TrainingData
  /// Where initial weights, the order of the pictures and dropout come from.
  public let seed: UInt64
  /// The most bytes that the maps of a batch may take; nil for any number. A picture that needs more is
  /// refused.
  public var memoryLimit: Int?
  private let threads: Threads
  private let level: Level
  private var trainer: Trainer?
  /// Where the run stands; weights and velocities are those of the stage's beginning.
  private var progress: TrainingState

  /// A run from its beginning, or from where another one stopped.
  public init(
    _ recipe: TrainingRecipe, data: TrainingData, seed: UInt64, from state: TrainingState? = nil,
    threads: Threads = .all, level: Level = .best
  ) {
    (self.recipe, self.data, self.seed) = (recipe, data, seed)
    (self.threads, self.level) = (threads, level)
    progress = state ?? .start(recipe)
  }

  /// Whether all stages are done.
  public var isDone: Bool { progress.stage == recipe.stages.count }

  /// The stage that runs.
  public var stage: TrainingStage { recipe.stages[progress.stage] }

  /// Its place in the recipe.
  public var stageIndex: Int { progress.stage }

  /// The iterations of the stage that are done.
  public var iteration: Int { progress.iteration }

  /// Whether the stage has no iterations left.
  public var stageIsDone: Bool { progress.iteration >= stage.iterations }

  /// The losses so far, by stage.
  public var losses: [[Float]] { progress.losses }

  /// The network of the stage.
  public var network: Network {
    let set = data.pictures(for: stage.kind)
    return stage.kind.network(classes: set.classes, backbone: recipe.backbone)
  }

  /// Where the run stands, to go on from later.
  public var state: TrainingState {
    var state = progress
    if let trainer {
      // The state is a copy of all weights and velocities.
      trainer.rest()
      state.weights = trainer.weights
      state.velocities = trainer.velocities
    }
    return state
  }

  /// The weights of the stage's network as they are now.
  public var weights: Weights<Float> { trainer?.weights ?? progress.weights }

  /// One iteration.
  ///
  /// - Returns: the loss of the batch before its step. If it is not finite no step was made, and the run
  ///   cannot go on.
  /// - Throws: what reading a picture throws; `GeometryError` if one does not fit the network.
  public func step() throws -> Double {
    let trainer = try prepared()
    let loss = try trainer.learn(
      batch(progress.iteration, for: trainer), rate: stage.rate(at: progress.iteration),
      step: progress.iteration)
    guard loss.isFinite else { return loss }
    progress.iteration += 1
    progress.losses[progress.stage].append(Float(loss))
    return loss
  }

  /// Goes to the next stage, which begins with the weights of this one.
  public func finishStage() {
    precondition(stageIsDone, "\(stage.iterations - iteration) iterations are left")
    progress.weights = weights
    progress.velocities = [:]
    progress.stage += 1
    progress.iteration = 0
    trainer = nil
  }

  private func prepared() throws -> Trainer {
    if let trainer { return trainer }
    let network = network
    let stageSeed = seedOfPart(stage.kind.number, of: seed)
    // In the middle of a stage all weights are there.
    let weights =
      progress.iteration > 0
      ? progress.weights : network.initialWeights(from: progress.weights, seed: stageSeed)
    var settings = recipe.settings
    settings.seed = stageSeed
    let trainer = try Trainer(
      network, weights: weights, velocities: progress.velocities, settings: settings,
      threads: threads, level: level)
    self.trainer = trainer
    // From now on they are the trainer's.
    (progress.weights, progress.velocities) = ([:], [:])
    return trainer
  }

  /// The pictures of an iteration: the epochs one behind the other, each in an order of its own.
  private func batch(_ iteration: Int, for trainer: Trainer) throws -> [TrainingExample] {
    let set = data.pictures(for: stage.kind)
    let order = seedOfPart(100 + stage.kind.number, of: seed)
    var shuffled: (epoch: Int, indices: [Int])?
    let indices = (0..<recipe.batch).map { number -> Int in
      let (epoch, place) = (iteration * recipe.batch + number)
        .quotientAndRemainder(dividingBy: set.count)
      if shuffled?.epoch != epoch {
        shuffled = (epoch, shuffledIndices(count: set.count, seed: order, epoch: epoch))
      }
      return shuffled!.indices[place]
    }
    let (preprocessing, turns) = (data.preprocessing, recipe.turnsPictures)
    let examples = try inParallel(indices.count, threads: threads) { number in
      var picture = try set.read(indices[number])
      if turns {
        let seen = iteration * indices.count + number
        picture = picture.laid(Int(seedOfPart(seen, of: order) & 7))
      }
      do throws(GeometryError) {
        return try TrainingExample(picture, for: trainer, preprocessing)
      } catch {
        throw GeometryError("\(set.name(indices[number])): \(error)")
      }
    }
    for (index, example) in zip(indices, examples) {
      let need = try trainer.mapByteCount(input: example.input.size, batch: examples.count)
      guard need <= memoryLimit ?? .max else {
        throw GeometryError(
          "\(set.name(index)): a picture of \(example.input.size) needs \(need >> 20) MB to learn "
            + "from, and \((memoryLimit ?? 0) >> 20) MB are free; make it smaller")
      }
    }
    return examples
  }
}

extension TrainingStage.Kind {
  /// The stage's place among all: its random numbers depend on it, not on which stages run before it in
  /// the same process.
  fileprivate var number: Int { Self.allCases.firstIndex(of: self)! }
}

/// How far a course of training is: all that is needed to go on as if it had never stopped.
///
/// Which pictures come next and what dropout drops follow from the seed and the iteration, so that they
/// need not be kept.
public struct TrainingState: Sendable {
  /// The stage that runs, by its place in the recipe; the number of stages when all is done.
  public var stage: Int
  /// The iterations of that stage that are done.
  public var iteration: Int
  /// The weights of that stage's network, or of the last one's when all is done.
  public var weights: Weights<Float>
  /// The velocities of its weights.
  public var velocities: Weights<Float>
  /// The loss before each iteration, by stage.
  public var losses: [[Float]]

  public init(
    stage: Int, iteration: Int, weights: Weights<Float>, velocities: Weights<Float>,
    losses: [[Float]]
  ) {
    (self.stage, self.iteration) = (stage, iteration)
    (self.weights, self.velocities, self.losses) = (weights, velocities, losses)
  }

  /// Before the first iteration of a recipe.
  ///
  /// - Parameter weights: what the first stage starts from; what it lacks is drawn from the seed.
  public static func start(_ recipe: TrainingRecipe, from weights: Weights<Float> = [:])
    -> TrainingState
  {
    TrainingState(
      stage: 0, iteration: 0, weights: weights, velocities: [:],
      losses: recipe.stages.map { _ in [] })
  }
}
