import Tensors

extension FrameworkLayer {
  /// The layer as Caffe writes it.
  var caffeCall: FrameworkCall {
    guard isSymmetric else {
      return FrameworkCall(
        .caffe, nil, note: "Caffe's pad is the same at both ends; this padding is not")
    }
    if isPooling { return caffePooling }
    guard outputPadding == 0 else {
      return FrameworkCall(.caffe, nil, note: "Caffe's Deconvolution has no output padding")
    }
    return caffeConvolution(type: isTransposed ? "Deconvolution" : "Convolution")
  }

  private func caffeConvolution(type: String) -> FrameworkCall {
    var fields = ["num_output: \(channelsOut)"]
    fields += caffeFields("kernel", plain: "kernel_size", kernelSize, usual: 0)
    fields += caffeFields("stride", plain: "stride", stride, usual: 1)
    fields += caffeFields("pad", plain: "pad", symmetricPadding, usual: 0)
    if dilation != 1 {
      fields.append(
        dilation.height == dilation.width || isSequence
          ? "dilation: \(dilation.width)"
          : "dilation: \(dilation.height) dilation: \(dilation.width)")
    }
    if groups != 1 { fields.append("group: \(groups)") }
    return FrameworkCall(
      .caffe,
      "type: \"\(type)\" convolution_param { \(fields.joined(separator: " ")) }", note: sequenceNote
    )
  }

  private var caffePooling: FrameworkCall {
    guard dilation == 1 else {
      return FrameworkCall(.caffe, nil, note: "Caffe's pooling has no dilation")
    }
    guard dimensions < 3 else {
      return FrameworkCall(.caffe, nil, note: "Caffe's pooling has two dimensions")
    }
    guard padding.left < kernelSize.width, padding.top < kernelSize.height else {
      return FrameworkCall(.caffe, nil, note: "Caffe's pooling wants a pad below the kernel size")
    }
    if !isMaximum && !countsPadding && isPadded {
      return FrameworkCall(
        .caffe, nil, note: "Caffe's average pooling counts the cells of padding")
    }
    var fields = ["pool: \(isMaximum ? "MAX" : "AVE")"]
    fields += caffeFields("kernel", plain: "kernel_size", kernelSize, usual: 0)
    fields += caffeFields("stride", plain: "stride", stride, usual: 1)
    fields += caffeFields("pad", plain: "pad", symmetricPadding, usual: 0)
    var notes: [String] = []
    switch rounding {
    case .floor:
      fields.append("round_mode: FLOOR")
      notes.append("Caffe's pooling rounds up unless told otherwise; old versions always do")
    case .ceil:
      let differs =
        !isPadded && (kernelSize.height < stride.height || kernelSize.width < stride.width)
      if differs {
        notes.append(
          "for \(theInputs(rounding: .caffe)) one cell larger: unpadded, Caffe keeps a last window that begins past the "
            + "input")
      }
    case .caffe:
      break
    }
    if !sequenceNote.isEmpty { notes.append(sequenceNote) }
    return FrameworkCall(
      .caffe, "type: \"Pooling\" pooling_param { \(fields.joined(separator: " ")) }",
      note: notes.joined(separator: "; "))
  }

  private var sequenceNote: String {
    isSequence ? "a sequence is a map of height 1" : ""
  }

  /// `stride: 2`, or `stride_h: 2 stride_w: 1`; nothing for the usual value.
  private func caffeFields(_ name: String, plain: String, _ size: Size, usual: Int) -> [String] {
    if size == Size(usual) || (isSequence && size.width == usual) { return [] }
    return size.height == size.width
      ? ["\(plain): \(size.width)"] : ["\(name)_h: \(size.height)", "\(name)_w: \(size.width)"]
  }
}
