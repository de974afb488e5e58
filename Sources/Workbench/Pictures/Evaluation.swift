import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// What a network says about the pictures of a set, counted against the truth.
struct Evaluation {
  let network: FastNetwork
  let preprocessing: Preprocessing
  /// The true label that is left out; nil for none.
  var ignored: UInt8? = 255

  /// Runs the network on one picture after the other and counts every pixel that is not ignored.
  ///
  /// - Parameter set: pictures with a label for each pixel, and as many classes as the network has.
  /// - Throws: what reading a picture throws; `ExitStatus` that names the picture, if one is too
  ///   small or too large for the network.
  func tally(of set: PictureSet) throws -> Tally {
    var tally = Tally(classes: set.classes, ignoring: ignored)
    let progress = PictureProgress(total: set.count)
    defer { progress.clear() }
    for index in 0..<set.count {
      if EndSignal.hasCome { throw Interruption() }
      progress.show(done: index, name: set.name(index))
      // What cannot be read is named by its own error.
      let (picture, truth) = try set.read(index).files
      do {
        let given = try Segmentation(picture, network: network, preprocessing: preprocessing)
        try tally.add(truth: truth.labels, labels: given.labels.labels)
      } catch {
        let status = error as? ExitStatus ?? exitStatus(of: error) ?? .data("\(error)")
        throw status.naming(set.name(index))
      }
    }
    return tally
  }
}
