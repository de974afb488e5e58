/// One way to get from an input size to an output size.
public struct Solution: Hashable, Sendable, CustomStringConvertible {
  /// A window or a transposed one, and how the pooling rounds.
  public enum Geometry: Hashable, Sendable {
    /// A convolution, or a pooling with its rounding.
    case window(Window, rounding: Rounding)
    /// A transposed convolution.
    case transposed(TransposedWindow)
  }

  /// What does it.
  public let geometry: Geometry
  /// Where it starts.
  public let input: Int
  /// Where it ends.
  public let output: Int

  /// The window that slides, or the forward window of the transposed convolution.
  public var window: Window {
    switch geometry {
    case .window(let window, _): window
    case .transposed(let transposed): transposed.window
    }
  }

  /// Cells added to the output of a transposed convolution; 0 for the others.
  public var outputPadding: Int {
    if case .transposed(let transposed) = geometry { transposed.outputPadding } else { 0 }
  }

  /// How a pooling rounds; convolutions always take the floor.
  public var rounding: Rounding {
    if case .window(_, let rounding) = geometry { rounding } else { .floor }
  }

  /// The formula with the numbers of this solution.
  public func substitution() throws(GeometryError) -> Substitution {
    switch geometry {
    case .window(let window, let rounding):
      try window.substitution(input: input, rounding: rounding)
    case .transposed(let transposed):
      try transposed.substitution(input: input)
    }
  }

  /// `kernel 4, stride 2, padding 1`; what has its usual value is left out.
  public var description: String {
    let window = self.window
    var parts = ["kernel \(window.kernelSize)", "stride \(window.stride)"]
    if window.paddingBefore != window.paddingAfter {
      parts.append("padding \(window.paddingBefore) before and \(window.paddingAfter) after")
    } else if window.paddingBefore != 0 {
      parts.append("padding \(window.paddingBefore)")
    }
    if window.dilation != 1 { parts.append("dilation \(window.dilation)") }
    if outputPadding != 0 { parts.append("output padding \(outputPadding)") }
    if rounding != .floor { parts.append("rounding \(rounding.rawValue)") }
    return parts.joined(separator: ", ")
  }

  /// What makes it less simple; solutions are ranked by it.
  ///
  /// Worst is to step over cells, or to leave holes between the stamps. Then the sum of the numbers
  /// counts, and every departure from the plain case as much as a few numbers more: padding that
  /// differs at the ends, dilation, output padding, rounding up. Of equals, the smaller stride is first.
  var complexity: [Int] {
    let window = self.window
    let gaps =
      window.effectiveKernelSize < window.stride || (window.kernelSize == 1 && input != output)
    var cost = window.kernelSize + window.stride + window.totalPadding
    cost += window.paddingBefore == window.paddingAfter ? 0 : 6
    cost += 4 * (window.dilation - 1) + 4 * outputPadding
    cost += rounding == .floor ? 0 : 3
    return [gaps ? 1 : 0, cost, window.stride]
  }
}
