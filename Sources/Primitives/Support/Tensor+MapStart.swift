import Tensors

extension Tensor {
  /// The position in row-major order of the first cell of a map: batch or out, channel or in.
  func start(_ batch: Int, _ channel: Int) -> Int {
    (batch * channels + channel) * height * width
  }
}
