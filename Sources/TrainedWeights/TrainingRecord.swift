internal import Foundation
internal import Interchange

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

  /// The seed.
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
