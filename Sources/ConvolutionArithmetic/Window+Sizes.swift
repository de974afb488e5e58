internal import Tensors

extension Window {
  /// The number of cells that come out of `input` cells.
  ///
  /// A window that slides has ⌊(i + padding − d(k−1) − 1)/s⌋ + 1 positions, for input + padding ≥
  /// effective kernel size; the rounding says what happens to one that would hang over the end. A
  /// transposed one restores s(i−1) + d(k−1)+1 − padding + output padding. Source: Dumoulin and Visin,
  /// arXiv 1603.07285, relationships 6, 14 and 15.
  ///
  /// - Throws: ``GeometryError`` if no window fits, or nothing is left after the padding is taken away.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    try require("the input size", input, atLeast: 1)
    let output = cells(ofInput: input)
    guard output < 1 else { return output }
    if isTransposed {
      let full = output - outputPadding + totalPadding
      throw GeometryError(
        "nothing is left: the transposed convolution reaches \(counted(full, "cell")) and the padding "
          + "takes \(totalPadding) away, \(paddingBefore) before and \(paddingAfter) after; both together "
          + "may take at most \(full + outputPadding - 1)")
    }
    let least = leastInput(reaching: 1) ?? effectiveKernelSize - totalPadding
    throw GeometryError(
      "no window fits: the kernel spans \(counted(effectiveKernelSize, "cell")) and the "
        + "\(totalPadding == 0 ? "" : "padded ")input has \(input + totalPadding); an input of at least "
        + "\(least) is needed"
        + (least + totalPadding < effectiveKernelSize
          ? ", as the rounding lets a window hang over the end" : ""))
  }

  /// The size by the formula alone; 0 or less where there is none.
  private func cells(ofInput input: Int) -> Int {
    switch reading {
    case .transposed(let outputPadding):
      return stride * (input - 1) + effectiveKernelSize - totalPadding + outputPadding
    case .sliding(.floor):
      return floorDivide(input + totalPadding - effectiveKernelSize, stride) + 1
    case .sliding(let rounding):
      let output = ceilDivide(input + totalPadding - effectiveKernelSize, stride) + 1
      // A window that starts in the padding after the input reads nothing, and is dropped. Caffe
      // looks for it only in a padded layer.
      let startsPastInput = (output - 1) * stride >= input + paddingBefore
      let clips = rounding.resolved(isPadded: isPadded) == .ceil
      return clips && startsPastInput ? output - 1 : output
    }
  }

  /// All input sizes that give this output size; nil if there are none.
  ///
  /// With the floor there are `stride` of them: `(o−1)s + d(k−1)+1 − padding` and the next s−1. They
  /// are the sizes that the transposed convolution can restore, one for each output padding below the
  /// stride. Transposed, at most one input has this output, for it grows by the stride.
  public func inputSizes(output: Int) -> ClosedRange<Int>? {
    guard output >= 1, output <= Int.max / 4, isTransposed || output < largestExtent,
      let first = leastInput(reaching: output)
    else { return nil }
    let next = leastInput(reaching: output + 1) ?? largestExtent + 1
    return first < next ? first...(next - 1) : nil
  }

  /// The smallest input size from which at least `output` cells come; nil if it would be above
  /// ``largestExtent``.
  public func leastInput(reaching output: Int) -> Int? {
    // The output never shrinks as the input grows, so the size is found by halving.
    var (low, high) = (1, largestExtent + 1)
    while low < high {
      let middle = (low + high) / 2
      if cells(ofInput: middle) >= max(1, output) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low <= largestExtent ? low : nil
  }

  /// The relation between the cells of an input of this size and the output's, which names them as the
  /// *forward* convolution does: of a transposed one, `axis.inputSize` is the size restored, and
  /// `axis.outputSize` the size of what it is given.
  public func axis(input: Int) throws(GeometryError) -> Axis {
    let output = try outputSize(input: input)
    return isTransposed
      ? Axis(inputSize: output, outputSize: input, window: self)
      : Axis(inputSize: input, outputSize: output, window: self)
  }

  /// The direct convolution that computes the same as this transposed one: insert zeros, pad by
  /// p′ = d(k−1) − p, slide the kernel turned by 180° with stride 1.
  ///
  /// Where p′ is negative, that many cells are cut off instead. The output padding lengthens the far
  /// padding. Source: Dumoulin and Visin, arXiv 1603.07285, relationships 8 to 14.
  public func equivalentConvolution() throws(GeometryError) -> Window {
    precondition(isTransposed, "only a transposed convolution has an equivalent direct one")
    let reach = effectiveKernelSize - 1
    guard reach < largestExtent else {
      throw GeometryError(
        "the kernel spans \(effectiveKernelSize) cells, d(k − 1) + 1 = "
          + "\(dilation) · (\(kernelSize) − 1) + 1; it may span up to \(largestExtent)")
    }
    return try Window(
      kernelSize: kernelSize, stride: 1, dilation: dilation,
      paddingBefore: reach - paddingBefore, paddingAfter: reach - paddingAfter + outputPadding)
  }

  /// The window that leads back from its output to an input of this size, as a gradient goes: of one
  /// that slides the transposed window with the output padding that restores the size; of a transposed
  /// one the window that slides, short of a padding that only output padding has brought.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).back(toInput: 6)   // transposed, output padding 1
  /// ```
  ///
  /// Poolings, which round otherwise, have none.
  ///
  /// - Throws: ``GeometryError`` if no window fits in such an input.
  func back(toInput input: Int) throws(GeometryError) -> Window {
    guard isTransposed else {
      _ = try outputSize(input: input)
      return try transposed(
        outputPadding: (input + totalPadding - effectiveKernelSize) % stride)
    }
    return outputPadding < stride
      ? forward : try forward.padded(before: paddingBefore, after: paddingAfter - outputPadding)
  }

  /// The cells that the equivalent convolution reads, s − 1 zeros between neighbours: s(i−1)+1.
  public func insertedSize(input: Int) -> Int { stride * (input - 1) + 1 }
}
