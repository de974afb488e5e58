import CommandLineKit
import FastKernels
import FullyConvolutional
import Interchange
import Primitives
import Tensors

/// What a network says about the pictures of a set, counted against the truth.
struct Evaluation {
  let network: FastNetwork
  let preprocessing: Preprocessing

  /// Runs the network on one picture after the other and counts every pixel that is not ignored.
  ///
  /// - Parameter set: pictures with a label for each pixel, and as many classes as the network has.
  /// - Throws: what reading a picture throws, and what ``Segmentation`` does.
  func matrix(of set: PictureSet) throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: set.classes)
    let progress = PictureProgress(total: set.count)
    defer { progress.clear() }
    for index in 0..<set.count {
      progress.show(done: index, name: "picture \(index + 1)")
      let (picture, truth) = try set.read(index).files
      let given = try Segmentation(picture, network: network, preprocessing: preprocessing).labels
      try matrix.add(truth: truth.labels, labels: given.labels)
    }
    return matrix
  }
}
