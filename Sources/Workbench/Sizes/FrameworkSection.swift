import ConvolutionArithmetic
import Tensors

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
