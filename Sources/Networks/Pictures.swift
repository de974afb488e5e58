import FastKernels
public import Tensors

/// How the pixels of a picture become the numbers that a network was trained on.
///
///     caffe:        blue, green, red:  pixel − mean
///     torchvision:  red, green, blue:  (pixel / 255 − mean) / deviation
///     scene:        red, green, blue:  (pixel − 127.5) / 64
///
/// A network that sees the pixels of another preprocessing gives plausible nonsense, so weights and
/// preprocessing belong together.
public enum Preprocessing: String, CaseIterable, Sendable {
  /// As the published FCN weights expect, and all others that come from Caffe.
  case caffe
  /// As the classifiers of torchvision and timm expect.
  case torchvision
  /// As the networks trained on the synthetic scenes expect.
  case scene

  /// The number that a pixel's value becomes in a channel of the network's input.
  public func value(_ pixel: UInt8, channel: Int) -> Float {
    let pixel = Float(pixel)
    switch self {
    case .caffe:
      let means: [Float] = [104.00698793, 116.66876762, 122.67891434]
      return pixel - means[channel]
    case .torchvision:
      let means: [Float] = [0.485, 0.456, 0.406]
      let deviations: [Float] = [0.229, 0.224, 0.225]
      return (pixel / 255 - means[channel]) / deviations[channel]
    case .scene:
      return (pixel - 127.5) / 64
    }
  }

  /// The input (1, 3, height, width) for red, green and blue bytes, row by row.
  public func input(pixels: [UInt8], size: Size) -> Tensor<Float> {
    let area = size.height * size.width
    precondition(pixels.count == 3 * area, "\(pixels.count) bytes are no \(size) pixels of three")
    return planes(
      of: pixels, size: size, colors: self == .caffe ? [2, 1, 0] : [0, 1, 2],
      tables: (0..<3).map { channel in (0...255).map { value($0, channel: channel) } })
  }
}

/// Returns maps continued below and to the right with one value.
///
/// ```swift
/// continued(Tensor(row: [1, 2]), to: Size(height: 1, width: 4), with: 0)   // 1 2 0 0
/// ```
///
/// - Parameter size: at least the maps' own.
public func continued<Scalar>(
  _ maps: Tensor<Scalar>, to size: Size, with value: Scalar
) -> Tensor<Scalar> {
  guard size != maps.size else { return maps }
  let (height, width) = (maps.height, maps.width)
  precondition(size.height >= height && size.width >= width, "\(size) is less than \(maps.size)")
  var elements: [Scalar] = []
  elements.reserveCapacity(maps.batch * maps.channels * size.area)
  for map in 0..<(maps.batch * maps.channels) {
    for row in 0..<height {
      let start = (map * height + row) * width
      elements += maps.elements[start..<(start + width)]
      elements += repeatElement(value, count: size.width - width)
    }
    elements += repeatElement(value, count: (size.height - height) * size.width)
  }
  return Tensor(
    shape: [maps.batch, maps.channels, size.height, size.width], elements: elements)
}

/// What the classes of well-known data sets are called.
public enum ClassNames {
  /// The 21 classes of Pascal VOC.
  public static let voc = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
    "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
    "train", "tvmonitor",
  ]

  /// The 6 classes of the synthetic scenes.
  public static let scenes = ["background", "disc", "square", "triangle", "ring", "cross"]
}
