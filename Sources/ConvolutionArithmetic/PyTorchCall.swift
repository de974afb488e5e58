import Tensors

extension FrameworkLayer {
  /// The layer as PyTorch writes it.
  var pytorchCall: FrameworkCall {
    isPooling ? pytorchPooling : isTransposed ? pytorchTransposedConvolution : pytorchConvolution
  }

  private var pytorchConvolution: FrameworkCall {
    var arguments = LayerArguments()
    arguments.add(channelsIn)
    arguments.add(channelsOut)
    arguments.add("kernel_size=\(pair(kernelSize))")
    arguments.add("stride", pair(stride), unless: "1")
    if isSymmetric { arguments.add("padding", pair(symmetricPadding), unless: "0") }
    arguments.add("dilation", pair(dilation), unless: "1")
    arguments.add("groups", "\(groups)", unless: "1")
    let call = arguments.call("nn.Conv\(dimensions)d")
    guard isSymmetric else {
      return FrameworkCall(
        .pytorch, "x = F.pad(x, \(pytorchPad))\n\(call)",
        note: "the padding differs at the two ends, so it is done before; F.pad begins with the "
          + "last dimension")
    }
    return FrameworkCall(.pytorch, call)
  }

  private var pytorchTransposedConvolution: FrameworkCall {
    var arguments = LayerArguments()
    arguments.add(channelsIn)
    arguments.add(channelsOut)
    arguments.add("kernel_size=\(pair(kernelSize))")
    arguments.add("stride", pair(stride), unless: "1")
    if isSymmetric { arguments.add("padding", pair(symmetricPadding), unless: "0") }
    arguments.add("output_padding", pair(outputPadding), unless: "0")
    arguments.add("groups", "\(groups)", unless: "1")
    arguments.add("dilation", pair(dilation), unless: "1")
    let call = arguments.call("nn.ConvTranspose\(dimensions)d")
    guard isSymmetric else {
      let cut = Padding(
        top: -padding.top, left: -padding.left, bottom: -padding.bottom, right: -padding.right)
      return FrameworkCall(
        .pytorch, "y = \(call)(x)\ny = F.pad(y, \(pytorchPad(cut)))",
        note: "the padding differs at the two ends, so it is cut off afterwards: a negative F.pad")
    }
    return FrameworkCall(.pytorch, call)
  }

  private var pytorchPooling: FrameworkCall {
    let fits =
      isSymmetric && padding.left <= kernelSize.width / 2 && padding.top <= kernelSize.height / 2
    var arguments = LayerArguments()
    arguments.add("kernel_size=\(pair(kernelSize))")
    arguments.add("stride", pair(stride), unless: pair(kernelSize))
    if fits { arguments.add("padding", pair(symmetricPadding), unless: "0") }
    var pad: String?
    var notes: [String] = []
    if isMaximum {
      arguments.add("dilation", pair(dilation), unless: "1")
      if !fits {
        guard rounding == .floor || input != nil else {
          return FrameworkCall(
            .pytorch, nil,
            note:
              "padding that is done before counts as input when ceil_mode drops the last window; "
              + "with the input size given, the padding that does the same can be computed")
        }
        let ends = rounding == .floor ? padding : paddingThatRoundsUp
        pad = "x = F.pad(x, \(pytorchPad(ends)), value=float(\"-inf\"))"
      }
    } else {
      guard dilation == 1 else {
        return FrameworkCall(.pytorch, nil, note: "PyTorch's average pooling has no dilation")
      }
      if dimensions == 3, let input,
        max(kernelSize.height, kernelSize.width) > min(input.height, input.width)
      {
        return FrameworkCall(
          .pytorch, nil,
          note:
            "PyTorch refuses a three-dimensional average pooling whose kernel is larger than the "
            + "unpadded input")
      }
      if !fits {
        guard countsPadding, rounding == .floor else {
          return FrameworkCall(
            .pytorch, nil,
            note: "PyTorch's average pooling takes the same padding at both ends, at most half the "
              + "kernel; zeros padded before would be counted as input")
        }
        pad = "x = F.pad(x, \(pytorchPad))"
      }
      if isPadded && fits && !countsPadding {
        arguments.add("count_include_pad=False")
      }
    }
    if rounding != .floor && fits {
      arguments.add("ceil_mode=True")
    }
    if !fits {
      notes.append(
        "PyTorch's pooling takes the same padding at both ends, at most half the kernel")
    }
    if keepsWindowsPastTheInput {
      notes.append(
        "for \(theInputs(rounding: .ceil)) one cell smaller: PyTorch drops a last window that begins past the input, "
          + "Caffe's unpadded pooling keeps it")
    }
    let name = isMaximum ? "nn.MaxPool\(dimensions)d" : "nn.AvgPool\(dimensions)d"
    let call = [pad, arguments.call(name)].compactMap { $0 }.joined(separator: "\n")
    return FrameworkCall(.pytorch, call, note: notes.joined(separator: "; "))
  }

  private var pytorchPad: String { pytorchPad(padding) }

  /// `(left, right, top, bottom)`: the last axis first.
  private func pytorchPad(_ padding: Padding) -> String {
    let ends = axes([padding.top, padding.bottom], [padding.left, padding.right])
    return "(\(joined(ends.reversed().flatMap { $0 })))"
  }
}
