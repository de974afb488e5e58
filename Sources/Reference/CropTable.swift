import ConvolutionArithmetic
import Tensors

/// The five crops of the FCNs on VGG16, each derived from two coordinate maps.
func cropTable() throws(GeometryError) -> String {
  let scores = try [AxisLayer].vgg16().coordinateMap()
  let pool4 = try [AxisLayer].vgg16(through: "pool4").coordinateMap()
  let pool3 = try [AxisLayer].vgg16(through: "pool3").coordinateMap()
  func up(_ map: CoordinateMap, by stride: Int) throws(GeometryError) -> CoordinateMap {
    try map.then(upsampling(by: stride).coordinateMap)
  }
  let twice = try up(scores, by: 2)
  let fourTimes = try up(twice, by: 2)
  let crops: [(String, String, CoordinateMap, String, CoordinateMap)] = [
    ("FCN-32s", "the scores, 32×", try up(scores, by: 32), "the input", .identity),
    ("FCN-16s, 8s", "pool4", pool4, "the scores, 2×", twice),
    ("FCN-8s", "pool3", pool3, "the fused scores, 2×", fourTimes),
    ("FCN-16s", "the fused scores, 16×", try up(twice, by: 16), "the input", .identity),
    ("FCN-8s", "the fused scores, 8×", try up(fourTimes, by: 8), "the input", .identity),
  ]
  var rows: [[String]] = []
  for (network, name, map, onto, reference) in crops {
    rows.append([
      network, name, "\(map)", onto, "\(reference)",
      "\(try cropOffset(of: map, to: reference))",
    ])
  }
  return markdownTable(["network", "cropped", "its map", "to lie on", "its map", "offset"], rows)
}

/// What a kernel of 63 does for FCN-AlexNet, and why one of 64 cannot.
func alexNetAnswer() throws(GeometryError) -> String {
  func map(kernelSize: Int) throws(GeometryError) -> CoordinateMap {
    let up = try AxisLayer.transposedConvolution("up", kernelSize: kernelSize, stride: 32)
    return try ([AxisLayer].alexNet() + [up]).coordinateMap()
  }
  let offset = try cropOffset(of: map(kernelSize: 63), to: .identity)
  var refusal = ""
  do {
    _ = try cropOffset(of: map(kernelSize: 64), to: .identity)
  } catch {
    refusal = error.description
  }
  return """
    FCN-AlexNet takes a kernel of 63 and the offset \(offset). With 64 there is none: \(refusal).
    """
}
