import ConvolutionArithmetic

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
