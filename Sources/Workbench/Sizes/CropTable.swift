import ConvolutionArithmetic
import Networks
import Tensors

/// The crops of the FCNs on VGG16, each derived from two coordinate maps.
func cropTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for network in [Network.fcn32s(), .fcn16s(), .fcn8s()] {
    for layer in network.layers where layer.operation == .crop {
      rows.append([
        network.name, layer.inputs[0], "\(try network.coordinateMap(of: layer.inputs[0]))",
        layer.inputs[1], "\(try network.coordinateMap(of: layer.inputs[1]))",
        "\(try network.cropOffset(of: layer))",
      ])
    }
  }
  return markdownTable(["network", "cropped", "its map", "to lie on", "its map", "offset"], rows)
}

/// What a kernel of 63 does for FCN-AlexNet, and why one of 64 cannot.
func alexNetAnswer() throws(GeometryError) -> String {
  func map(kernelSize: Int) throws(GeometryError) -> CoordinateMap {
    let up = try AxisLayer("up", Window(kernelSize: kernelSize, stride: 32).transposed())
    return try (Network.fcnAlexNet().path(to: "fc7") + [up]).coordinateMap()
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
