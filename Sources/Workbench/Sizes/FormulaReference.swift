import ConvolutionArithmetic
import Networks
import Tensors

/// Returns the reference of all formulas as Markdown: what `Docs/Formulas.md` contains.
///
/// Every number in it is computed when it is written: sizes from the geometries, worked instances
/// from the relationships, calls from the framework descriptions.
func formulaReference() -> String {
  do {
    let sections = [
      introduction, relationshipSection(), try inverseSection(), try stackSection(),
      try frameworkSection(), try questionSection(),
    ]
    return sections.joined(separator: "\n\n") + "\n"
  } catch {
    preconditionFailure("the reference shows an impossible geometry: \(error)")
  }
}

private let introduction = """
  # Formulas

  Every formula with its condition and a worked instance. The page is written by
  `swift run convbook formulas > Docs/Formulas.md` from the definitions that all commands use, and a
  test compares it with them. Sizes are per axis; rows and columns are computed alike.

  \(markdownTable(
    ["letter", "means"],
    [
      ["i, o", "size of the input and of the output"],
      ["k, s, d", "kernel size, stride, dilation; d = 1 is no dilation"],
      ["p; p₁, p₂", "padding at each end; before and after, where they differ"],
      ["k̂", "effective kernel size: d(k − 1) + 1 = k + (k − 1)(d − 1)"],
      ["i′, o′", "what a transposed convolution is given, and the size it restores"],
      ["p′", "padding of the direct convolution that equals a transposed one: d(k − 1) − p"],
      ["a", "output padding"],
      ["⌊ ⌋, ⌈ ⌉", "rounded down, rounded up"],
    ]))

  The p of a transposed convolution is always that of the forward convolution which is transposed.
  """

private func relationshipSection() -> String {
  let guide = Relationship.guide.map { item in
    [
      "\(item.number ?? 0)", item.name, item.condition, "\(item.symbol) = \(item.formula)",
      item.workedInstance,
    ]
  }
  let further = Relationship.further.map { item in
    [
      item.name, item.condition, "\(item.symbol) = \(item.formula)",
      letters(of: item), item.workedInstance,
    ]
  }
  return """
    ## The guide's relationships

    Numbered as in Dumoulin and Visin, "A guide to convolution arithmetic for deep learning"
    (arXiv 1603.07285).

    \(markdownTable(["", "case", "condition", "size", "for example"], guide))

    ## Beyond the guide

    \(markdownTable(["case", "condition", "size", "with", "for example"], further))

    Where i + p₁ + p₂ is below k̂ no window fits, and where a transposed convolution takes away more
    than it reaches nothing is left: both are errors, not sizes of 0.
    """
}

/// `i = 6, k = 3, s = 2`
private func letters(of item: Relationship) -> String {
  let (window, cells) = item.example
  let input = item.operation == .transposedConvolution ? "i′" : "i"
  var parts = ["\(input) = \(cells)", "k = \(window.kernelSize)", "s = \(window.stride)"]
  if window.dilation != 1 { parts.append("d = \(window.dilation)") }
  return parts.joined(separator: ", ")
}

/// A table in Markdown.
func markdownTable(_ head: [String], _ rows: [[String]]) -> String {
  let lines = [head, head.map { _ in "---" }] + rows
  return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
}

/// Lines of code in a table's cell.
func markdownCode(_ text: String) -> String {
  text.split(separator: "\n").map { "`\($0)`" }.joined(separator: "<br>")
}

/// A list of short texts: `5`, `5 and 6`, `5, 6 and 7`.
func joinedByAnd(_ items: [String]) -> String {
  guard let last = items.last, items.count > 1 else { return items.first ?? "none" }
  return items.dropLast().joined(separator: ", ") + " and " + last
}

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
