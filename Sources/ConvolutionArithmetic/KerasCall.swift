import Tensors

extension FrameworkLayer {
  /// The layer as Keras writes it.
  ///
  /// Keras knows two paddings by name, "valid" and "same"; everything else is a layer of its own.
  var kerasCall: FrameworkCall {
    if dilation != 1 && stride != 1 {
      return FrameworkCall(
        .keras, nil, note: "Keras refuses a stride and a dilation above 1 in one layer")
    }
    if isPooling { return kerasPooling }
    return isTransposed ? kerasTransposedConvolution : kerasConvolution
  }

  /// The end of the names of Keras's layers.
  var kerasDimensions: String { "\(dimensions)D" }

  private var kerasConvolution: FrameworkCall {
    var arguments = LayerArguments()
    arguments.add(channelsOut)
    arguments.add(pair(kernelSize))
    arguments.add("strides", pair(stride), unless: "1")
    if isPadded && isKerasSame { arguments.add("padding=\"same\"") }
    arguments.add("dilation_rate", pair(dilation), unless: "1")
    arguments.add("groups", "\(groups)", unless: "1")
    let call = arguments.call("layers.Conv\(kerasDimensions)")
    if !isPadded { return FrameworkCall(.keras, call) }
    if isKerasSame {
      return FrameworkCall(
        .keras, call, note: stride == 1 ? "" : "\"same\" is this padding for this input size only")
    }
    return FrameworkCall(
      .keras, "layers.ZeroPadding\(kerasDimensions)(\(kerasEnds(padding)))\n\(call)",
      note: "Keras has no padding in cells, so a layer of zeros comes before"
        + (input == nil && isSymmetric
          ? "; for stride 1 and an odd kernel, half of it is padding=\"same\"" : ""))
  }

  private var kerasPooling: FrameworkCall {
    guard dilation == 1 else {
      return FrameworkCall(.keras, nil, note: "Keras's pooling has no dilation")
    }
    var arguments = LayerArguments()
    arguments.add(pair(kernelSize))
    arguments.add("strides", pair(stride), unless: pair(kernelSize))
    let function =
      isMaximum ? "layers.MaxPooling\(kerasDimensions)" : "layers.AveragePooling\(kerasDimensions)"
    guard rounding == .floor || input != nil else {
      return FrameworkCall(
        .keras, nil,
        note:
          "Keras's pooling never rounds up; with the input size given, the padding that does the "
          + "same can be computed")
    }
    let ends = rounding == .floor ? padding : paddingThatRoundsUp
    if ends == 0 { return FrameworkCall(.keras, arguments.call(function)) }
    let isSame = ends == sameUpperPadding
    if isSame && !(countsPadding && isPadded) {
      arguments.add("padding=\"same\"")
      return FrameworkCall(
        .keras, arguments.call(function), note: "\"same\" is this padding for this input size only")
    }
    let call = arguments.call(function)
    if isMaximum {
      let pads = axes("(\(ends.top), \(ends.bottom))", "(\(ends.left), \(ends.right))")
      return FrameworkCall(
        .keras,
        "x = ops.pad(x, ((0, 0), \(pads.joined(separator: ", ")), (0, 0)), "
          + "constant_values=float(\"-inf\"))\n\(call)",
        note: "Keras has no padding in cells; zeros would win over negative cells, so −∞ is padded")
    }
    guard countsPadding, rounding == .floor else {
      return FrameworkCall(
        .keras, nil,
        note:
          "Keras's average pooling leaves out only the padding of \"same\"; zeros padded before "
          + "would be counted as input")
    }
    return FrameworkCall(
      .keras, "layers.ZeroPadding\(kerasDimensions)(\(kerasEnds(ends)))\n\(call)",
      note: "Keras has no padding in cells, so a layer of zeros comes before; they are counted")
  }

  /// Whether "same" means this padding: the odd cell last, for this input size.
  private var isKerasSame: Bool { padding == sameUpperPadding }

  private var sameUpperPadding: Padding? {
    // With stride 1 the padding does not depend on the input.
    guard let size = input ?? (stride == 1 ? Size(largestExtent) : nil),
      let rows = try? rows.padded(by: .sameUpper, input: isSequence ? 1 : size.height),
      let columns = try? columns.padded(by: .sameUpper, input: size.width)
    else { return nil }
    return Pooling(rows: rows, columns: columns).padding
  }

  /// `1`, `(0, 1)` or `((0, 1), (2, 3))`: before and after, of each axis.
  func kerasEnds(_ padding: Padding) -> String {
    if isSequence {
      return padding.left == padding.right
        ? "\(padding.left)" : "(\(padding.left), \(padding.right))"
    }
    if padding.isSymmetric && padding.top == padding.left { return "\(padding.top)" }
    let ends = axes("(\(padding.top), \(padding.bottom))", "(\(padding.left), \(padding.right))")
    return "(\(ends.joined(separator: ", ")))"
  }

  /// A transposed convolution, with a crop after it where Keras has no name for the padding.
  var kerasTransposedConvolution: FrameworkCall {
    guard groups == 1 else {
      return FrameworkCall(.keras, nil, note: "Keras's transposed convolution has no groups")
    }
    guard
      let same = try? (
        rows: rows.forward.transposed(by: .sameUpper),
        columns: columns.forward.transposed(by: .sameUpper)
      )
    else { return FrameworkCall(.keras, nil, note: "an extent is out of range") }
    // What Keras restores beyond the stamps: unpadded s(i−1) + k̂ + max(s − k̂, 0) cells.
    let surplus = Size(height: same.rows.outputPadding, width: same.columns.outputPadding)
    let isSame = rows == same.rows && columns == same.columns && isPadded
    var arguments = LayerArguments()
    arguments.add(channelsOut)
    arguments.add(pair(kernelSize))
    arguments.add("strides", pair(stride), unless: "1")
    if isSame { arguments.add("padding=\"same\"") }
    arguments.add("dilation_rate", pair(dilation), unless: "1")
    let call = arguments.call("layers.Conv\(kerasDimensions)Transpose")
    if isSame {
      return FrameworkCall(.keras, call, note: "\"same\" restores s·i cells")
    }
    // What is to go at each end of the unpadded result; negative where cells are missing.
    let cut = Padding(
      top: padding.top, left: padding.left,
      bottom: padding.bottom - outputPadding.height + surplus.height,
      right: padding.right - outputPadding.width + surplus.width)
    if cut == 0 { return FrameworkCall(.keras, call) }
    guard cut.bottom >= 0, cut.right >= 0, cut.top >= 0, cut.left >= 0 else {
      return FrameworkCall(
        .keras, nil,
        note:
          "the output padding adds cells that no stamp reaches, and Keras's layer has them only "
          + "together with its own padding; pad the result with the bias")
    }
    return FrameworkCall(
      .keras, "\(call)\nlayers.Cropping\(kerasDimensions)(\(kerasEnds(cut)))",
      note: "Keras has no padding in cells, so a crop follows"
        + (outputPadding == 0 ? "" : "; the output padding leaves more at the far end"))
  }
}
