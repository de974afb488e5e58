import ConvolutionArithmetic
import Networks
import Tensors

/// The questions that are asked most, answered with computed numbers.
func questionSection() throws(GeometryError) -> String {
  """
  ## Questions

  ### Why does an FCN crop by 19, 5, 9, 27 and 31?

  Because the padding and the kernels move each map against the input. Each offset is the shift of the
  map that is cropped less the shift of the one it must lie on:

  \(try cropTable())

  \(try alexNetAnswer())

  ### Why pad 100?

  So that small images have an output at all. The smallest input for which fc6 of VGG16 has a cell:

  \(try paddingTable())

  97 would do; 100 is what the authors took, and the crop offsets follow from it.

  ### What does output padding do?

  It chooses which of the forward input sizes is restored, at the far end. It adds no zeros: the new
  cells are computed like the others, wherever the kernel reaches them.

  \(try outputPaddingTable())

  ### Which kernel, stride and padding take 7 to 14, and 14 to 7?

  \(try solutionTable())

  `convbook solve conv-transpose --from 7 --to 14` answers this for any two sizes.

  ### Why do two input sizes give the same output size?

  \(try sameOutputAnswer())

  ### Which side gets the odd cell of padding?

  \(try oddPaddingTable())

  PyTorch's and Caffe's numeric padding is the same at both ends and has no odd cell, so a TensorFlow
  layer with stride 2 has to be padded before by hand.

  ### p or p′?

  \(try primeAnswer())

  ### Why has pooling one cell more in Caffe?

  \(try roundingTable())

  ### How is this layer written elsewhere?

  See [the same layer in four frameworks](#the-same-layer-in-four-frameworks).
  """
}

private func paddingTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for padding in [1, 81, 96, 97, 100] {
    var backbone = Backbone.vgg16
    backbone.firstPadding = padding
    let layers = try Network.fcn8s(backbone: backbone).path(to: "fc7")
    rows.append(["\(padding)", layers.smallestInput().map(String.init) ?? "none"])
  }
  return markdownTable(["padding of conv1_1", "smallest input"], rows)
}

private func outputPaddingTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (kernel, padding) in [(3, 1), (3, 0), (2, 0)] {
    for added in 0...1 {
      let up = try Window(kernelSize: kernel, stride: 2, padding: padding).transposed(
        outputPadding: added)
      let axis = try up.axis(input: 3)
      let last = axis.taps(ofInput: axis.inputSize - 1)
      rows.append([
        "\(kernel), 2, \(padding), \(added)", try up.substitution(input: 3).numbersLine,
        last.isEmpty
          ? "nothing: beyond reach, it is 0"
          : last.map { "y[\($0.output)]·w[\($0.kernel)]" }.joined(separator: " + "),
      ])
    }
  }
  return markdownTable(["k, s, p, a", "size restored from 3 cells", "the last cell is"], rows)
}

private func solutionTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (operation, name, from, to) in [
    (LayerOperation.transposedConvolution, "transposed convolution", 7, 14),
    (.convolution, "convolution", 14, 7), (.pooling, "pooling", 14, 7),
  ] {
    for solution in try solve(operation, from: from, to: to, limit: 4) {
      rows.append([
        "\(name), \(from) to \(to)", "\(solution)",
        try solution.window.substitution(input: from).numbersLine,
      ])
    }
  }
  return markdownTable(["", "the simplest", ""], rows)
}

private func sameOutputAnswer() throws(GeometryError) -> String {
  let window = try Window(kernelSize: 3, stride: 2, padding: 1)
  let (five, six) = (try window.substitution(input: 5), try window.substitution(input: 6))
  return """
    The floor. With k = 3, s = 2, p = 1, for 5 cells \(five.numbersLine), and for 6 cells
    \(six.numbersLine). The window cannot go on by half a stride, so what is left at the far end is never
    read: of 6 cells \(try window.axis(input: 6).paddingPastLastWindow) of padding; without padding, the
    last input cell. So the transpose has to be told which size to restore: that is the output padding.
    """
}

private func oddPaddingTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (input, kernel, stride) in [(6, 3, 2), (224, 7, 2), (7, 4, 1)] {
    for (rule, name) in [
      (PaddingRule.sameUpper, "TensorFlow and Keras SAME, ONNX SAME_UPPER"),
      (.sameLower, "ONNX SAME_LOWER"), (.same, "PyTorch \"same\""),
    ] where rule != .same || stride == 1 {
      let window = try Window(kernelSize: kernel, stride: stride).padded(by: rule, input: input)
      rows.append([
        "\(input), \(kernel), \(stride)", name, "\(window.paddingBefore)",
        "\(window.paddingAfter)",
      ])
    }
  }
  return markdownTable(["i, k, s", "rule", "before", "after"], rows)
}

private func primeAnswer() throws(GeometryError) -> String {
  let up = try Window(kernelSize: 4, stride: 2, padding: 1).transposed()
  let (direct, spread) = (try up.equivalentConvolution(), up.insertedSize(input: 5))
  return """
    Frameworks take p, the padding of the forward convolution; it is taken away from the result. p′ is
    what is padded when the same is computed as a direct convolution. k = 4, s = 2 and p = 1 on 5 cells:
    \(try up.substitution(input: 5).numbersLine). Directly: \(up.stride - 1) zero between cells
    makes \(spread), p′ = d(k − 1) − p = \(direct.paddingBefore), and
    \(try direct.substitution(input: spread).numbersLine).
    """
}

private func roundingTable() throws(GeometryError) -> String {
  var rows: [[String]] = []
  for (input, kernel, stride, padding) in [(175, 2, 2, 0), (5, 2, 2, 1), (5, 1, 3, 0)] {
    let window = try Window(kernelSize: kernel, stride: stride, padding: padding)
    var row = ["\(input)", "\(kernel), \(stride), \(padding)"]
    for rounding in [Rounding.floor, .ceil, .caffe] {
      row.append("\(try window.rounding(rounding).outputSize(input: input))")
    }
    rows.append(row)
  }
  return markdownTable(
    ["input", "k, s, p", "floor (the usual)", "PyTorch's ceil_mode", "Caffe"], rows)
}
