import Interchange
import Networks

/// Where converted weights go, and in which format.
struct WeightOutput {
  let path: String
  private let isNPZ: Bool

  /// - Throws: `ExitStatus` 64 if the name's ending is of no format that is written, or if the path
  ///   leads to the input; `FileProblem.cannotWrite` if it is a folder or in one that isn't there.
  init(_ path: String, from input: String) throws {
    let ending = FilePlace.ending(of: path)
    guard ["safetensors", "npz"].contains(ending) else {
      throw ExitStatus.usage(
        "\(path) must end in .safetensors or .npz, which says the format to write")
    }
    try InputFiles([input]).check(output: path)
    self.path = path
    isNPZ = ending == "npz"
  }

  /// Writes tensor by tensor; the file appears whole or not at all.
  func write(_ entries: [WeightEntry], metadata: [(key: String, value: String)]) throws {
    if isNPZ {
      try NPZWriter.write(entries, to: path)
    } else {
      try SafetensorsWriter.write(entries, to: path, metadata: metadata)
    }
  }
}

extension WeightFile {
  /// The preprocessing that the file states, or else that usually goes with its tensors' names.
  var usualPreprocessing: Preprocessing {
    if let stated = stated("preprocess").flatMap(Preprocessing.init(rawValue:)) { return stated }
    return switch WeightNames.convention(of: entries.map(\.name)) {
    case .layers, .tensorFlow: .caffe
    case .torchvision, .timm: .torchvision
    }
  }
}

extension WeightFile {
  /// What is done to kernels in TensorFlow's order, and what is not; nil for other files.
  var orderNote: String? {
    ChannelsLast.isOrder(of: entries)
      ? "turned from TensorFlow's order, (height, width, inputs, outputs); \(colorNote)" : nil
  }

  /// In which order the first kernels read the colours, and what fits them.
  private var colorNote: String {
    entries.contains { $0.name.contains("block1_conv1") }
      ? "conv1_1 reads the colours as Keras' VGG16 does, blue, green, red, which --preprocess caffe "
        + "gives"
      : "conv1_1 reads the colours in the file's order, in TF-slim's and vgg16_weights.npz red, green, "
        + "blue; --preprocess caffe gives blue, green, red, for which convert --swap-colors turns "
        + "conv1_1"
  }
}
