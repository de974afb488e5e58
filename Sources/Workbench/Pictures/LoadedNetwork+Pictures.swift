import Interchange
import Networks
import Tensors

extension LoadedNetwork {
  /// The preprocessing that goes with the weights: what the file states, or what the network was
  /// made for.
  var preprocessing: Preprocessing {
    if let stated = file.stated("preprocess").flatMap(Preprocessing.init(rawValue:)) {
      return stated
    }
    return isScenes ? .scene : .caffe
  }

  /// What the classes are called.
  var classNames: [String] {
    let known = isScenes ? ClassNames.scenes : ClassNames.voc
    return known.count == classes ? known : (0..<classes).map { "class \($0)" }
  }

  /// Whether it has the small kernels of the networks that are trained on the synthetic scenes.
  private var isScenes: Bool {
    network.parameters.first { $0.name == "fc6.weight" }?.shape.dimensions.suffix(2) == [3, 3]
  }

  /// Refuses a network that does not label pictures, or has more classes than a label can tell.
  ///
  /// - Throws: `ExitStatus` 65
  func checkLabels(of path: String) throws(ExitStatus) {
    if name == .vgg16 {
      throw .data(
        "\(path) holds the classifier VGG16, which gives no score for each pixel; make a network "
          + "of it first: convbook convert \(path) fcn32s.safetensors --network fcn32s")
    }
    guard name.labelsPictures else {
      throw .data(
        "\(path) holds \(network.name), whose scores do not lie on the pixels of a colour picture")
    }
    guard (2...255).contains(classes) else {
      throw .data("\(path) has \(classes) classes; label maps hold from 2 to 255")
    }
  }
}

extension NetworkName {
  /// The network of this name, if it is one that labels pictures.
  ///
  /// - Throws: `ExitStatus` 64
  init(labeling word: String) throws(ExitStatus) {
    let name = try NetworkName(typed: word)
    guard name.labelsPictures else {
      let others = Self.allCases.filter(\.labelsPictures).map(\.rawValue)
      throw .usage("\(word) does not label pictures; --network must be \(listed(others))")
    }
    self = name
  }
}
