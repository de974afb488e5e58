import Tensors

extension FrameworkLayer {
  /// The layer as ONNX writes it, by its Python helper.
  var onnxCall: FrameworkCall {
    var arguments = Arguments()
    let name =
      switch kind {
      case .convolution: isTransposed ? "ConvTranspose" : "Conv"
      case .maxPooling: "MaxPool"
      case .averagePooling: "AveragePool"
      }
    arguments.add("\"\(name)\"")
    arguments.add(isPooling ? "[\"x\"]" : "[\"x\", \"w\", \"b\"]")
    arguments.add("[\"y\"]")
    arguments.add("kernel_shape=\(list(kernelSize))")
    arguments.add("strides", list(stride), unless: list(1))
    let pads = axes(padding.top, padding.left) + axes(padding.bottom, padding.right)
    if isPadded { arguments.add("pads=[\(joined(pads))]") }
    arguments.add("dilations", list(dilation), unless: list(1))
    if isTransposed {
      arguments.add("output_padding", list(outputPadding), unless: list(0))
    }
    arguments.add("group", "\(groups)", unless: "1")
    var notes: [String] = []
    if isPooling && rounding != .floor {
      arguments.add("ceil_mode=1")
      if keepsWindowsPastTheInput {
        notes.append(
          "for \(theInputs(rounding: .ceil)) one cell smaller: a last window that begins past the input is dropped, "
            + "which Caffe's unpadded pooling keeps")
      }
    }
    if isPooling && !padsBelowKernel {
      notes.append("ONNX Runtime refuses a pooling whose pads are not below the kernel size")
    }
    if outputPadding.width >= stride.width && outputPadding.width > 0
      || outputPadding.height >= stride.height && outputPadding.height > 0
    {
      notes.append("ONNX Runtime refuses an output padding that is not below the stride")
    }
    if countsPadding && isPadded {
      arguments.add("count_include_pad=1")
    }
    return FrameworkCall(
      .onnx, arguments.call("helper.make_node"), note: notes.joined(separator: "; "))
  }

  private var padsBelowKernel: Bool {
    max(padding.left, padding.right) < kernelSize.width
      && max(padding.top, padding.bottom) < kernelSize.height
  }
}
