import Interchange
public import Networks
internal import Tensors
import WeightFiles

/// The weights that come with the book: FCN-32s, FCN-16s and FCN-8s of the synthetic scenes.
///
/// They were made by `convbook train --seed 1`, which makes them again on the same kind of machine;
/// `log.json` beside them says how it went.
public enum TrainedWeights {
  /// The networks of which there are weights.
  public static let networks: [NetworkName] = [.fcn32s, .fcn16s, .fcn8s]

  /// The path of a network's weight file, or nil if there is none or it was moved away.
  public static func path(of network: NetworkName) -> String? {
    guard networks.contains(network) else { return nil }
    return path(of: "\(network.rawValue).safetensors")
  }

  /// The path of the log of the training.
  public static var log: String? { path(of: "log.json") }

  /// The weights of a network; transposed convolutions are bilinear.
  ///
  /// - Throws: what `WeightFile.open` throws.
  public static func weights(of network: NetworkName) throws -> (Network, Weights<Float>) {
    guard let path = path(of: network) else {
      throw FileProblem.cannotOpen(missing("the weights of \(network.rawValue)"))
    }
    let file = try WeightFile.open(path)
    let shapes = Dictionary(file.entries.map { ($0.name, $0.shape) }) { first, _ in first }
    let made = network.network(fitting: { shapes[$0] })
    var weights: Weights<Float> = [:]
    for entry in file.entries { weights[entry.name] = try entry.tensor() }
    return (made, made.initialWeights(from: weights))
  }

  private static let folder = ShippedFolder(
    "TrainedWeights", inBook: "Sources/Training/TrainedWeights")

  /// The sentence for what came with the book and is not there, with the way out.
  public static func missing(_ what: String) -> String { folder.missing(what) }

  private static func path(of name: String) -> String? { folder.file(name) }
}

/// What a run of `convbook train` noted: `log.json`, without what only its owner's machine explains.
public struct TrainingRecord: Sendable {
  /// One stage of the run.
  public struct Stage: Sendable {
    /// `classifier`, `32s`, `16s` or `8s`.
    public let name: String
    /// How many steps of gradient descent it took.
    public let iterations: Int
    /// The learning rate.
    public let rate: Double
    /// At the end of the stage, for the validation pictures: a row for each true class, a column for
    /// each label given.
    public let confusion: [[Int]]
    /// The loss of each step's batch, before the step.
    public let losses: [Double]
  }

  public let seed: UInt64
  /// Pictures in a batch.
  public let batch: Int
  /// How many pictures it learned from.
  public let trainingPictures: Int
  /// How many others it was judged by.
  public let validationPictures: Int
  /// The stages, in order.
  public let stages: [Stage]
}

extension TrainedWeights {
  /// What was noted when the weights that come with the book were made.
  ///
  /// - Throws: `FileProblem` if the log isn't there, `InterchangeError` if it is damaged.
  public static func record() throws -> TrainingRecord { try record("log.json") }

  /// What was noted by the control: FCN-32s alone, for as long as it and FCN-16s together.
  ///
  /// - Throws: `FileProblem` if the log isn't there, `InterchangeError` if it is damaged.
  public static func control() throws -> TrainingRecord { try record("control.json") }

  private static func record(_ name: String) throws -> TrainingRecord {
    guard let path = path(of: name) else { throw FileProblem.cannotOpen(missing(name)) }
    let json = try JSON(parsing: FileBytes.read(path, limit: 1 << 24), of: path)
    guard let record = TrainingRecord(json) else {
      throw InterchangeError("\(path) is no log of convbook train")
    }
    return record
  }
}

extension TrainingRecord {
  /// The record that a log holds; nil if something of it is missing.
  init?(_ log: JSON) {
    guard let seed = log["seed"]?.integer, let batch = log["batch"]?.integer,
      let training = log["trainingPictures"]?.integer,
      let validation = log["validationPictures"]?.integer, let stages = log["stages"]?.items
    else { return nil }
    self.seed = UInt64(truncatingIfNeeded: seed)
    self.batch = batch
    trainingPictures = training
    validationPictures = validation
    self.stages = stages.compactMap(Stage.init)
    guard self.stages.count == stages.count else { return nil }
  }
}

extension TrainingRecord.Stage {
  fileprivate init?(_ log: JSON) {
    guard let name = log["name"]?.string, let iterations = log["iterations"]?.integer,
      let rate = log["rate"]?.number, let rows = log["confusion"]?.items,
      let losses = log["losses"]?.items
    else { return nil }
    self.name = name
    self.iterations = iterations
    self.rate = rate
    confusion = rows.map { ($0.items ?? []).compactMap(\.integer) }
    self.losses = losses.compactMap(\.number)
  }
}
