/// One way to get from an input size to an output size.
public struct Solution: Hashable, Sendable, CustomStringConvertible {
  public let window: Window
  public let input: Int
  public let output: Int

  /// `kernel 4, stride 2, padding 1`; what has its usual value is left out.
  public var description: String {
    var parts = ["kernel \(window.kernelSize)", "stride \(window.stride)"]
    if !window.isSymmetric {
      parts.append("padding \(window.paddingBefore) before and \(window.paddingAfter) after")
    } else if window.isPadded {
      parts.append("padding \(window.paddingBefore)")
    }
    if window.dilation != 1 { parts.append("dilation \(window.dilation)") }
    if window.outputPadding != 0 { parts.append("output padding \(window.outputPadding)") }
    if window.rounding != .floor { parts.append("rounding \(window.rounding.rawValue)") }
    return parts.joined(separator: ", ")
  }

  /// What makes it less simple; solutions are ranked by it.
  ///
  /// Worst is to step over cells, or to leave holes between the stamps. Then the sum of the numbers
  /// counts, and every departure from the plain case as much as a few numbers more: padding that
  /// differs at the ends, dilation, output padding, rounding up. Of equals, the smaller stride is first.
  var complexity: [Int] {
    let gaps =
      window.effectiveKernelSize < window.stride || (window.kernelSize == 1 && input != output)
    var cost = window.kernelSize + window.stride + window.totalPadding
    cost += window.isSymmetric ? 0 : 6
    cost += 4 * (window.dilation - 1) + 4 * window.outputPadding
    cost += window.rounding == .floor ? 0 : 3
    return [gaps ? 1 : 0, cost, window.stride]
  }
}

/// What a search may not change: each number that is given is kept.
public struct SolveConstraints: Hashable, Sendable {
  public var kernelSize: Int?
  public var stride: Int?
  public var dilation: Int?
  /// At both ends.
  public var padding: Int?
  public var outputPadding: Int?
  public var rounding: Rounding?

  public init(
    kernelSize: Int? = nil, stride: Int? = nil, dilation: Int? = nil, padding: Int? = nil,
    outputPadding: Int? = nil, rounding: Rounding? = nil
  ) {
    (self.kernelSize, self.stride, self.dilation) = (kernelSize, stride, dilation)
    (self.padding, self.outputPadding, self.rounding) = (padding, outputPadding, rounding)
  }
}

/// Returns the kernels, strides, paddings, dilations and output paddings that take `input` cells to
/// `output` cells, the simplest first.
///
/// ```swift
/// try solve(.transposedConvolution, from: 7, to: 14).map(\.description)
/// // kernel 2, stride 2 / kernel 4, stride 2, padding 1 / …
/// ```
///
/// Searched are strides and kernels up to a dozen, and those that the two sizes suggest; dilations up
/// to 3; padding smaller than the effective kernel (of a pooling: at most half of it), as everything
/// beyond reads zeros only. It is not a list of all solutions: there are infinitely many.
///
/// - `limit`: at most so many solutions.
/// - Throws: ``GeometryError`` if a size or a fixed number is out of range.
public func solve(
  _ operation: LayerOperation, from input: Int, to output: Int,
  keeping fixed: SolveConstraints = SolveConstraints(), limit: Int = 10
) throws(GeometryError) -> [Solution] {
  try require("the size to start from", input, atLeast: 1)
  try require("the size to reach", output, atLeast: 1)
  let search = SolutionSearch(operation: operation, input: input, output: output, fixed: fixed)
  var solutions: Set<Solution> = []
  for stride in try search.strides() {
    for dilation in try search.dilations() {
      for kernelSize in try search.kernelSizes(stride: stride) {
        for solution in try search.solutions(
          kernelSize: kernelSize, stride: stride, dilation: dilation)
        {
          solutions.insert(solution)
        }
      }
    }
  }
  let ranked = solutions.map { (complexity: $0.complexity, solution: $0) }.sorted {
    $0.complexity != $1.complexity
      ? $0.complexity.lexicographicallyPrecedes($1.complexity)
      : $0.solution.description < $1.solution.description
  }
  return ranked.prefix(max(0, limit)).map { $0.solution }
}

/// The candidates, and the paddings that make them fit.
private struct SolutionSearch {
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
      found += try padded(bare, totals: totals).compactMap { solution($0.rounding(rounding)) }
    }
    return found
  }

  private func transposed(_ bare: Window) throws(GeometryError) -> [Solution] {
    // o′ = s(i′−1) + k̂ − P + a, so P − a is known.
    let difference = bare.stride * (input - 1) + bare.effectiveKernelSize - output
    let limit = max(bare.stride, bare.dilation)
    let candidates = fixed.outputPadding.map { $0...$0 } ?? 0...min(3, limit - 1)
    var found: [Solution] = []
    for outputPadding in candidates where (0..<limit).contains(outputPadding) {
      let total = difference + outputPadding
      found += try padded(bare, totals: total...total)
        .compactMap { try? $0.transposed(outputPadding: outputPadding) }.compactMap(solution)
    }
    return found
  }

  private func solution(_ window: Window) -> Solution? {
    (try? window.outputSize(input: input)) == output
      ? Solution(window: window, input: input, output: output) : nil
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
