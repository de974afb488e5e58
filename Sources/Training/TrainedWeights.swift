internal import Foundation
import Interchange
public import Networks

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
      throw FileProblem.cannotOpen(
        "the weights of \(network.rawValue) that come with the book are not where it was built")
    }
    let file = try WeightFile.open(path)
    let shapes = Dictionary(file.entries.map { ($0.name, $0.shape) }) { first, _ in first }
    let made = network.network(fitting: { shapes[$0] })
    var weights: Weights<Float> = [:]
    for entry in file.entries { weights[entry.name] = try entry.tensor() }
    return (made, made.initialWeights(from: weights))
  }

  /// Beside the program, where the build puts a copy, or else among the sources.
  static func path(of name: String) -> String? {
    let beside = Bundle.main.bundleURL
    let folders = [
      beside.appendingPathComponent("convbook_Training.resources"),
      beside.appendingPathComponent("convbook_Training.bundle"),
      URL(fileURLWithPath: #filePath).deletingLastPathComponent(),
    ]
    return folders.map {
      $0.appendingPathComponent("TrainedWeights").appendingPathComponent(name).path
    }
    .first { FileManager.default.fileExists(atPath: $0) }
  }
}

/// What a run of `convbook train` noted: `log.json`, without what only its owner's machine explains.
public struct TrainingRecord: Decodable, Sendable {
  /// One stage of the run.
  public struct Stage: Decodable, Sendable {
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

  /// What was noted by the control: FCN-32s alone, for as long as the three networks together.
  ///
  /// - Throws: `FileProblem` if the log isn't there, `InterchangeError` if it is damaged.
  public static func control() throws -> TrainingRecord { try record("control.json") }

  private static func record(_ name: String) throws -> TrainingRecord {
    guard let path = path(of: name), let bytes = FileManager.default.contents(atPath: path) else {
      throw FileProblem.cannotOpen(
        "\(name), which comes with the book's weights, is not where it was built")
    }
    do {
      return try JSONDecoder().decode(TrainingRecord.self, from: bytes)
    } catch {
      throw InterchangeError("\(path) is no log of convbook train: \(error)")
    }
  }
}
