import Foundation
import FullyConvolutional
import Interchange
import Tensors

/// The files that PyTorch wrote; see the scripts in Fixtures.
enum PyTorchFile {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// All tensors of a file, by name.
  static func tensors(_ name: String) throws -> Weights<Float> {
    let file = try WeightFile.open(folder.appending(path: "\(name).safetensors").path)
    return try Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, try $0.tensor()) })
  }
}
