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

/// Which inputs give an output, what is never read, and which geometry leads from a to b.
func inverseSection() throws(GeometryError) -> String {
  """
  ## Backwards

  Inputs with the same output: with the floor there are s of them, from (o − 1)s + k̂ − p₁ − p₂ on.
  What distinguishes them is at the far end, and no window reaches it.

  \(try sameOutputTable())

  The padding of a transposed convolution takes away, so the direct convolution that equals it pads by
  p′ = d(k − 1) − p (a negative p′ cuts off), inserts s − 1 zeros between the cells, turns the kernel by
  180° and swaps its two channel axes.

  \(try equivalentTable())
  """
}

private func sameOutputTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (kernel, stride, padding, inputs) in [
    (3, 2, 1, 5...6), (3, 2, 0, 5...6), (5, 3, 2, 16...18), (2, 2, 0, 8...9), (2, 3, 0, 8...10),
  ] {
    let window = try Window(kernelSize: kernel, stride: stride, padding: padding)
    for input in inputs {
      let axis = try window.axis(input: input)
      let same = window.inputSizes(output: axis.outputSize).map {
        "\($0.lowerBound) to \($0.upperBound)"
      }
      rows.append([
        "\(kernel), \(stride), \(padding)", "\(input)", "\(axis.outputSize)", same ?? "none",
        joinedByAnd(axis.unreadInputs.map(String.init)), "\(axis.paddingPastLastWindow)",
      ])
    }
  }
  return markdownTable(
    [
      "k, s, p", "input", "output", "inputs with this output", "input cells never read",
      "padding cells after the last window",
    ], rows)
}

private func equivalentTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (input, kernel, stride, padding, added) in [
    (2, 3, 1, 0, 0), (6, 4, 1, 2, 0), (7, 3, 1, 2, 0), (2, 3, 2, 0, 0), (3, 3, 2, 1, 0),
    (3, 3, 2, 1, 1), (5, 4, 2, 1, 0), (16, 4, 2, 0, 0),
  ] {
    let up = try Window(kernelSize: kernel, stride: stride, padding: padding).transposed(
      outputPadding: added)
    let direct = try up.equivalentConvolution()
    rows.append([
      "\(input)", "\(kernel), \(stride), \(padding), \(added)", "\(stride - 1)",
      "\(up.insertedSize(input: input))", "\(direct.paddingBefore), \(direct.paddingAfter)",
      "\(try direct.outputSize(input: up.insertedSize(input: input)))",
      try up.substitution(input: input).numbersLine,
    ])
  }
  return markdownTable(
    [
      "i′", "k, s, p, a", "zeros between cells", "with zeros", "p′ before, after", "size",
      "by the formula",
    ], rows)
}

/// The same layers in PyTorch, Keras, Caffe and ONNX.
func frameworkSection() throws(GeometryError) -> String {
  let odd = Padding(top: 0, left: 0, bottom: 1, right: 1)
  let layers: [(String, FrameworkLayer)] = [
    (
      "convolution, k = 3, half padding",
      try FrameworkLayer(.convolution(Convolution(kernelSize: 3, padding: 1)))
    ),
    (
      "convolution, k = 3, s = 2, p = 1",
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, stride: 2, padding: 1)), input: 224)
    ),
    (
      "convolution, k = 3, s = 2, p₁ = 0, p₂ = 1, on 224 cells",
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, stride: 2, padding: odd)), input: 224)
    ),
    (
      "convolution, k = 3, d = 2, p = 2",
      try FrameworkLayer(.convolution(Convolution(kernelSize: 3, padding: 2, dilation: 2)))
    ),
    (
      "transposed convolution, k = 4, s = 2, p = 1",
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 4, stride: 2, padding: 1).transposed()))
    ),
    (
      "transposed convolution, k = 3, s = 2, p = 1, a = 1",
      try FrameworkLayer(
        .convolution(Convolution(kernelSize: 3, stride: 2, padding: 1).transposed(outputPadding: 1))
      )
    ),
    (
      "transposed convolution, k = 64, s = 32, p = 0",
      try FrameworkLayer(.convolution(Convolution(kernelSize: 64, stride: 32).transposed()))
    ),
    ("max pooling, k = s = 2", try FrameworkLayer(.maxPooling(Pooling(kernelSize: 2, stride: 2)))),
    (
      "max pooling, k = s = 2, rounded up, on 175 cells",
      try FrameworkLayer(
        .maxPooling(Pooling(kernelSize: 2, stride: 2, rounding: .ceil)), input: 175)
    ),
    (
      "max pooling, k = 3, s = 2, p = 1",
      try FrameworkLayer(.maxPooling(Pooling(kernelSize: 3, stride: 2, padding: 1)), input: 112)
    ),
    (
      "average pooling, k = 3, s = 2, p = 1, padding not counted",
      try FrameworkLayer(
        .averagePooling(Pooling(kernelSize: 3, stride: 2, padding: 1, countIncludePad: false)),
        input: 112)
    ),
    (
      "average pooling, k = 3, s = 2, p = 1, padding counted",
      try FrameworkLayer(
        .averagePooling(Pooling(kernelSize: 3, stride: 2, padding: 1, countIncludePad: true)),
        input: 112)
    ),
  ]
  let tables = layers.map { name, layer in
    "### \(name.prefix(1).uppercased() + name.dropFirst())\n\n"
      + markdownTable(
        ["framework", "call", "note"],
        layer.frameworkCalls.map {
          [$0.framework.rawValue, $0.call.map(markdownCode) ?? "—", $0.note]
        })
  }
  return """
    ## The same layer in four frameworks

    `convbook size OP …` prints these lines for any layer. Weights are laid out differently too: PyTorch,
    Caffe and ONNX keep (out, in/groups, height, width) for a convolution and (in, out/groups, height,
    width) for a transposed one; Keras keeps (height, width, in/groups, out) and, transposed, (height,
    width, out, in).

    \(tables.joined(separator: "\n\n"))
    """
}
