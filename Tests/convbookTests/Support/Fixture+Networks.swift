import Foundation
import Interchange
import Networks
import Tensors
import Training
import WeightFiles

extension Fixture {
  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Tensors under these names in this order.
  func save(_ name: String, tensors: [(String, Tensor<Float>)]) throws {
    try SafetensorsWriter.write(
      tensors.map { WeightEntry(name: $0, tensor: $1) }, to: path(name))
  }

  /// The weights of a network, in its order; tensors whose name is in `without` are left out.
  func save(
    _ name: String, _ network: Network, _ weights: Weights<Float>, without: Set<String> = []
  ) throws {
    try save(
      name,
      tensors: network.parameters.filter { !without.contains($0.name) }
        .map { ($0.name, weights[$0.name]!) })
  }

  /// A picture whose pixels are drawn from a seed, smooth enough to have areas.
  func savePicture(_ name: String, width: Int, height: Int, seed: UInt64) throws {
    let picture = Self.picture(width: width, height: height, seed: seed)
    let bytes =
      name.hasSuffix(".ppm") ? PPMWriter.encode(picture) : PNGWriter.encode(picture)
    try save(name, bytes)
  }

  static func picture(width: Int, height: Int, seed: UInt64) -> Picture {
    var generator = SplitMix64(seed: seed)
    let corners = (0..<9).map { _ in 255 * generator.unit() }
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let (y, x) = (Double(row) / Double(height), Double(column) / Double(width))
        for color in 0..<3 {
          let level = corners[color] * (1 - x) + corners[3 + color] * x
          pixels.append(UInt8(level * (1 - y) + corners[6 + color] * y))
        }
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }
}

/// A tiny FCN-8s of 3 classes whose score layers are not zero.
enum TinyNetwork {
  static let classes = 3
  static let network = Network.fcn8s(
    classes: classes, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))

  static let weights: Weights<Float> = {
    var weights = network.initialWeights(seed: 7)
    var generator = SplitMix64(seed: 8)
    for name in ["score_fr", "score_pool4", "score_pool3"] {
      for part in ["weight", "bias"] {
        weights["\(name).\(part)"] = weights["\(name).\(part)"]!.map { _ in
          Float(generator.normal())
        }
      }
    }
    return weights
  }()
}
