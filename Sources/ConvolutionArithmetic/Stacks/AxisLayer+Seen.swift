extension AxisLayer {
  /// The input positions, padding included, from the first to the last that these outputs see; nil if
  /// they see nothing, as cells between the stamps of a kernel that is smaller than the stride.
  ///
  /// - Throws: ``GeometryError`` if positions do not fit 64 bits.
  public func inputsSeen(
    byOutputs outputs: ClosedRange<Int>
  ) throws(GeometryError) -> ClosedRange<Int>? {
    switch operation {
    case .window(let window, _):
      let first = try exactProduct(outputs.lowerBound, window.stride) - window.paddingBefore
      let last = try exactProduct(outputs.upperBound, window.stride) - window.paddingBefore
      return first...(last + window.effectiveKernelSize - 1)
    case .transposed(let transposed):
      return transposed.window.outputsReading(inputs: outputs)
    case .crop(let offset, _):
      return (outputs.lowerBound + offset)...(outputs.upperBound + offset)
    }
  }
}

extension Window {
  /// From the first to the last window position that reads one of these inputs, borders not taken into
  /// account; nil if none does.
  func outputsReading(inputs: ClosedRange<Int>) -> ClosedRange<Int>? {
    let least = ceilDivide(
      inputs.lowerBound + paddingBefore - (effectiveKernelSize - 1), stride)
    let most = floorDivide(inputs.upperBound + paddingBefore, stride)
    // A dilated kernel has holes, and may miss the inputs at the ends of the range.
    guard let first = firstPosition(from: least, to: most, by: 1, reading: inputs),
      let last = firstPosition(from: most, to: least, by: -1, reading: inputs)
    else { return nil }
    return first...last
  }

  private func firstPosition(
    from begin: Int, to end: Int, by step: Int, reading inputs: ClosedRange<Int>
  ) -> Int? {
    var output = begin
    // What a dilated kernel meets repeats after `dilation` positions.
    while (end - output) * step >= 0 && abs(output - begin) <= dilation {
      if reads(inputs, at: output) { return output }
      output += step
    }
    return nil
  }

  private func reads(_ inputs: ClosedRange<Int>, at output: Int) -> Bool {
    let origin = output * stride - paddingBefore
    let kernel = max(0, ceilDivide(inputs.lowerBound - origin, dilation))
    return kernel < kernelSize && origin + kernel * dilation <= inputs.upperBound
  }
}
