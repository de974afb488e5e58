import Tensors

extension FrameworkLayer {
  /// A transposed convolution, with a crop after it where Keras has no name for the padding.
  var kerasTransposedConvolution: FrameworkCall {
    guard groups == 1 else {
      return FrameworkCall(.keras, nil, note: "Keras's transposed convolution has no groups")
    }
    guard let effective = effectiveKernelSize else {
      return FrameworkCall(.keras, nil, note: "an extent is out of range")
    }
    // Unpadded, Keras restores s(i−1) + k̂ + max(s − k̂, 0) cells.
    let surplus = Size(
      height: max(0, stride.height - effective.height),
      width: max(0, stride.width - effective.width))
    let beyond = Size(
      height: max(0, effective.height - stride.height),
      width: max(0, effective.width - stride.width))
    let same = Padding(
      top: beyond.height / 2, left: beyond.width / 2,
      bottom: beyond.height - beyond.height / 2, right: beyond.width - beyond.width / 2)
    let isSame = padding == same && outputPadding == surplus && isPadded
    var arguments = Arguments()
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
