import ConvolutionArithmetic

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
