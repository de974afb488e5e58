public import FullyConvolutional
internal import Foundation
internal import Interchange

/// The weights that come with the book: FCN-32s, FCN-16s and FCN-8s of the synthetic scenes.
///
/// They were made by `convbook train --seed 1`, which makes them again on the same kind of machine;
/// `Scenes/log.json` beside them says how it went.
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
      beside.appendingPathComponent("convbook_TrainedWeights.resources"),
      beside.appendingPathComponent("convbook_TrainedWeights.bundle"),
      URL(fileURLWithPath: #filePath).deletingLastPathComponent(),
    ]
    return folders.map { $0.appendingPathComponent("Scenes").appendingPathComponent(name).path }
      .first { FileManager.default.fileExists(atPath: $0) }
  }
}
