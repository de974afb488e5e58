import ConvolutionArithmetic
import Networks
import Tensors

/// Receptive fields and coordinate maps through a stack, on the networks that the book builds.
func stackSection() throws(GeometryError) -> String {
  """
  ## Through a stack of layers

  Receptive field r, jump j (input cells from one output cell to the next) and start (the centre of the
  first output cell, in input cells), with r = j = 1 and start = 0 before the first layer:

      r += d(k − 1)·j      start += (d(k − 1)/2 − p)·j      j ×= s

  VGG16 with padding 100 in conv1_1:

  \(try receptiveFieldTable())

  Through a transposed convolution the receptive field depends on the phase, the output position modulo
  the product of the strides. Where streams meet, a cell sees what any of them sees. In the FCNs:

  \(try phaseTable())

  Coordinate maps carry a position x of the input to scale · x + shift of the output: a convolution or
  pooling has scale 1/s and shift (p − (k̂ − 1)/2)/s, its transpose scale s and shift (k̂ − 1)/2 − p, a
  crop by c cells has scale 1 and shift −c. Two in a row make (a₁a₂, a₁b₂ + b₁). A crop aligns two maps
  if their scales are equal and the difference of their shifts is an integer, not below 0; that
  difference is the offset.
  """
}

private func receptiveFieldTable() throws(GeometryError) -> String {
  let layers = try Network.fcn8s().path(to: "fc7")
  let fields = try layers.receptiveFields()
  let maps = try layers.coordinateMaps()
  let sizes = try layers.sizes(input: 500)
  var rows: [[String]] = []
  for (index, layer) in layers.enumerated() {
    guard let window = layer.window else { continue }
    rows.append([
      layer.name, "\(window.kernelSize), \(window.stride), \(window.paddingBefore)",
      "\(sizes[index])", "\(fields[index].size)", "\(fields[index].jump)",
      (fields[index].start < 0 ? "−" : "") + "\(fields[index].start.magnitude)",
      "\(maps[index])",
    ])
  }
  return markdownTable(
    ["layer", "k, s, p", "size at 500", "receptive field", "jump", "start", "coordinate map"], rows)
}

private func phaseTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for network in [Network.fcn32s(), .fcn16s(), .fcn8s()] {
    let layers = try network.path(to: "score")
    let strides = layers.compactMap(\.window).filter(\.isTransposed).map(\.stride)
    let field = try network.receptiveField(of: "score")
    rows.append([
      network.name, strides.map { "\($0)×" }.joined(separator: ", "),
      "\(field.sizeByPhase.count)",
      joinedByAnd(field.sizes.map { "\($0.size) in \($0.phases)" }),
    ])
  }
  return markdownTable(
    ["network", "upsampling", "phases", "input pixels seen, in how many phases"], rows)
}
