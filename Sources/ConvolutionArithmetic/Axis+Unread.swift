import Tensors

extension Axis {
  /// The input cells that no output reads: those that the stride or the dilation steps over, and the
  /// rest at the far side where a further window would not fit.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).axis(input: 6).unreadInputs   // [5]
  /// ```
  ///
  /// - Complexity: walks every input cell; ``unreadInputCount`` does not.
  public var unreadInputs: [Int] {
    (0..<inputSize).filter { !isRead(input: $0) }
  }

  /// The first input cells that no output reads, at most `limit` of them; for inputs of any size.
  ///
  /// They are looked for among the first and the last hundred thousand cells.
  public func unreadInputs(limit: Int) -> [Int] {
    let wanted = min(limit, unreadInputCount)
    guard wanted > 0 else { return [] }
    let searched = 100_000
    let head = min(inputSize, searched)
    let tail = max(head, inputSize - searched)
    var found: [Int] = []
    for cells in [0..<head, tail..<inputSize] {
      for cell in cells where !isRead(input: cell) {
        found.append(cell)
        if found.count == wanted { return found }
      }
    }
    return found
  }

  /// Input cells after the last cell of the last window: the rest of a division that did not come out.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).axis(input: 6).inputsPastLastWindow   // 1
  /// ```
  public var inputsPastLastWindow: Int {
    inputSize - min(inputSize, max(0, reach))
  }

  /// Padding cells after the input that no window reaches.
  ///
  /// ```swift
  /// let axis = try Window(kernelSize: 3, stride: 2, padding: 1).axis(input: 6)
  /// axis.unreadInputs                // []: every input cell is read,
  /// axis.paddingPastLastWindow       // 1: but the padding cell after them is not
  /// ```
  public var paddingPastLastWindow: Int {
    max(0, inputSize + window.paddingAfter - max(inputSize, reach))
  }

  /// The first input position after the last window.
  private var reach: Int {
    (outputSize - 1) * window.stride + (window.kernelSize - 1) * window.dilation + 1
      - window.paddingBefore
  }

  /// The number of input cells that no output reads, without listing them.
  ///
  /// - Complexity: constant for stride 1 or dilation 1; never more steps than the smallest of stride,
  ///   dilation, kernel size and output size.
  public var unreadInputCount: Int { inputSize - readInputCount }

  /// The number of input cells that some output reads: the different sums o·s + k·d that fall into
  /// the input.
  public var readInputCount: Int {
    let divisor = greatestCommonDivisor(window.stride, window.dilation)
    let byKernel = min(window.kernelSize, window.stride / divisor)
    let byOutput = min(outputSize, window.dilation / divisor)
    return byKernel <= byOutput
      ? countSums(
        step: window.stride, length: outputSize, other: window.dilation,
        otherLength: window.kernelSize)
      : countSums(
        step: window.dilation, length: window.kernelSize, other: window.stride,
        otherLength: outputSize)
  }

  /// Counts the sums a·step + b·other, 0 ≤ a < length, 0 ≤ b < otherLength, in the input.
  ///
  /// Sums are put into classes by their rest modulo `step`. Within the class of b₀ they are
  /// b₀·other + u·step, where u runs through the intervals m·shift ..< m·shift + length.
  private func countSums(step: Int, length: Int, other: Int, otherLength: Int) -> Int {
    let divisor = greatestCommonDivisor(step, other)
    let (period, shift) = (step / divisor, other / divisor)
    var count = 0
    for b in 0..<min(otherLength, period) {
      let last = (otherLength - 1 - b) / period
      let begin = ceilDivide(window.paddingBefore - b * other, step)
      let end = ceilDivide(window.paddingBefore + inputSize - b * other, step)
      count +=
        covered(below: end, shift: shift, last: last, length: length)
        - covered(below: begin, shift: shift, last: last, length: length)
    }
    return count
  }

  /// How many u < `bound` lie in an interval m·shift ..< m·shift + length with 0 ≤ m ≤ last.
  private func covered(below bound: Int, shift: Int, last: Int, length: Int) -> Int {
    guard bound > 0 else { return 0 }
    if length >= shift { return min(bound, last * shift + length) }
    let whole = bound / shift
    return whole > last ? (last + 1) * length : whole * length + min(bound % shift, length)
  }
}
