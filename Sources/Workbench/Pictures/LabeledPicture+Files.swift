import Interchange
import Networks
import Tensors
import Training

extension LabeledPicture {
  /// The picture and its labels as files hold them; there must be a label for each pixel.
  var files: (picture: Picture, labels: LabelMap) {
    precondition(labelSize == size, "\(labelSize) labels do not label \(size) pixels")
    return (
      Picture(width: size.width, height: size.height, pixels: pixels),
      LabelMap(width: size.width, height: size.height, labels: labels)
    )
  }

  /// A picture and its labels, of one size, as they were read from files.
  init(_ picture: Picture, _ labels: LabelMap) {
    self.init(
      size: Size(height: picture.height, width: picture.width), pixels: picture.pixels,
      labels: labels.labels, labelSize: Size(height: labels.height, width: labels.width))
  }
}
