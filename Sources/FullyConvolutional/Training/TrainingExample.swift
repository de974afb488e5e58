import ConvolutionArithmetic
public import Tensors

/// A picture as a network reads it, and the true label of each pixel of its scores.
public struct TrainingExample: Sendable {
  /// (1, channels, height, width).
  public let input: Tensor<Float>
  /// Row by row.
  public let labels: [UInt8]

  /// An example.
  public init(input: Tensor<Float>, labels: [UInt8]) {
    (self.input, self.labels) = (input, labels)
  }
}

extension TrainingExample {
  /// A picture as a network reads it, continued with zeros and ignored labels to a size that it takes.
  init(
    _ picture: LabeledPicture, for network: Network, _ preprocessing: Preprocessing
  ) throws(GeometryError) {
    let input = preprocessing.input(pixels: picture.pixels, size: picture.size)
    // A single label is of the whole picture, whatever its size.
    guard picture.labelSize == picture.size else {
      self.init(input: input, labels: picture.labels)
      return
    }
    let size = try network.workableSize(for: picture.size)
    guard size != picture.size else {
      self.init(input: input, labels: picture.labels)
      return
    }
    let labels = Tensor(
      shape: [1, 1, picture.size.height, picture.size.width], elements: picture.labels)
    self.init(
      input: continued(input, to: size, with: 0),
      labels: continued(labels, to: size, with: 255).elements)
  }
}
