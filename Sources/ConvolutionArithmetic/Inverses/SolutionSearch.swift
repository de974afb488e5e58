/// The candidates of ``solve(_:from:to:keeping:limit:)``, and the paddings that make them fit.
struct SolutionSearch {
  let operation: LayerOperation
  let input: Int
  let output: Int
  let fixed: SolveConstraints

  private static let small = 1...12

  /// Small strides, and the ratio of the sizes.
  func strides() throws(GeometryError) -> Set<Int> {
    if let stride = fixed.stride {
      try require("the stride", stride, atLeast: 1)
      return [stride]
    }
    // A single window never steps, nor does a single stamp.
    if (operation == .transposedConvolution ? input : output) == 1 { return [1] }
    let (more, less) = (max(input, output), min(input, output))
    let ratios = [more / less, ceilDivide(more, less), (more - 1) / max(1, less - 1)]
    return Set(Self.small).union(ratios.filter { $0 >= 1 })
  }

  /// 1 to 3; a pooling's is 1.
  func dilations() throws(GeometryError) -> [Int] {
    if let dilation = fixed.dilation {
      try require("the dilation", dilation, atLeast: 1)
      return [dilation]
    }
    return operation == .pooling ? [1] : [1, 2, 3]
  }

  /// Small kernels, the usual multiples of the stride, and the one that fits without padding.
  func kernelSizes(stride: Int) throws(GeometryError) -> Set<Int> {
    if let kernelSize = fixed.kernelSize {
      try require("the kernel size", kernelSize, atLeast: 1)
      return [kernelSize]
    }
    let exact =
      operation == .transposedConvolution
      ? output - stride * (input - 1) : input - stride * (output - 1)
    let suggested = [stride, 2 * stride - 1, 2 * stride, 2 * stride + 1, exact]
    return Set(Self.small).union(suggested.filter { $0 >= 1 && $0 <= largestExtent })
  }

  /// The solutions with this kernel, stride and dilation.
  func solutions(
    kernelSize: Int, stride: Int, dilation: Int
  ) throws(GeometryError) -> [Solution] {
    let bare = try Window(kernelSize: kernelSize, stride: stride, dilation: dilation)
    return operation == .transposedConvolution ? try transposed(bare) : try sliding(bare)
  }

  private func sliding(_ bare: Window) throws(GeometryError) -> [Solution] {
    let roundings: [Rounding] =
      operation == .convolution ? [.floor] : fixed.rounding.map { [$0] } ?? [.floor, .ceil]
    // The total padding P has to bring the room i + P − k̂ to (o−1)s, up to s−1 away from it.
    let least = bare.effectiveKernelSize - input + (output - 1) * bare.stride
    var found: [Solution] = []
    for rounding in roundings {
      let totals =
        rounding == .floor
        ? least...(least + bare.stride - 1) : (least - bare.stride + 1)...(least + bare.stride)
      for window in try padded(bare, totals: totals) {
        guard (try? window.outputSize(input: input, rounding: rounding)) == output else { continue }
        found.append(
          Solution(geometry: .window(window, rounding: rounding), input: input, output: output))
      }
    }
    return found
  }

  private func transposed(_ bare: Window) throws(GeometryError) -> [Solution] {
    // o′ = s(i′−1) + k̂ − P + a, so P − a is known.
    let difference = bare.stride * (input - 1) + bare.effectiveKernelSize - output
    let limit = max(bare.stride, bare.dilation)
    let candidates = fixed.outputPadding.map { $0...$0 } ?? 0...min(3, limit - 1)
    var found: [Solution] = []
    for outputPadding in candidates where outputPadding >= 0 && outputPadding < limit {
      let total = difference + outputPadding
      for window in try padded(bare, totals: total...total) {
        guard let up = try? TransposedWindow(of: window, outputPadding: outputPadding),
          (try? up.outputSize(input: input)) == output
        else { continue }
        found.append(Solution(geometry: .transposed(up), input: input, output: output))
      }
    }
    return found
  }

  /// The window with the least padding whose total is in the range: the same at both ends, and one
  /// cell more at the far end.
  private func padded(_ bare: Window, totals: ClosedRange<Int>) throws(GeometryError) -> [Window] {
    let most = operation == .pooling ? bare.kernelSize / 2 : bare.effectiveKernelSize - 1
    if let padding = fixed.padding {
      try require("the padding", padding, atLeast: 0)
      guard totals.contains(2 * padding) else { return [] }
      return [try bare.padded(before: padding, after: padding)]
    }
    guard totals.upperBound >= 0 else { return [] }
    let least = max(0, totals.lowerBound)
    var windows: [Window] = []
    for total in least...(least + 1) where totals.contains(total) {
      let (before, after) = (total / 2, total - total / 2)
      if after <= min(most, largestExtent) {
        windows.append(try bare.padded(before: before, after: after))
      }
    }
    return windows
  }
}

extension Window {
  /// The same window with other padding.
  public func padded(before: Int, after: Int) throws(GeometryError) -> Window {
    try Window(
      kernelSize: kernelSize, stride: stride, dilation: dilation, paddingBefore: before,
      paddingAfter: after)
  }
}
